package dev.parley.store.lock;

import dev.parley.address.Ids;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All that a lock sees of the world, so that a test can decide all of it.
 *
 * @param store where the locks are, and the time of day
 * @param processes who lives
 * @param nonces makes the part of a token that is never the same twice
 * @param pause how a waiter lets time pass
 * @param elapsed nanoseconds since some moment, by a clock that nobody can set and that runs alike in all processes
 */
record Surroundings(Store store, ProcessTable processes, Supplier<String> nonces, Pause pause, LongSupplier elapsed) {

    /** Where the clock of the waiters is that of the leases as well. */
    Surroundings(Store store, ProcessTable processes, Supplier<String> nonces, Pause pause) {
        this(store, processes, nonces, pause, pause::nanoTime);
    }

    /** This machine, as it is. */
    static Surroundings real(Store store, ProcessTable processes) {
        return new Surroundings(store, processes, Ids::random, Pause.REAL);
    }

    /** The same, whose ownerships are renewed. */
    Surroundings renewing() {
        return new Surroundings(store, processes, () -> nonces.get() + OwnerToken.NOT_YET_RENEWED, pause, elapsed);
    }

    OwnerToken newToken() {
        return new OwnerToken(processes.self(), nonces.get());
    }
}
