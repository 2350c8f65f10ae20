package dev.parley.lock;

import java.io.IOException;
import java.time.Duration;

/** Another holder kept the lock for as long as the caller was willing to wait. The caller does not hold it. */
public final class LockTimeoutException extends IOException {

    private final String holder;

    /**
     * Says which lock, who holds it, and since when.
     *
     * @param who the holder, as a person would know it
     */
    public LockTimeoutException(String lock, Duration waited, OwnerLock.Busy busy, String who) {
        super("lock " + lock + " is busy: waited " + waited.toMillis() + " ms; held for "
                + busy.age().toMillis() + " ms by " + who + "; try again");
        this.holder = busy.holder();
    }

    /** The name of the ownership that stood in the way. */
    public String holder() {
        return holder;
    }
}
