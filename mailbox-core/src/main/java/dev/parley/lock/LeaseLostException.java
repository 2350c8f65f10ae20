package dev.parley.lock;

import java.io.IOException;

/** We stalled past our lease and somebody else took the lock. Nothing of ours was written; trying again is safe. */
public final class LeaseLostException extends IOException {

    /** Names the ownership that was lost. */
    public LeaseLostException(OwnerToken token, Throwable cause) {
        super("the lease " + token + " ran out and was taken over; nothing was written, try again", cause);
    }
}
