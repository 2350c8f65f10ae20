package dev.parley.ledger;

import dev.parley.address.RequestId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The open questions of one session; they go along when it gets another id. Safe for use by several threads and processes. */
public interface PendingAsks {

    /** Stores a question before it is sent. On return it survives a power cut. */
    void open(PendingAsk ask) throws IOException;

    /** The open question of this ticket; empty if it was never asked, is answered, or has run out. */
    Optional<PendingAsk> find(RequestId requestId) throws IOException;

    /** All open questions, oldest first. Changes nothing: one that has run out is left out, and stays for {@link #find}. */
    List<PendingAsk> all() throws IOException;

    /** Forgets a question: it was answered, or never sent. Does nothing if it is forgotten. */
    void close(RequestId requestId) throws IOException;

    /**
     * Notes that this process waits for the answer at this moment, so that nobody else takes it. Ends with
     * {@link Waiting#close}, or with the process.
     */
    Waiting waiting(RequestId requestId) throws IOException;

    /**
     * Tells of a request id whether a living process waits for its answer. Looks once, when it is made; good for one
     * claim. Changes nothing.
     */
    Predicate<RequestId> awaited() throws IOException;

    /** That somebody waits. */
    interface Waiting extends AutoCloseable {
        /** For which answer. */
        RequestId requestId();

        /** Lets others take the answer again. */
        @Override
        void close() throws IOException;
    }
}
