package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.PendingAsks.IdleSign;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.lock.OwnerToken;
import dev.parley.trace.Why;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What lies in {@code asks/}: an open question in a file of its own, marks of those who wait for an answer, and notes of
 * when it is due, who went idle over it, and what the asker was told.
 */
public final class AskFile {

    /** The longest file, in bytes. */
    public static final int MAX_BYTES = 1024;

    private static final String WAITER = ",w=";
    private static final String DUE = ",due=";
    private static final String IDLE = ",idle=";
    private static final String TOLD = ",told=";
    private static final Pattern NOTE = Pattern.compile("(?:" + DUE + "[0-9]{1,15}|" + IDLE + "[0-9]{1,9}|" + TOLD
            + "[a-z](?:[a-z-]{0,38}[a-z])?(?:-[0-9]{1,9})?)");
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

    /**
     * Of which question a name is a note; empty if it is none. The mark of a waiter is none.
     *
     * @param name of a file
     */
    public static Optional<RequestId> noted(String name) {
        int comma = name.indexOf(',');
        return comma > 0 && NOTE.matcher(name.substring(comma)).matches()
                ? RequestId.parse(name.substring(0, comma))
                : Optional.empty();
    }

    /** The same for the names of one question's notes, as far as they tell that its ticket is good for longer. */
    public static PendingAsk withDue(PendingAsk ask, Collection<String> names) {
        String prefix = ask.requestId() + DUE;
        return names.stream()
                .filter(name -> name.startsWith(prefix)
                        && NOTE.matcher(name.substring(prefix.length() - DUE.length()))
                                .matches())
                .map(name -> Instant.ofEpochMilli(Long.parseLong(name.substring(prefix.length()))))
                .max(Comparator.naturalOrder())
                .map(due -> new PendingAsk(ask.requestId(), ask.messageId(), ask.to(), ask.askedAt(), Optional.of(due)))
                .orElse(ask);
    }

    /** Whether the asker was told that the ticket has run out. */
    public static boolean isToldOfItsEnd(RequestId requestId, Collection<String> names) {
        return names.contains(told(requestId, Edge.of(Edge.Kind.RAN_OUT)));
    }

    /** Whether a name may be the note of when a question is due. */
    static boolean isDue(String name) {
        return name.contains(DUE);
    }

    /** The note of when a question is due. */
    static String due(RequestId requestId, Instant due) {
        return requestId + DUE + due.toEpochMilli();
    }

    /** The note that the asker was told of an edge. */
    static String told(RequestId requestId, Edge edge) {
        return requestId + TOLD + edge.word();
    }

    /** The note that who was asked went idle. */
    static String idle(IdleSign sign) {
        return sign.requestId() + IDLE + sign.revision();
    }

    /** The sign that a name is; empty if it is none. */
    static Optional<IdleSign> idleSign(String name) {
        int at = name.indexOf(IDLE);
        return at < 0 || noted(name).isEmpty()
                ? Optional.empty()
                : noted(name)
                        .map(request -> new IdleSign(request, Integer.parseInt(name.substring(at + IDLE.length()))));
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
            throw new CorruptFileException(file, 0, "it is no open question: " + Why.of(e));
        }
    }
}
