package dev.parley.store.lock;

import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process that acquires a name and renews it until it is displaced. */
final class RenewalWorker {

    static final String NAME = "renewed";
    static final Duration LEASE = Duration.ofMillis(300);

    private RenewalWorker() {}

    static RenewableLock lock(Path home) throws IOException {
        Store store = Store.open(home, Durability.PROCESS, Trace.NONE);
        return new Locks(store, LocalProcessTable.INSTANCE).renewable(NAME, LEASE);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (RenewableLease lease = lock(Path.of(arguments[0])).acquire(Duration.ofMinutes(1))) {
            System.out.println("taken");
            while (lease.renew()) {
                Thread.sleep(LEASE.toMillis() / 5);
            }
        }
        System.out.println("displaced");
    }
}
