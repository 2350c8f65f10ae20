package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.SessionId;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import dev.parley.trace.UnavailableException;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An opened {@code $PARLEY_HOME}: the layout of {@code docs/FORMAT.md} over a {@link Disk}.
 *
 * <p>Opening it has checked that the directory is the user's, that nobody else can write to it, and that its format is one
 * that this version knows. Safe for use by several threads.
 */
public final class Store {

    private static final int MAX_POINTER = 256;

    /** So many re-identifications are followed before it counts as a circle; a move shortens the chain to one. */
    private static final int MAX_FORWARDS = 16;

    private final Path home;
    private final Disk disk;
    private final InstantSource clock;
    private final Trace trace;

    /** Sessions whose directories this process has forced: seeing one says nothing of whether its maker has. */
    private final Set<SessionId> forced = ConcurrentHashMap.newKeySet();

    private Store(Path home, Disk disk, InstantSource clock, Trace trace) {
        this.home = home;
        this.disk = disk;
        this.clock = clock;
        this.trace = trace;
    }

    /**
     * Opens a store on this machine's disk, making it if it is absent.
     *
     * @throws UnavailableException if it is another user's, is writable by others, has a newer format, is something else
     *     than a store, or cannot be made; nothing has been written then
     */
    public static Store open(Path home, Durability durability, Trace trace) throws IOException {
        Disk disk = Disk.local(durability);
        Path real = HomeCheck.openedHome(home, disk);
        return over(real, disk, InstantSource.system(), trace);
    }

    /**
     * The real path of a store's directory that exists, checked as {@link #open} checks it. Nothing is read or written.
     *
     * @throws UnavailableException if it is another user's or is writable by others
     */
    public static Path checkedHome(Path home) throws IOException {
        return HomeCheck.existingHome(home);
    }

    /** Whether a file is what a trace is written to, which may stand anywhere, also in a store: told by how it begins. */
    public static boolean isTrace(Path file) {
        return Traces.isTrace(file);
    }

    /**
     * Opens a store over any disk: for tests that lie, fail or schedule. Makes what is missing of its fixed parts.
     *
     * @param home an existing directory of that disk
     */
    public static Store over(Path home, Disk disk, InstantSource clock, Trace trace) throws IOException {
        Store store = new Store(home, disk, clock, trace);
        StoreFormat.ensure(store);
        return store;
    }

    /** The root of everything. */
    public Path home() {
        return home;
    }

    /** The file operations. */
    public Disk disk() {
        return disk;
    }

    /** The time. */
    public InstantSource clock() {
        return clock;
    }

    /** Where events go. */
    public Trace trace() {
        return trace;
    }

    /** {@code locks/}: one directory per guarded thing. */
    public Path locks() {
        return home.resolve("locks");
    }

    /** {@code clients/}: which session now runs in a client process. */
    public Path clients() {
        return home.resolve("clients");
    }

    /** {@code sessions/}: one directory per session. */
    public Path sessions() {
        return home.resolve("sessions");
    }

    /** {@code projects/}: which sessions there are of each project. */
    public Path projects() {
        return home.resolve("projects");
    }

    /** {@code sessions/<id>/}: everything of one session. */
    public Path session(SessionId id) {
        return sessions().resolve(id.value());
    }

    /** A part of a session. */
    public Path part(SessionId id, Part part) {
        return part.in(session(id));
    }

    /** {@code sessions/<id>/session.json}: its card. */
    public Path card(SessionId id) {
        return part(id, Part.CARD);
    }

    /** {@code sessions/<id>/mailbox/}. */
    public Path mailbox(SessionId id) {
        return part(id, Part.MAILBOX);
    }

    /** {@code sessions/<id>/ledger/}. */
    public Path ledger(SessionId id) {
        return part(id, Part.LEDGER);
    }

    /** {@code sessions/<id>/asks/}. */
    public Path asks(SessionId id) {
        return part(id, Part.ASKS);
    }

    /** {@code sessions/<id>/doorbell}: touched after every delivery. */
    public Path doorbell(SessionId id) {
        return part(id, Part.DOORBELL);
    }

    /** {@code sessions/<id>/activity}: {@code busy}, {@code idle} or {@code ended}; its modification time says since when. */
    public Path activity(SessionId id) {
        return part(id, Part.ACTIVITY);
    }

    /** {@code sessions/<id>/moved_to}: after a re-identification, the id that now owns the mail. */
    public Path movedTo(SessionId id) {
        return part(id, Part.MOVED_TO);
    }

    /**
     * The id of a session that a file holds and nothing else; empty if what it holds is no id.
     *
     * @throws CorruptFileException if it holds more than any id has
     * @throws NoSuchFileException if it is absent
     */
    public Optional<SessionId> idIn(Path file) throws IOException {
        String text = new String(disk.readFile(file, MAX_POINTER), US_ASCII).strip();
        return SessionId.isValid(text) ? Optional.of(new SessionId(text)) : Optional.empty();
    }

