package dev.parley.peer;

import dev.parley.lock.Leases;

/**
 * One rung of the ladder by which an idle peer is told that mail waits. Found by {@link java.util.ServiceLoader}.
 *
 * <p>Correctness never depends on a wake: the message is stored before, and stays whatever comes of it. A waker types,
 * writes or sends only a fixed text of Parley's own, never anything a peer wrote. Safe for use by several threads.
 */
public interface Waker {

    /** The stable name of the rung, as it stands in {@code wake_via}: {@code doorbell}, {@code codex-queue}, {@code tmux}. */
    String rung();

    /**
     * Where in the ladder it stands: lower first. The native rungs are 100 and 200, typing into a terminal is 900.
     */
    int order();

    /**
     * Whether it could ever reach a session of this client, see {@link Peer#client}: asked before anything is done, so it has
     * to be cheap.
     */
    default boolean reaches(String client) {
        return true;
    }

    /**
     * This rung for one post office, whose locks keep two senders from acting on one peer at once. A rung that needs none is
     * itself.
     */
    default Waker over(Leases leases) {
        return this;
    }

    /**
     * Tries to wake one peer, once.
     *
     * @return what is known of it, never more
     * @throws InterruptedException if the thread was interrupted; what was done until then may or may not have reached
     *     the peer
     */
    WakeOutcome wake(WakeRequest request) throws InterruptedException;
}
