package dev.parley.store.remote;

import dev.parley.lock.Leases;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import java.io.IOException;
import java.time.Duration;

/**
 * The two locks of a pair of the outbox, so that whoever puts a message never waits for a receipt that is written down. Whoever
 * needs both takes that of the numbers first.
 */
final class PairLocks {

    private final Locks locks;

    PairLocks(Locks locks) {
        this.locks = locks;
    }

    /** Under it messages get their numbers, and the head is made where there is none. */
    FileLease numbers(String key, Duration wait) throws IOException, InterruptedException {
        return locks.named(FileOutbox.DIRECTORY + "-" + key).acquire(wait);
    }

    /** Under it the head that is there is replaced. */
    FileLease head(String key) throws IOException, InterruptedException {
        return locks.named("settle-" + key).acquire(Leases.WAIT);
    }
}
