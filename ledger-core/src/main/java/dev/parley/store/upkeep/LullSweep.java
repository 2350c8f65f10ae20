package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.SessionId;
import dev.parley.lock.LeaseLostException;
import dev.parley.office.Upkeep;
import dev.parley.process.ProcessTable;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.upkeep.StoreSweep.Piece;
import dev.parley.store.upkeep.StoreSweep.Removed;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sweeps a store a part at a time, so that it stays small although nobody ever calls for it: what a server does when it
 * has nothing else to do. One process at a time, and seldom, however many servers there are; who comes next goes on where the
 * last one ended. The file {@code swept} says where that was, and by its time when.
 */
public final class LullSweep {

    /** How many sessions are looked through in one part. */
    static final int SESSIONS = 50;

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;
    private final Path note;

    /** Sweeps this store. */
    public LullSweep(Store store, ProcessTable processes) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.note = store.home().resolve("swept");
    }

    /**
     * Does one part, if it is time and nobody else is at it.
     *
     * @return what was removed
     * @throws IOException if a directory that is of no session cannot be read, or the part cannot be noted; what of a session
     *     cannot be read or removed is traced and left
     */
    public List<Removed> run() throws IOException, InterruptedException {
        Optional<FileLease> taken =
                isDue() ? new Locks(store, processes).named("sweep").takeIfFree() : Optional.empty();
        if (taken.isEmpty()) {
            return List.of();
        }
        try (FileLease lease = taken.get()) {
            if (!isDue()) {
                return List.of();
            }
            Piece piece = new StoreSweep(store, processes, StoreSweep.KEEP_ENDED)
                    .sweepSome(last(), SESSIONS, lease::ensureHeld);
            String end = piece.end().map(SessionId::value).orElse("");
            lease.commit(note, (end + "\n").getBytes(US_ASCII));
            return piece.removed();
        } catch (LeaseLostException e) {
            // This process stalled, and another goes on: all that was removed was nobody's.
            store.trace().event(Event.SWEEP_OVERTAKEN, Map.of("reason", e.toString()));
            return List.of();
        }
    }

    private boolean isDue() throws IOException {
        Optional<Disk.Stat> noted = disk.stat(note);
        return noted.isEmpty()
                || Math.abs(store.clock().millis() - noted.get().modifiedMillis()) >= Upkeep.PAUSE.toMillis();
    }

    private Optional<SessionId> last() throws IOException {
        try {
            return store.idIn(note);
        } catch (NoSuchFileException | CorruptFileException e) {
            return Optional.empty();
        }
    }
}
