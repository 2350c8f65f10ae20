package dev.parley.store.mailbox;

import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import java.util.concurrent.atomic.AtomicLong;

/** Mailboxes of a process of a search that remember also what is little, from the first look on. */
public final class RememberingMailboxes {

    private RememberingMailboxes() {}

    /** Each time that it gives a directory is another, and the same in each run of the search. */
    public static Mailboxes of(Store store, ProcessTable processes) {
        AtomicLong times = new AtomicLong(processes.self().pid() * 1_000);
        return new Mailboxes(store, processes, () -> new Waiting(0, times::incrementAndGet));
    }
}
