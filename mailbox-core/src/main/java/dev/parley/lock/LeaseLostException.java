package dev.parley.lock;

import java.io.IOException;

/** A holder stalled past its lease and another process took the lock. Nothing of the holder's was written; trying again is safe. */
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
}
