package dev.parley.store.lock;

import java.time.Duration;

/** Tells whether a holder that is not known to be dead is late, so that another may take its lock. */
@FunctionalInterface
interface Lateness {

    /**
     * Whether it is.
     *
     * @param owner the name of the ownership, which stands in the lock now
     * @param age of that name, by the time of day
     */
    boolean isLate(String owner, Duration age);

    /** By the time of day: whoever holds a lock for longer than this. Says nothing of an ownership that is renewed. */
    static Lateness byAge(Duration lease) {
        // An age far below zero is a clock that was set back: without the bound, such a lock would be held for ever.
        return (owner, age) ->
                !OwnerToken.isRenewed(owner) && (age.compareTo(lease) > 0 || age.compareTo(lease.negated()) < 0);
    }
}
