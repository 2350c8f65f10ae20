package dev.parley.lock;

import java.io.IOException;
import java.time.Duration;

/**
 * An ownership of a {@link RenewableLock}, until it is released or the holder is displaced.
 *
 * <p>Once displaced, it is lost for good. Safe for use by several threads, such as one that renews and one that acts.
 */
public interface RenewableLease extends AutoCloseable {

    /** Tells this ownership from every other; stays the same when it is renewed. */
    String ownership();

    /** For how long it is held yet if it is not renewed, by this process's own clock; zero if it has run out or was lost. */
    Duration remaining();

    /**
     * Renews it, so that the whole lease begins anew. One that has run out is renewed as well, if nobody has taken the name
     * over: then nobody else had it meanwhile.
     *
     * @return whether it is still held; if not, it never will be again
     * @throws IOException if the office cannot be used; what remains is what remained before
     */
    boolean renew() throws IOException;

    /**
     * Makes sure, right before an act, that nobody else holds the name until the act is over, provided that it takes no longer
     * than was said. No check can answer for a process that is stopped between the check and the act for longer than
     * {@link #remaining}: what must not happen then goes through {@link #commit}.
     *
     * @param act how long the act takes at the most
     * @throws LeaseLostException if the holder has been displaced, or less than that remains; it must not act
     * @throws IOException if the office cannot be used; it must not act either
     */
    void ensureHeld(Duration act) throws IOException;

    /**
     * Changes a value in the name of this ownership. Of all that commit to a value in this way, none commits after one who
     * acquired the name later, however long it was stopped.
     *
     * @param wait how long to wait for the value's own lock
     * @return the content after the change
     * @throws LeaseLostException if the holder has been displaced, or the lease has run out; the content is unchanged
     * @throws IOException as {@link GuardedValue#update} says
     * @throws InterruptedException if interrupted while waiting; nothing changed
     */
    default byte[] commit(GuardedValue value, Duration wait, GuardedValue.Change change)
            throws IOException, InterruptedException {
        return value.update(wait, present -> {
            byte[] next = change.apply(present);
            // Under the value's lock: whoever took the name over commits after this, or has done so before and is seen
            // here.
            ensureHeld(Duration.ZERO);
            return next;
        });
    }

    /**
     * Gives it back, if it is still held. Never removes another's ownership.
     *
     * @throws IOException if the office cannot be used; the name is then free once this process ends or the lease has run out
     */
    @Override
    void close() throws IOException;
}
