package dev.parley.store.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.lock.Leases;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Part.Moving;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.ClaimName;
import dev.parley.store.mailbox.MessageName;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Moves everything that is addressed to one session to another id.
 *
 * <p>First {@code moved_to} is written, then whatever is there is renamed over, the ledger before the mail, so that a
 * message that can be seen can be looked up. A file that a sender makes visible under the old id before that is in the
 * mover's listing; a sender that does so after sees {@code moved_to} and follows it, see {@link Store#follow}. Every step can
 * be repeated, so a move that was cut short is finished by running it again.
 *
 * <p>Each {@code moved_to} is committed under the lock {@code move} after a look that it closes no circle. The commit is
 * fenced, so even a mover that stalled past its lease cannot close one.
 */
public final class Relocation {

    private static final byte[] NOTHING = {};

    private final Store store;
    private final Disk disk;
    private final Locks locks;

    /** Moves within one store. */
    public Relocation(Store store, ProcessTable processes) {
        this.store = store;
        this.disk = store.disk();
        this.locks = new Locks(store, processes);
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
    void move(SessionId from, SessionId to) throws IOException, InterruptedException {
        stay(to);
        forward(from, to);
        // Older ids must not lead through a chain that grows with every move.
        for (SessionId older : predecessors(from)) {
            if (!older.equals(to) && store.currentOf(older).equals(to)) {
                forward(older, to);
            }
        }
        complete(to);
    }

    /**
     * Lets an id that forwards through others forward straight to where they lead. Nothing is moved.
     *
     * @return whether anything changed
     */
    public boolean shorten(SessionId older) throws IOException, InterruptedException {
        SessionId now = store.currentOf(older);
        Optional<SessionId> next = store.forwardOf(older);
        if (next.isEmpty() || next.get().equals(now)) {
            return false;
        }
        forward(older, now);
        return true;
    }

    /**
     * Lets an id forward to another, whose session exists. Nothing is moved. On return it survives a power cut.
     *
     * @throws IOException if that would close a circle; nothing changed
     */
    public void forward(SessionId from, SessionId to) throws IOException, InterruptedException {
        Path marks = store.part(to, Part.MOVED_FROM);
        store.makeIfMissing(marks);
        try {
            disk.createFile(marks.resolve(from.value()), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // A move that was cut short.
        }
        disk.forceDirectory(marks);
        disk.forceDirectory(store.session(to));
        byte[] line = (to.value() + "\n").getBytes(US_ASCII);
        locks.guarded(store.movedTo(from), "move").update(Leases.WAIT, present -> {
            if (store.currentOf(to).equals(from)) {
                throw new IOException(
                        "session " + to + " has just been moved to " + from + "; nothing changed, try again");
            }
            return line;
        });
    }

    /** The ids that were once moved to this session. */
    private List<SessionId> predecessors(SessionId id) throws IOException {
        return names(store.part(id, Part.MOVED_FROM), SessionId::isValid).stream()
                .map(SessionId::new)
                .filter(older -> !older.equals(id))
                .toList();
    }

    /** Brings over what still lies under the older ids that lead to this one. */
    public void complete(SessionId id) throws IOException {
        for (SessionId older : olderIds(id)) {
            bring(older, id);
        }
    }

    /** The ids that lead to this one by its own marks, the latest first. */
    public List<SessionId> olderIds(SessionId id) throws IOException {
        List<SessionId> found = new ArrayList<>();
        Set<SessionId> seen = new HashSet<>(Set.of(id));
        Deque<SessionId> next = new ArrayDeque<>(predecessors(id));
        while (!next.isEmpty()) {
            SessionId older = next.remove();
            // An older id may have gone elsewhere since, or be back in use as it is.
            if (seen.add(older) && leadsTo(older, id)) {
                found.add(older);
                next.addAll(predecessors(older));
            }
        }
        return found;
    }

    private boolean leadsTo(SessionId older, SessionId id) {
        try {
            return store.currentOf(older).equals(id);
        } catch (IOException e) {
            store.trace().event(Event.MOVED_TO_UNREADABLE, Map.of("session", older.value(), "reason", e.toString()));
            return false;
        }
    }

    private void bring(SessionId older, SessionId id) throws IOException {
        int moved = 0;
        List<Part> parts = new ArrayList<>(List.of(Part.values()));
        // The ledger before the mail: a message that can be seen can be looked up.
        Collections.reverse(parts);
        for (Part part : parts) {
            if (part.moving() != Moving.NONE) {
                moved += contents(older, id, part);
            }
        }
        if (moved > 0) {
            store.trace().event(Event.MAIL_MOVED, Map.of("from", older.value(), "to", id.value(), "files", moved));
        }
    }

    private static Predicate<String> names(Moving moving) {
        return switch (moving) {
            case MESSAGES -> name -> MessageName.parse(name).isPresent();
            case CLAIMS -> name -> ClaimName.parse(name).isPresent();
            case REQUESTS -> name -> RequestId.isValid(name.split(",", 2)[0]);
            case RECORDS -> name -> MessageId.isValid(name.split(",", 2)[0]);
            case NONE -> name -> false;
        };
    }

    private int contents(SessionId older, SessionId id, Part part) throws IOException {
        Path from = store.part(older, part);
        Path to = store.part(id, part);
        int moved = 0;
        try {
            for (String name : names(from, names(part.moving()))) {
                try {
                    disk.rename(from.resolve(name), to.resolve(name));
                    moved++;
                } catch (NoSuchFileException e) {
                    if (disk.stat(from.resolve(name)).isPresent()) {
                        throw e;
                    }
                    // A reader, a sender that follows the move, or another mover has it.
                }
            }
        } finally {
            if (moved > 0 && part == Part.NEW) {
                store.tellOfMail(id);
            }
        }
        if (moved > 0) {
            disk.forceDirectory(to);
            disk.forceDirectory(from);
        }
        return moved;
    }

    private List<String> names(Path directory, Predicate<String> ours) throws IOException {
        // What is no directory holds nothing of a session's, and 'parley check' reports it.
        return store.hasDirectory(directory)
                ? disk.list(directory).stream().filter(ours).sorted().toList()
                : List.of();
    }
}
