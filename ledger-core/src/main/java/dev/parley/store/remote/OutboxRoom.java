package dev.parley.store.remote;

import dev.parley.remote.Outbox;
import dev.parley.remote.OutboxFullException;
import java.io.IOException;

/**
 * How much room the outbox has, as one process knows it. Counting looks at all pairs, so it is done after {@code 1/32} of the
 * room that the last count left. A lone process thus never exceeds the capacity; {@code n} processes exceed it by
 * {@code n/32} of that room at the most.
 */
final class OutboxRoom {

    private static final int SHARE = 32;

    private int untilCount;

    /** Counts the messages that wait. */
    interface Count {
        int count() throws IOException;
    }

    /**
     * Takes room for one message.
     *
     * @throws OutboxFullException if there is none
     */
    synchronized void take(Count waiting) throws IOException {
        if (untilCount == 0) {
            int count = waiting.count();
            if (count >= Outbox.CAPACITY) {
                throw new OutboxFullException(count);
            }
            untilCount = Math.max(1, (Outbox.CAPACITY - count) / SHARE);
        }
        untilCount--;
    }
}
