package dev.parley.store.remote;

import dev.parley.address.Ids;
import dev.parley.lock.Leases;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is put right, or removed, of pairs of sessions, under their locks. Safe while they are in use. */
public final class PairUpkeep {

    private final Disk disk;
    private final Locks locks;
    private final PairLocks outbox;

    /** That of a store. */
    public PairUpkeep(Store store, Locks locks) {
        this.disk = store.disk();
        this.locks = locks;
        this.outbox = new PairLocks(locks);
    }

    /**
     * Lets the messages go on that wait behind one that cannot be read, in a new epoch. On return that survives a power cut.
     * The file itself stays where it is.
     *
     * @param directory of the pair
     * @throws IOException if others wait before it, or it does not wait any more; nothing changed
     */
    public void passOver(Path directory, OutboxName damaged) throws IOException, InterruptedException {
        Path file = directory.resolve(FileOutbox.HEAD);
        try (FileLease lease = outbox.head(key(directory))) {
            OutboxHead head = OutboxHead.decode(file, disk.readFile(file, OutboxHead.MAX_BYTES));
            if (damaged.number() != head.settled() + 1) {
                throw new IOException(directory.resolve(damaged.toString()) + " is not the first that waits");
            }
            OutboxHead next = new OutboxHead(
                    head.pair(), Ids.random(), damaged.number(), damaged.number(), Optional.of(damaged.message()));
            lease.commit(file, next.encode());
        }
    }

    /**
     * Gives a message its number back, of which its name does not tell.
     *
     * @throws IOException if another message has that number, or it is settled; nothing changed
     */
    public void renumber(Path directory, Path file, OutboxName name) throws IOException, InterruptedException {
        try (FileLease numbers = outbox.numbers(key(directory), Leases.WAIT);
                FileLease settling = outbox.head(key(directory))) {
            Path path = directory.resolve(FileOutbox.HEAD);
            OutboxHead head = OutboxHead.decode(path, disk.readFile(path, OutboxHead.MAX_BYTES));
            boolean isTaken = disk.list(directory).stream()
                    .flatMap(each -> OutboxName.parse(each).stream())
                    .anyMatch(each -> each.number() == name.number());
            if (isTaken || name.number() <= head.settled()) {
                throw new IOException(directory + " has another message of number " + name.number());
            }
            numbers.ensureHeld();
            settling.ensureHeld();
            disk.rename(file, directory.resolve(name.toString()));
            disk.forceDirectory(directory);
        }
    }

    /**
     * Removes a pair of the outbox of which nothing waits. If a session of that id writes again it begins a new epoch.
     *
     * @throws IOException if something waits; nothing changed
     */
    public void forget(Path directory) throws IOException, InterruptedException {
        try (FileLease numbers = outbox.numbers(key(directory), Leases.WAIT);
                FileLease settling = outbox.head(key(directory))) {
            List<String> names = disk.list(directory);
            if (!List.of(FileOutbox.HEAD).containsAll(names)) {
                throw new IOException(directory + " is in use");
            }
            numbers.ensureHeld();
            settling.ensureHeld();
            for (String name : names) {
                disk.deleteFile(directory.resolve(name));
            }
            disk.deleteDirectory(directory);
        }
    }

    /**
     * Removes a stage that was begun and that the file {@value FileIntake#STATE} does not name.
     *
     * @param directory of the pair and epoch
     * @throws IOException if that names it, or cannot be read; nothing changed
     */
    public void removeStage(Path directory, String stage) throws IOException, InterruptedException {
        Path file = directory.resolve(FileIntake.STATE);
        try (FileLease lease = locks.named(FileIntake.DIRECTORY + "-" + directory.getFileName())
                .acquire(Leases.WAIT)) {
            if (stages(file).contains(stage)) {
                throw new IOException(directory.resolve(stage) + " is to be delivered");
            }
            // A successor that commits it has written it itself: it is of another name.
            lease.ensureHeld();
            disk.deleteFile(directory.resolve(stage));
        }
    }

    private static String key(Path directory) {
        return String.valueOf(directory.getFileName());
    }

    private List<String> stages(Path file) throws IOException {
        try {
            return IntakeState.decode(file, disk.readFile(file, IntakeState.MAX_BYTES))
                    .stages();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
