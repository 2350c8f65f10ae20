package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.UnrecordedException;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.mailbox.MessageName;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message, and is left on the disk, when its record, its mailbox or its bell cannot be had. */
final class DeliveryTest {

    private static final Path HOME = Path.of("/parley");
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final List<String> events = new ArrayList<>();
    private Post post;

    @BeforeEach
    void openStore() throws IOException, InterruptedException {
        files.disk().makeDirectory(HOME);
        Trace trace = (event, fields) -> events.add(event.toString());
        post = Post.over(Store.over(HOME, files.disk(), clock, trace), new SimulatedProcesses().start(1));
        post.peers().register(post.registration(ANN));
    }

    private Envelope send(Ring ring) throws IOException {
        Envelope letter = Letters.plain(BEN, ANN, "text");
        post.delivery().send(letter, ring);
        return letter;
    }

    @Test
    void aMissingBellIsMadeAndABrokenOneHarmsNothing() throws IOException {
        files.disk().deleteFile(post.store().doorbell(ANN));
        send(Ring.YES);
        assertTrue(files.disk().stat(post.store().doorbell(ANN)).isPresent());
        files.disk().deleteFile(post.store().doorbell(ANN));
        files.disk().makeDirectory(post.store().doorbell(ANN));
        send(Ring.YES);
        assertEquals(2, post.mailbox(ANN).waiting());
    }

    @Test
    void whatCouldNotBeAnsweredByItsIdIsNotSent() throws IOException {
        files.disk().deleteDirectory(post.store().ledger(ANN));
        UnrecordedException refused = assertThrows(UnrecordedException.class, () -> send(Ring.YES));
        assertTrue(String.valueOf(refused.getMessage()).contains("parley check --repair"), refused::toString);
        assertTrue(events.contains("ledger-unwritable"), events::toString);
        assertEquals(0, post.mailbox(ANN).waiting());
        assertEquals(List.of(), files.disk().list(post.store().mailbox(ANN).resolve("tmp")));
    }

    @Test
    void whatIsRefusedIsNotRecorded() throws IOException {
        for (int i = 0; i < Mailbox.CAPACITY; i++) {
            Path file = post.store()
                    .mailbox(ANN)
                    .resolve("new")
                    .resolve(MessageName.redelivering(Letters.plain(BEN, ANN, "x"))
                            .toString());
            files.disk().createFile(file, new byte[0], Disk.Sync.UNFORCED);
        }
        assertThrows(MailboxFullException.class, () -> send(Ring.YES));
        assertEquals(0, post.ledger(ANN).size());
        assertEquals(List.of(), files.disk().list(post.store().mailbox(ANN).resolve("tmp")));
    }

    @Test
    void whatCannotBeMadeVisibleLeavesNothingButARecord() throws IOException {
        Envelope letter = Letters.plain(BEN, ANN, "text");
        assertThrows(IOException.class, () -> {
            try (Mailbox.Posting posting = post.mailbox(ANN).prepare(letter)) {
                files.disk().deleteDirectory(post.store().mailbox(ANN).resolve("new"));
                posting.deliver();
            }
        });
        assertEquals(List.of(), files.disk().list(post.store().mailbox(ANN).resolve("tmp")));
    }
}
