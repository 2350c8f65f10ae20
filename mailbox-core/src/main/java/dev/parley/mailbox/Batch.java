package dev.parley.mailbox;

import java.io.IOException;
import java.util.List;

/**
 * Messages that one taker has claimed and nobody else can. Ends with exactly one of {@link #confirm} and {@link #giveBack};
 * if the taker dies before, the mailbox takes them back by itself.
 *
 * <p>Belongs to one thread at a time.
 */
public interface Batch {

    /**
     * One claimed message.
     *
     * @param bodyBytes how long its body is in UTF-8
     */
    record Claimed(Envelope envelope, boolean redelivered, int bodyBytes) {}

    /** What is known of messages that go back. */
    enum Seen {
        /** They were never written to the client: they go back as they were. */
        NO,
        /** They may have reached the client: they go back marked as redelivered. */
        PERHAPS
    }

    /** The messages, in order. */
    List<Claimed> messages();

    /** How many messages still waited when these were claimed; those that somebody waits for do not count. */
    int remaining();

    /**
     * Notes that the client has been given them. Until {@link #confirm} they go back, marked, if this process dies.
     *
     * @throws IOException if that cannot be noted; nothing changed
     */
    void written() throws IOException;

    /**
     * Notes the proof that the client went on with them.
     *
     * @throws IOException if that cannot be noted; they are then still claimed
     */
    void confirm() throws IOException;

    /**
     * Puts them back, in their old order.
     *
     * @throws IOException if that fails; what is not yet back is still claimed, and calling again goes on
     */
    void giveBack(Seen seen) throws IOException;
}
