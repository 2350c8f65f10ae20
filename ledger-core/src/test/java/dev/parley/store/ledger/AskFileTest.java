package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.ledger.AskFile.Mark;
import dev.parley.store.lock.OwnerToken;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of an open question: read as it was written, and refused if an id in it is none. */
final class AskFileTest {

    private static final String REQUEST = "q-0000000000000001";
    private static final String MESSAGE = "m-0000000000000002";
    private static final Path FILE = Path.of("asks", REQUEST);

    private static PendingAsk decode(String line) throws CorruptFileException {
        return AskFile.decode(FILE, Checksummed.encode(line + "\n"));
    }

    @Test
    void aQuestionIsReadAsItWasWritten() throws CorruptFileException {
        PendingAsk ask = new PendingAsk(
                new RequestId(REQUEST), new MessageId(MESSAGE), new SessionId("ben"), Instant.ofEpochMilli(5));
        assertEquals(ask, AskFile.decode(FILE, AskFile.encode(ask)));
        assertEquals(ask, decode(REQUEST + " " + MESSAGE + " ben 5"));
    }

    @ParameterizedTest
    @CsvSource({
        "m-0000000000000001 m-0000000000000002 ben 5, not a request id",
        "1 m-0000000000000002 ben 5, not a request id",
        "q-0000000000000001 q-0000000000000002 ben 5, not a message id",
        "q-0000000000000001 m-000000000000000/ ben 5, not a message id",
        "q-0000000000000001 m-0000000000000002 ../ben 5, not a session id",
        "q-0000000000000002 m-0000000000000002 ben 5, it is q-0000000000000002",
        "q-0000000000000001 m-0000000000000002 ben, not four fields"
    })
    void whatHoldsNoIdOrAnothersIsNoQuestion(String line, String reason) {
        CorruptFileException e = assertThrows(CorruptFileException.class, () -> decode(line));
        assertTrue(String.valueOf(e.getMessage()).contains("it is no open question: " + reason), e::getMessage);
    }

    @Test
    void aMarkIsReadAsItWasWritten() {
        Mark mark = new Mark(new RequestId(REQUEST), OwnerToken.of(new ProcessIdentity(7, 8, "scope")));
        assertTrue(mark.name().startsWith(REQUEST + ",w=7.8."), mark::name);
        assertEquals(Optional.of(mark), Mark.parse(mark.name()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",w=1.1.x.y", "m-0000000000000001,w=1.1.x.y", "q-1,w=1.1.x.y", REQUEST, REQUEST + ",w="})
    void whatNamesNoRequestOrNoWaiterIsNoMark(String name) {
        assertEquals(Optional.empty(), Mark.parse(name));
    }
}
