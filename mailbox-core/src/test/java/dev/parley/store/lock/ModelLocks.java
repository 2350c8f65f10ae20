package dev.parley.store.lock;

import dev.parley.address.Ids;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.testing.SteppedClock;
import java.time.Duration;
import java.util.function.IntConsumer;

/** Locks of a process of a search, where no time passes but what its waits take. */
public final class ModelLocks {

    /** So few waits make up any patience, since each is a state of the search. */
    private static final int MOST_WAITS = 2;

    private ModelLocks() {}

    /**
     * Locks on which a process waits a few times at the most.
     *
     * @param waiting is told before each wait how many there were
     */
    public static Locks of(Store store, ProcessTable processes, IntConsumer waiting) {
        return new Locks(new Surroundings(store, processes, Ids::random, new Pause() {
            private int waits;

            @Override
            public long nanoTime() {
                return waits * Duration.ofMinutes(1).toNanos() / MOST_WAITS;
            }

            @Override
            public void upTo(int millis) {
                waiting.accept(waits++);
            }
        }));
    }

    /** Locks whose waits pass at once, as time on this clock. */
    public static Locks on(SteppedClock clock, Store store, ProcessTable processes) {
        return new Locks(new Surroundings(store, processes, Ids::random, new Pause() {
            @Override
            public long nanoTime() {
                return clock.elapsedNanos();
            }

            @Override
            public void upTo(int millis) {
                clock.advance(Duration.ofMillis(millis));
            }
        }));
    }
}
