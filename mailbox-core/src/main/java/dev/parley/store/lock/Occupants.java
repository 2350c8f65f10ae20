package dev.parley.store.lock;

import dev.parley.lock.OwnerLock.Busy;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names in one lock directory, and the verdict on each. */
final class Occupants {

    private final Surroundings around;
    private final Disk disk;
    private final Path lock;
    private final Lateness lateness;

    Occupants(Surroundings around, Path lock, Lateness lateness) {
        this.around = around;
        this.disk = around.store().disk();
        this.lock = lock;
        this.lateness = lateness;
    }

    /**
     * Who is in the way, after unlinking every name whose owner is dead or too late.
     *
     * @throws FileSystemException if something stands there that is no lock; it is left as it is
     */
    Optional<Busy> displaceIfDead() throws IOException {
        for (String owner : names()) {
            Path file = lock.resolve(owner);
            Optional<Disk.Stat> stat = disk.stat(file);
            if (stat.isEmpty()) {
                continue;
            }
            if (stat.get().kind() == Disk.Kind.DIRECTORY) {
                throw new FileSystemException(
                        file.toString(),
                        null,
                        "a lock holds only the name of its owner, not a directory; move it away");
            }
            Duration age = Duration.ofMillis(
                    around.store().clock().millis() - stat.get().modifiedMillis());
            if (!mayBeDisplaced(owner, age)) {
                return Optional.of(new Busy(owner, age));
            }
            // Unlinking this unique name is the compare-and-swap: if the lock changed hands meanwhile, it is not there.
            try {
                disk.deleteFile(file);
                trace(Event.LOCK_TAKEN_OVER, owner, age);
            } catch (NoSuchFileException e) {
                trace(Event.LOCK_CHANGED_HANDS, owner, age);
            }
        }
        return Optional.empty();
    }

    private List<String> names() throws IOException {
        try {
            return disk.list(lock);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (NotDirectoryException e) {
            throw new FileSystemException(
                    lock.toString(), null, "a lock is a directory, and this is something else; move it away");
        }
    }

    private boolean mayBeDisplaced(String owner, Duration age) {
        return lateness.isLate(owner, age) || OwnerToken.vitality(around.processes(), owner) == Vitality.DEAD;
    }

    private void trace(Event event, String owner, Duration age) {
        around.store().trace().event(event, Map.of("lock", lock.toString(), "from", owner, "age_ms", age.toMillis()));
    }
}
