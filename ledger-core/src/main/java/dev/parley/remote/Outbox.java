package dev.parley.remote;

import dev.parley.address.HostName;
import dev.parley.mailbox.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The messages of this machine's sessions to sessions elsewhere, each kept until the receiver's machine has said that it has
 * stored it. Safe for use by several threads and processes.
 */
public interface Outbox {

    /** How many messages may wait. */
    int CAPACITY = 10_000;

    /** What a receipt told. */
    enum Settled {
        /** Some messages were stored elsewhere, and no longer wait here. */
        PROGRESS,
        /** Nothing new. */
        KNOWN,
        /**
         * The other machine knows other messages under these numbers: one of the two has lost records, as when an older copy of
         * a store was put back. What waits has been numbered anew, in a new epoch, and nothing was forgotten.
         */
        ASTRAY
    }

    /**
     * Stores a message for a session on another machine. On return it survives a power cut, and has a number. One that was put
     * before is not put again.
     *
     * @throws OutboxFullException if too many wait; it was not stored
     * @throws IOException if it could not be stored, or not be made to survive a power cut; its id is spent, since in the
     *     second case it may be on its way
     */
    void put(HostName host, Envelope envelope) throws IOException, InterruptedException;

    /** The pairs of which messages may wait, in no order. */
    List<Pair> pairs() throws IOException;

    /**
     * The oldest messages of a pair that wait, in their order. One that another of them takes back is told as that.
     *
     * @param limit how many at the most
     * @throws IOException if one cannot be read: those behind it must not overtake it
     */
    List<Parcel> waiting(Pair pair, int limit) throws IOException;

    /** Lets go of what the receiver's machine has stored. On return that survives a power cut. */
    Settled settle(Receipt receipt) throws IOException, InterruptedException;

    /**
     * Begins to watch for messages that are put. Closing it frees what it holds.
     *
     * @throws IOException if that cannot be done
     */
    Puts puts() throws IOException;

    /** Tells of messages that are put. Belongs to one thread. */
    interface Puts extends AutoCloseable {

        /**
         * Waits until something is put.
         *
         * @param limit how long at the most
         * @return of which pairs messages were put since the last call; where the office fails it may miss one, so that whoever
         *     uses it looks at {@link Outbox#pairs} now and then as well
         */
        Set<Pair> await(Duration limit) throws IOException, InterruptedException;

        @Override
        void close();
    }

    /** How many messages wait. */
    int size() throws IOException;
}