    /**
     * Where a session's mail goes since its re-identification; empty if it was never re-identified.
     *
     * @throws CorruptFileException if {@code moved_to} does not hold an id
     */
    public Optional<SessionId> forwardOf(SessionId id) throws IOException {
        Path file = movedTo(id);
        if (disk.isAbsent(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SessionId(new String(disk.readFile(file, MAX_POINTER), US_ASCII).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, "it holds " + Why.of(e));
        }
    }

    /**
     * The id that has a session's mail now, along all re-identifications: itself, if there was none.
     *
     * @throws IOException if they lead in a circle
     */
    public SessionId currentOf(SessionId id) throws IOException {
        SessionId now = id;
        for (int forwards = 0; forwards < MAX_FORWARDS; forwards++) {
            Optional<SessionId> next = forwardOf(now);
            if (next.isEmpty()) {
                return now;
            }
            now = next.get();
        }
        throw new IOException(movedTo(id) + " leads in a circle; run 'parley check --repair'");
    }

    /**
     * Lets a file that was just made visible under a session go after that session, if it has been re-identified meanwhile.
     *
     * <p>The mover writes {@code moved_to} and then lists what is there; the caller made the file visible and looks for
     * {@code moved_to} now. So at least one of the two sees the other's step, whatever the order.
     *
     * @param part the directory within the session, such as {@code ledger}
     * @return the session under which the file is now, or, if somebody took it meanwhile, was when it was taken
     * @throws IOException if it is still where it was and cannot follow
     */
    public SessionId follow(SessionId id, Part part, String name) throws IOException {
        SessionId at = id;
        for (int moves = 0; moves < MAX_FORWARDS; moves++) {
            SessionId now = moves == 0 ? currentOf(at) : currentOrSame(at);
            if (now.equals(at)) {
                return at;
            }
            Path from = part(at, part).resolve(name);
            try {
                disk.rename(from, part(now, part).resolve(name));
            } catch (NoSuchFileException e) {
                if (disk.stat(from).isPresent()) {
                    throw e;
                }
                return now;
            }
            if (part == Part.NEW) {
                tellOfMail(now);
            }
            // The session may have moved on between the look and the rename.
            at = now;
        }
        throw new IOException(session(id) + " is moved faster than a file can follow");
    }

    /**
     * Lets those who remember what waits for a session see that something was added. Whoever adds to {@code new/} otherwise than
     * by a rename out of {@code tmp/} of the same session calls this afterwards. If it cannot be told, it is traced: it is seen
     * half a minute later.
     */
    public void tellOfMail(SessionId id) {
        try {
            disk.touch(part(id, Part.TMP));
        } catch (NoSuchFileException e) {
            // It has been removed, and with it what waited.
        } catch (IOException e) {
            trace.event(Event.MAIL_UNTOLD, Map.of("session", id.value(), "reason", e.toString()));
        }
    }

    /** The id to which this one forwards; itself if its {@code moved_to} cannot be read, so that a file stays where it is. */
    private SessionId currentOrSame(SessionId id) {
        try {
            return currentOf(id);
        } catch (IOException e) {
            trace.event(Event.MOVED_TO_UNREADABLE, Map.of("session", id.value(), "reason", e.toString()));
            return id;
        }
    }

    /**
     * Checks that every directory from the root of the store down to this one is a directory, and no link.
     *
     * @throws NoSuchFileException if there is none
     * @throws UnavailableException if one is something else; nothing was read or written
     */
    public void requireDirectory(Path directory) throws IOException {
        Path at = home;
        for (Path part : home.relativize(directory)) {
            at = at.resolve(part);
            requireOne(at, directory);
        }
    }

    /**
     * The same for several directories of one session; what they share is looked at once.
     *
     * @param parts directories
     */
    public void requireDirectories(SessionId id, List<Part> parts) throws IOException {
        Path root = session(id);
        Path seen = root;
        requireOne(sessions(), root);
        requireOne(root, root);
        for (Part part : parts) {
            Path directory = part.in(root);
            Path parent = directory.resolveSibling("");
            if (!parent.equals(seen) && !parent.equals(root)) {
                requireOne(parent, directory);
                seen = parent;
            }
            requireOne(directory, directory);
        }
    }

    private void requireOne(Path at, Path wanted) throws IOException {
        Disk.Kind kind = disk.kind(at).orElseThrow(() -> new NoSuchFileException(wanted.toString()));
        if (kind != Disk.Kind.DIRECTORY) {
            throw new UnavailableException(at
                    + " should be a directory and is something else; run 'parley check --repair'; nothing was read or"
                    + " written");
        }
    }

    /** Whether every step from the root of the store down to this directory is a directory, and no link. */
    public boolean hasDirectory(Path directory) throws IOException {
        try {
            requireDirectory(directory);
            return true;
        } catch (NoSuchFileException | UnavailableException e) {
            return false;
        }
    }

    /**
     * Makes the directories of a session, where they are missing. On return they survive a power cut. Safe to call from
     * several processes at once.
     *
     * @throws IOException if it cannot be made; a part of the empty directories may exist
     */
    public void makeSession(SessionId id) throws IOException {
        Path root = session(id);
        boolean made = makeIfMissing(root);
        for (Part part : Part.made()) {
            made |= makeIfMissing(part.in(root));
        }
        if (made || !forced.contains(id)) {
            disk.forceDirectory(Part.MAILBOX.in(root));
            disk.forceDirectory(root);
            disk.forceDirectory(sessions());
            disk.forceDirectory(home);
            forced.add(id);
        }
    }

    /**
     * Makes one directory, if it is missing.
     *
     * @return whether this call made it
     * @throws UnavailableException if the name stands for something else, such as a link
     */
    public boolean makeIfMissing(Path directory) throws IOException {
        if (isRealDirectory(directory)) {
            return false;
        }
        try {
            disk.makeDirectory(directory);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (isRealDirectory(directory)) {
                return false;
            }
            throw new UnavailableException(
                    directory + " should be a directory and is something else; move it away, nothing was written", e);
        }
    }

    /** Whether a name is a directory and not a link to one. */
    public boolean isRealDirectory(Path directory) throws IOException {
        return disk.kind(directory).filter(kind -> kind == Disk.Kind.DIRECTORY).isPresent();
    }
}
