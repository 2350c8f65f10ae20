package dev.parley.store.lock;

import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes from {@code locks/} what the dead have left: candidates, ownerships nobody wants any more, empty locks.
 *
 * <p>It may be wrong about who is dead, and may stall between any two steps: it only unlinks unique names and only removes
 * empty directories, so the worst it does is what a displaced holder has to survive anyway.
 */
final class Sweep {

    /** After this long a name of a process that cannot be judged (another boot, another container) is litter. */
    private static final Duration UNKNOWN_LIFE = Duration.ofHours(1);

    private final Store store;
    private final ProcessTable processes;

    Sweep(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
    }

    /** How many directories were removed. */
    int run() throws IOException {
        int removed = 0;
        for (String entry : store.disk().list(store.locks())) {
            try {
                if (entry.startsWith(Locks.CANDIDATE_PREFIX) ? sweptCandidate(entry) : sweptLock(entry)) {
                    store.trace().event(Event.LOCK_SWEPT, Map.of("name", entry));
                    removed++;
                }
            } catch (IOException e) {
                // One foreign entry, or one that somebody is using, must not keep the others.
                store.trace().event(Event.LOCK_SWEEP_FAILED, Map.of("name", entry, "reason", e.toString()));
            }
        }
        return removed;
    }

    /** The names that {@link #run} would try to remove. */
    List<String> find() throws IOException {
        List<String> found = new ArrayList<>();
        for (String entry : store.disk().list(store.locks())) {
            try {
                Path directory = store.locks().resolve(entry);
                if (entry.startsWith(Locks.CANDIDATE_PREFIX)
                        ? isLitter(directory, tokenOf(entry))
                        : ownersAreLitter(directory)) {
                    found.add(entry);
                }
            } catch (IOException e) {
                store.trace().event(Event.LOCK_SWEEP_FAILED, Map.of("name", entry, "reason", e.toString()));
            }
        }
        return found;
    }

    private boolean ownersAreLitter(Path lock) throws IOException {
        for (String owner : store.disk().list(lock)) {
            if (!isLitter(lock.resolve(owner), owner)) {
                return false;
            }
        }
        return true;
    }

    /** A candidate is judged by the token in its name: its maker may not have come to the file yet. */
    private boolean sweptCandidate(String entry) throws IOException {
        Path directory = store.locks().resolve(entry);
        String token = tokenOf(entry);
        if (!isLitter(directory, token)) {
            return false;
        }
        remove(store.disk(), directory, token);
        return true;
    }

    private boolean sweptLock(String entry) throws IOException {
        Path directory = store.locks().resolve(entry);
        List<String> owners = store.disk().list(directory);
        for (String owner : owners) {
            Path file = directory.resolve(owner);
            if (!isLitter(file, owner)) {
                return false;
            }
            deleteIfPresent(store.disk(), file);
        }
        store.disk().deleteDirectory(directory);
        return true;
    }

    private boolean isLitter(Path path, String token) throws IOException {
        Optional<Disk.Stat> stat = store.disk().stat(path);
        if (stat.isEmpty()) {
            return false;
        }
        Vitality vitality = OwnerToken.vitality(processes, token);
        if (vitality == Vitality.UNKNOWN) {
            // Renewing changes the name, which changes the inode and not the content.
            long now = store.clock().millis();
            return isOld(now - stat.get().modifiedMillis())
                    && isOld(now - stat.get().changedMillis());
        }
        return vitality == Vitality.DEAD;
    }

    private static boolean isOld(long ageMillis) {
        return Math.abs(ageMillis) > UNKNOWN_LIFE.toMillis();
    }

    /** The last four parts of a candidate's name: the name of the lock may hold dots itself. */
    private static String tokenOf(String candidate) {
        int from = candidate.length();
        for (int part = 0; part < 4 && from >= 0; part++) {
            from = candidate.lastIndexOf('.', from - 1);
        }
        return candidate.substring(from + 1);
    }

    /** Removes a candidate, whichever part of it there is. */
    static void remove(Disk disk, Path directory, String token) throws IOException {
        deleteIfPresent(disk, directory.resolve(token));
        try {
            disk.deleteDirectory(directory);
        } catch (NoSuchFileException e) {
            // Another sweep was faster.
        }
    }

    private static void deleteIfPresent(Disk disk, Path file) throws IOException {
        try {
            disk.deleteFile(file);
        } catch (NoSuchFileException e) {
            // Its maker died before making it, or somebody else removed it.
        }
    }
}
