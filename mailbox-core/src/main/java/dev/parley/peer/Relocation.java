package dev.parley.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.lock.OwnerToken;
import dev.parley.lock.ProcessTable;
import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.Ids;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves everything that is addressed to one session to another id.
 *
 * <p>First {@code moved_to} is written, then whatever is there is renamed over. A sender who made a message visible under
 * the old id before that is seen by our listing; one who did so after sees {@code moved_to} and follows it. Every step
 * can be repeated, so a move that was cut short is finished by running it again.
 */
final class Relocation {

    private static final byte[] NOTHING = {};

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;

    Relocation(Store store, ProcessTable processes) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
    }

    /** Ends the forwarding of a session that is back under its own id. */
    void stay(SessionId id) throws IOException {
        try {
            disk.deleteFile(store.movedTo(id));
            disk.forceDirectory(store.session(id));
        } catch (NoSuchFileException e) {
            // It was never moved.
        }
    }

    /** Moves everything; both directories exist. */
    void move(SessionId from, SessionId to) throws IOException {
        stay(to);
        adopt(from, to);
        // Older ids must not lead through a chain that grows with every move.
        for (SessionId older : predecessors(from)) {
            if (!older.equals(to)) {
                adopt(older, to);
            }
        }
        complete(to);
    }

    private void adopt(SessionId from, SessionId to) throws IOException {
        Path marks = store.session(to).resolve("moved_from");
        store.makeIfMissing(marks);
        try {
            disk.createFile(marks.resolve(from.value()), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // A move that was cut short.
        }
        disk.forceDirectory(marks);
        disk.forceDirectory(store.session(to));
        Path fresh = store.session(from).resolve("moved_to." + Ids.random() + ".tmp");
        disk.createFile(fresh, (to.value() + "\n").getBytes(US_ASCII), Disk.Sync.FORCED);
        disk.rename(fresh, store.movedTo(from));
        disk.forceDirectory(store.session(from));
    }

    /** The ids whose mail belongs to this session. */
    List<SessionId> predecessors(SessionId id) throws IOException {
        try {
            return disk.list(store.session(id).resolve("moved_from")).stream()
                    .filter(SessionId::isValid)
                    .map(SessionId::new)
                    .filter(older -> !older.equals(id))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Brings over what still lies under older ids. */
    void complete(SessionId id) throws IOException {
        for (SessionId older : predecessors(id)) {
            if (!store.forwardOf(older).equals(Optional.of(id))) {
                // It has gone elsewhere since, or is back under its own id.
                continue;
            }
            int moved = contents(
                    store.mailbox(older).resolve("new"), store.mailbox(id).resolve("new"));
            moved += contents(store.ledger(older), store.ledger(id));
            moved += contents(store.asks(older), store.asks(id));
            moved += contents(
                    store.mailbox(older).resolve("shown"), store.mailbox(id).resolve("shown"));
            moved += claims(
                    store.mailbox(older).resolve("cur"), store.mailbox(id).resolve("cur"));
            if (moved > 0) {
                store.trace().event("mail-moved", Map.of("from", older.value(), "to", id.value(), "files", moved));
            }
        }
    }

    /** A claim of a living process stays where that process will look for it; the others can be recovered anywhere. */
    private int claims(Path from, Path to) throws IOException {
        int moved = 0;
        for (String claim : listOrNothing(from)) {
            boolean dead = OwnerToken.parse(claim.length() > 2 ? claim.substring(2) : "")
                    .map(token -> processes.vitality(token.holder()) != Vitality.ALIVE)
                    .orElse(true);
            if (dead) {
                moved += rename(from.resolve(claim), to.resolve(claim));
            }
        }
        return moved;
    }

    private int contents(Path from, Path to) throws IOException {
        int moved = 0;
        for (String name : listOrNothing(from)) {
            moved += rename(from.resolve(name), to.resolve(name));
        }
        if (moved > 0) {
            disk.forceDirectory(to);
            disk.forceDirectory(from);
        }
        return moved;
    }

    private int rename(Path from, Path to) throws IOException {
        try {
            disk.rename(from, to);
            return 1;
        } catch (NoSuchFileException e) {
            // A reader, a sender that follows the move, or another mover has it.
            return 0;
        }
    }

    private List<String> listOrNothing(Path directory) throws IOException {
        try {
            return disk.list(directory);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
