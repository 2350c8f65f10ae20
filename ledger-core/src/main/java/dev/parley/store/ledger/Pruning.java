package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.lock.Lease;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a ledger bounded, at a cost that is spread over many records: it removes every record
 * beyond the limit, and looks again when the ledger has grown by an eighth of what was left. A look takes time by the number of
 * records, many of which may be spared.
 */
final class Pruning {

    private static final int SHARE = 8;

    /** So many records are looked through within a call. */
    private static final int QUICK = 1_500;

    /**
     * Unanswered questions are spared, but not without end: beyond so many times the retention they go too. Mail that is not
     * proven shown is spared always: there is at the most a mailbox full of it.
     */
    private static final int HARD_FACTOR = 4;

    private final Store store;
    private final Disk disk;
    private final OwnerLock lock;
    private final Mailbox mailbox;
    private final Retention retention;
    /** The first look comes soon, since this process does not know what its predecessors left. */
    private final AtomicInteger recordsUntilLook = new AtomicInteger(1);

    private final Executor later;
    private final AtomicBoolean isRunning = new AtomicBoolean();

    Pruning(Store store, OwnerLock lock, Mailbox mailbox, Retention retention, Executor later) {
        this.store = store;
        this.disk = store.disk();
        this.lock = lock;
        this.mailbox = mailbox;
        this.retention = retention;
        this.later = later;
    }

    /**
     * Prunes a ledger that has just got a record, if it is time: within the call, if it is about as long as it should be. For a
     * longer one, no call pays more than the listing of its names.
     */
    void afterRecord(SessionId session) throws IOException {
        if (recordsUntilLook.decrementAndGet() > 0) {
            return;
        }
        lookAgainAfter(retention.newest());
        List<String> names = disk.list(store.ledger(session));
        int records = records(names);
        if (records <= retention.newest()) {
            return;
        }
        if (records <= QUICK) {
            run(session, names);
        } else if (isRunning.compareAndSet(false, true)) {
            lookAgainAfter(records);
            later.execute(() -> runTraced(session));
        }
    }

    private void runTraced(SessionId session) {
        try {
            now(session);
        } catch (IOException e) {
            failed(session, e);
        } finally {
            isRunning.set(false);
        }
    }

    /** Prunes a ledger that is too long, whatever it takes. */
    void now(SessionId session) throws IOException {
        List<String> names = disk.list(store.ledger(session));
        if (records(names) > retention.newest()) {
            run(session, names);
        }
    }

    /** Tells of a prune that failed: it is somebody else's to repeat. */
    void failed(SessionId session, IOException e) {
        Map<String, Object> what = Map.of("ledger", store.ledger(session).toString(), "reason", e.toString());
        store.trace().event(Event.PRUNE_FAILED, what);
    }

    private static int records(List<String> names) {
        return (int) names.stream().filter(MessageId::isValid).count();
    }

    /** One process at a time; whoever finds it busy leaves it to that one. */
    private void run(SessionId session, List<String> names) throws IOException {
        int records = records(names);
        if (lock.tryAcquire() instanceof Taken taken) {
            try (Lease lease = taken.lease()) {
                lease.ensureHeld();
                records -= prune(session, store.ledger(session), names);
            }
        }
        lookAgainAfter(records);
    }

    private void lookAgainAfter(int left) {
        recordsUntilLook.set(Math.max(1, Math.max(left, retention.newest()) / SHARE));
    }

    private record Aged(String id, long millis) {}

    /** How many it has removed. */
    private int prune(SessionId session, Path directory, List<String> names) throws IOException {
        Set<String> marks = new HashSet<>(names);
        // After the names: whatever is recorded there was prepared before, so it is among these until it is shown.
        Set<MessageId> unproven = mailbox.unproven();
        List<Aged> oldest = new ArrayList<>();
        for (String name : names) {
            if (MessageId.isValid(name)) {
                disk.stat(directory.resolve(name))
                        .filter(stat -> stat.kind() == Disk.Kind.FILE)
                        .ifPresent(stat -> oldest.add(new Aged(name, stat.modifiedMillis())));
            }
        }
        oldest.sort(Comparator.comparingLong(Aged::millis));
        int tooMany = Math.max(0, oldest.size() - retention.newest());
        int removed = 0;
        int spared = 0;
        for (Aged record : oldest.subList(0, tooMany)) {
            boolean mustGo = oldest.size() - removed > (long) HARD_FACTOR * retention.newest();
            if (unproven.contains(new MessageId(record.id()))
                    || (!mustGo && isOwed(directory.resolve(record.id()), marks))) {
                spared++;
                continue;
            }
            remove(directory.resolve(record.id()));
            removed++;
        }
        for (String name : names) {
            removeOrphanedMark(session, directory, name);
        }
        store.trace()
                .event(
                        Event.LEDGER_PRUNED,
                        Map.of("ledger", directory.toString(), "removed", removed, "spared", spared));
        return removed;
    }

    /** Whether somebody still waits for an answer to it. */
    private boolean isOwed(Path file, Set<String> marks) throws IOException {
        if (marks.contains(file.getFileName() + LedgerMark.ANSWERED)
                || marks.contains(file.getFileName() + LedgerMark.DONE)) {
            return false;
        }
        try {
            Envelope envelope = EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES));
            return envelope.requestId().isPresent()
                    && envelope.due()
                            .orElse(envelope.sentAt())
                            .plus(retention.owed())
                            .isAfter(store.clock().instant());
        } catch (NoSuchFileException | CorruptFileException e) {
            // Corrupt: it can answer nobody, and 'parley check' has had its time to find it.
            return false;
        }
    }

    private void remove(Path file) throws IOException {
        try {
            disk.deleteFile(file);
        } catch (NoSuchFileException e) {
            // It moved to another id with its session.
        }
    }

    /** In this order: a mover writes {@code moved_to} before it moves a record, and the record goes before its marks. */
    private void removeOrphanedMark(SessionId session, Path directory, String name) throws IOException {
        int comma = name.indexOf(',');
        if (comma > 0
                && disk.stat(directory.resolve(name.substring(0, comma))).isEmpty()
                && disk.isAbsent(store.movedTo(session))) {
            remove(directory.resolve(name));
        }
    }
}
