package dev.parley.store.upkeep;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.store.Disk;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.remote.FileIntake;
import dev.parley.store.remote.FileOutbox;
import dev.parley.store.remote.IntakeState;
import dev.parley.store.remote.OutboxHead;
import dev.parley.store.remote.OutboxName;
import dev.parley.store.remote.PairUpkeep;
import dev.parley.store.remote.RemoteNote;
import dev.parley.store.upkeep.Scan.Entry;
import dev.parley.trace.DamagedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Sweeps what is kept of mail to other machines and from them. Mail that waits, and the numbers of what has come, stay. */
final class RemoteSweep {

    /** Removes one thing, or tells that it would. */
    interface Removing {
        void remove(Path file, String why, StoreSweep.Step step) throws InterruptedException;
    }

    private static final String BEGUN = "was begun and never finished";

    private final Scan scan;
    private final Store store;
    private final Disk disk;
    private final PairUpkeep pairs;
    private final Predicate<Disk.Stat> isLongUnused;
    private final Removing removing;
    private final Set<MessageId> inOutbox = new HashSet<>();

    /**
     * That of a store.
     *
     * @param isLongUnused whether what was changed then is as old as an ended session that is removed
     */
    RemoteSweep(Scan scan, Store store, Predicate<Disk.Stat> isLongUnused, Removing removing) {
        this.scan = scan;
        this.store = store;
        this.disk = store.disk();
        this.pairs = new PairUpkeep(store, new Locks(store, scan.processes()));
        this.isLongUnused = isLongUnused;
        this.removing = removing;
    }

    void run() throws IOException, InterruptedException {
        for (Entry entry : scan.entries(store.home().resolve(FileOutbox.DIRECTORY))) {
            if (FileOutbox.isKey(entry.name()) && entry.stat().kind() == Kind.DIRECTORY) {
                pair(entry);
            } else {
                begun(entry);
            }
        }
        for (Entry entry : scan.entries(store.home().resolve(FileIntake.DIRECTORY))) {
            if (FileIntake.isName(entry.name()) && entry.stat().kind() == Kind.DIRECTORY) {
                stages(entry.path());
            }
        }
        for (String directory : RemoteNote.DIRECTORIES) {
            notes(store.home().resolve(directory));
        }
    }

    private void begun(Entry entry) throws InterruptedException {
        if (RemoteNote.isBegun(entry.name())
                && entry.stat().kind() == Kind.FILE
                && StoreSweep.isOld(store, entry.stat())) {
            removing.remove(entry.path(), BEGUN, () -> disk.deleteFile(entry.path()));
        }
    }

    private void pair(Entry pair) throws IOException, InterruptedException {
        List<String> names = scan.names(pair.path());
        names.forEach(name -> OutboxName.parse(name).ifPresent(message -> inOutbox.add(message.message())));
        if (List.of(FileOutbox.HEAD).equals(names) && isOfNobody(pair.path().resolve(FileOutbox.HEAD))) {
            removing.remove(pair.path(), "a pair of a session that is not here", () -> pairs.forget(pair.path()));
        }
    }

    /** Whether the sender is no session of this store any more, and was none for long. */
    private boolean isOfNobody(Path head) throws IOException {
        Optional<Disk.Stat> stat = disk.stat(head);
        if (stat.isEmpty() || !isLongUnused.test(stat.get())) {
            return false;
        }
        try {
            String from = OutboxHead.decode(head, disk.readFile(head, OutboxHead.MAX_BYTES))
                    .pair()
                    .from();
            return SessionId.isValid(from) && scan.isAbsent(store.session(new SessionId(from)));
        } catch (NoSuchFileException | DamagedException e) {
            // 'parley check' reports what is damaged.
            return false;
        }
    }

    private void stages(Path directory) throws IOException, InterruptedException {
        List<Entry> stages = new ArrayList<>();
        for (String name : scan.names(directory)) {
            Path path = directory.resolve(name);
            if (IntakeState.isStage(name)) {
                disk.stat(path).ifPresent(stat -> stages.add(new Entry(path, name, stat)));
            }
        }
        for (Entry stage : stages) {
            if (StoreSweep.isOld(store, stage.stat()) && isUnnamed(directory, stage.name())) {
                removing.remove(stage.path(), BEGUN, () -> pairs.removeStage(directory, stage.name()));
            }
        }
    }

    private boolean isUnnamed(Path directory, String stage) throws IOException {
        Path file = directory.resolve(FileIntake.STATE);
        try {
            return !IntakeState.decode(file, disk.readFile(file, IntakeState.MAX_BYTES))
                    .stages()
                    .contains(stage);
        } catch (NoSuchFileException e) {
            return true;
        } catch (DamagedException e) {
            // It may name it.
            return false;
        }
    }

    private void notes(Path directory) throws IOException, InterruptedException {
        Set<MessageId> sent = new HashSet<>();
        List<Path> told = new ArrayList<>();
        for (String name : scan.names(directory)) {
            Path path = directory.resolve(name);
            RemoteNote.sentAs(name).ifPresent(sent::add);
            if (RemoteNote.progressOf(name).isPresent()) {
                told.add(path);
            } else if (RemoteNote.isBegun(name)) {
                Optional<Disk.Stat> stat = disk.stat(path);
                if (stat.isPresent()) {
                    begun(new Entry(path, name, stat.get()));
                }
            }
        }
        for (Path path : told) {
            MessageId message =
                    RemoteNote.progressOf(String.valueOf(path.getFileName())).orElseThrow();
            if (!sent.contains(message)
                    && !inOutbox.contains(message)
                    && disk.stat(path)
                            .filter(stat -> StoreSweep.isOld(store, stat))
                            .isPresent()) {
                removing.remove(path, "tells of a message that is no longer kept", () -> disk.deleteFile(path));
            }
        }
    }
}
