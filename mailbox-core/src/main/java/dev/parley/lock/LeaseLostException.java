package dev.parley.lock;

import java.io.IOException;
import java.time.Duration;

/**
 * A holder stalled past its lease, and another process took the lock or may do so at any moment. Nothing of the holder's was
 * written; trying again is safe.
 */
public final class LeaseLostException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the ownership that was lost.
     *
     * @param holder its name
     */
    public LeaseLostException(String holder, Throwable cause) {
        super("the lease " + holder + " ran out and was taken over; nothing was written, try again", cause);
    }

    /**
     * Says that too little of a lease remains.
     *
     * @param ownership its name
     * @param remaining what remains
     * @param needed what the holder needs
     */
    public LeaseLostException(String ownership, Duration remaining, Duration needed) {
        super("the lease " + ownership + " was not renewed in time: " + remaining.toMillis() + " ms of it remain, and "
                + needed.toMillis() + " ms are needed; nothing was done, renew it and try again");
    }
}
