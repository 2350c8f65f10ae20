package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.lock.OwnerToken;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What lies in {@code asks/}: an open question in a file of its own, and marks of those who wait for an answer. */
public final class AskFile {

    /** The longest file, in bytes. */
    public static final int MAX_BYTES = 1024;

    private static final String WAITER = ",w=";
    private static final int PARTS = 4;

    private AskFile() {}

    /**
     * The mark that a process waits for an answer.
     *
     * @param requestId for the answer to which question
     * @param waiter who waits
     */
    public record Mark(RequestId requestId, OwnerToken waiter) {

        /** The mark that has this file name; empty if it is none. */
        public static Optional<Mark> parse(String name) {
            int at = name.indexOf(WAITER);
            return at < 0
                    ? Optional.empty()
                    : RequestId.parse(name.substring(0, at))
                            .flatMap(requestId -> OwnerToken.parse(name.substring(at + WAITER.length()))
                                    .map(waiter -> new Mark(requestId, waiter)));
        }

        /** Its file name. */
        String name() {
            return requestId + WAITER + waiter;
        }
    }

    static byte[] encode(PendingAsk ask) {
        return Checksummed.encode(String.join(
                        " ",
                        ask.requestId().value(),
                        ask.messageId().value(),
                        ask.to().value(),
                        Long.toString(ask.askedAt().toEpochMilli()))
                + "\n");
    }

    /**
     * Reads an open question.
     *
     * @throws CorruptFileException if it is none, or another one than the file's name says
     */
    public static PendingAsk decode(Path file, byte[] content) throws CorruptFileException {
        String[] parts = Checksummed.decode(file, content).strip().split(" ", -1);
        try {
            if (parts.length != PARTS) {
                throw new IllegalArgumentException("not four fields");
            }
            RequestId requestId = new RequestId(parts[0]);
            if (!file.endsWith(requestId.value())) {
                throw new IllegalArgumentException("it is " + requestId);
            }
            return new PendingAsk(
                    requestId,
                    new MessageId(parts[1]),
                    new SessionId(parts[2]),
                    Instant.ofEpochMilli(Long.parseLong(parts[3])));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, "it is no open question: " + e.getMessage());
        }
    }
}
