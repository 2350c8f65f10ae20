package dev.parley.store.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.peer.Project;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which sessions there are of each project, so that finding those of one does not cost what all the others have left behind.
 * The names are in {@code docs/FORMAT.md}, part "The index by project".
 *
 * <p>A hint: what a session's card says counts. But no session is missing in it for whoever asks: sessions that older servers or
 * hooks have made, which know of no index, are added by the next one that looks. It notices by the modification time of
 * {@code sessions/}, which was noted when all were known. After a power cut nothing noted before it counts.
 */
public final class ProjectIndex {

    /** The directory of the sessions whose project was not known yet when they were added. */
    public static final String UNSORTED = "unsorted";

    /** The directory of all sessions that have been added. */
    public static final String KNOWN = "known";

    /** The name of what stands for a project. */
    public static final Pattern PROJECT = Pattern.compile("\\d{1,10}\\.\\d{1,7}");

    /** The note that all sessions are known, with the boot in which it was made; and one about to be made. */
    public static final Pattern STAMP = Pattern.compile("stamp-[0-9a-f]{12}");

    /** A stamp about to be put in place. */
    public static final Pattern STAMP_BEGUN = Pattern.compile("stamp-[0-9a-f]{12}\\.[0-9a-z]{16}\\.tmp");

    /**
     * A directory that changed within this time may change again without its modification time showing it, on a file system
     * that counts in seconds; so it is not believed yet.
     */
    static final long UNSETTLED_MILLIS = 3_000;

    private static final Pattern BOOT = Pattern.compile("([0-9a-f]{12})n\\d+");
    private static final byte[] NOTHING = {};

    private final Store store;
    private final Disk disk;
    private final Optional<Path> stamp;

    /** The index of a store. */
    public ProjectIndex(Store store, ProcessTable processes) {
        this.store = store;
        this.disk = store.disk();
        Matcher boot = BOOT.matcher(processes.self().scope());
        this.stamp =
                boot.matches() ? Optional.of(store.projects().resolve("stamp-" + boot.group(1))) : Optional.empty();
    }

    /**
     * The directory of a project: the POSIX {@code cksum} of its key and the key's length, so that a script can tell it.
     *
     * @param key see {@link Project#key()}; what has none is {@link #UNSORTED}
     */
    static String directoryOf(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        return bytes.length == 0 ? UNSORTED : cksum(bytes) + "." + bytes.length;
    }

    private static long cksum(byte[] bytes) {
        int crc = 0;
        for (byte b : bytes) {
            crc = cksum(crc, b);
        }
        for (int length = bytes.length; length != 0; length >>>= 8) {
            crc = cksum(crc, length);
        }
        return ~crc & 0xffffffffL;
    }

    private static int cksum(int crc, int octet) {
        int next = crc ^ (octet << 24);
        for (int bit = 0; bit < 8; bit++) {
            next = next < 0 ? (next << 1) ^ 0x04c11db7 : next << 1;
        }
        return next;
    }

    /**
     * Adds a session; costs two look-ups if it is there already.
     *
     * @param project what its card says, or is about to say; empty if that is not known
     */
    public void add(String project, SessionId id) throws IOException {
        // In this order: who is known is not looked for any more.
        put(directoryOf(project), id);
        put(KNOWN, id);
    }

    /** Whether a session will be found in its project. */
    public boolean has(String project, SessionId id) throws IOException {
        return !disk.isAbsent(store.projects().resolve(directoryOf(project)).resolve(id.value()))
                || !disk.isAbsent(store.projects().resolve(UNSORTED).resolve(id.value()));
    }

    /**
     * Removes an entry of a session that is gone. If that session is made again at the same moment, it is added anew: who
     * makes it looks for its entry after it was made, and the remover looks for it after the entry was removed.
     */
    public void forget(Path entry, SessionId id) throws IOException {
        disk.deleteFile(entry);
        if (!disk.isAbsent(store.session(id))) {
            add("", id);
        }
    }

    /** Removes all entries of a session that is gone, of which its card said this project. */
    public void forget(String project, SessionId id) throws IOException {
        Path directory = store.projects().resolve(directoryOf(project));
        for (Path each : List.of(store.projects().resolve(KNOWN), directory)) {
            if (!disk.isAbsent(each.resolve(id.value()))) {
                forget(each.resolve(id.value()), id);
            }
        }
        if (!project.isEmpty()
                && !disk.isAbsent(directory)
                && disk.list(directory).isEmpty()) {
            disk.deleteDirectory(directory);
        }
    }

    private void put(String directory, SessionId id) throws IOException {
        Path entry = store.projects().resolve(directory).resolve(id.value());
        if (!disk.isAbsent(entry)) {
            return;
        }
        store.makeIfMissing(store.projects());
        for (int tries = 2; ; tries--) {
            store.makeIfMissing(store.projects().resolve(directory));
            try {
                disk.createFile(entry, NOTHING, Disk.Sync.UNFORCED);
                return;
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (NoSuchFileException e) {
                // A sweep has removed the directory, which was empty.
                if (tries == 0) {
                    throw e;
                }
            }
        }
    }

    /**
     * The sessions that may be of this project: all that are, and perhaps others.
     *
     * @param projectOf what a session's card says; empty if it has none, or says nothing of a project
     */
    Collection<SessionId> sessionsOf(String project, Function<SessionId, Optional<String>> projectOf)
            throws IOException {
        try {
            requireIndex();
            Set<SessionId> sessions = new TreeSet<>();
            if (!isComplete()) {
                sessions.addAll(complete(projectOf));
            }
            sessions.addAll(entries(directoryOf(project)));
            for (SessionId id : entries(UNSORTED)) {
                sort(id, projectOf.apply(id));
                sessions.add(id);
            }
            return sessions;
        } catch (IOException e) {
            store.trace().event(Event.INDEX_UNUSABLE, Map.of("reason", e.toString()));
            return sessions();
        }
    }

    /**
     * The same, and changes nothing: where the index does not know all sessions, that stays so, and all that it does not know are
     * among those that may be of this project.
     */
    Collection<SessionId> peek(String project) throws IOException {
        try {
            requireIndex();
            // Before the entries: who is known has an entry by then.
            Set<SessionId> sessions = new TreeSet<>(isComplete() ? List.of() : unknown(sessions()));
            sessions.addAll(entries(directoryOf(project)));
            sessions.addAll(entries(UNSORTED));
            return sessions;
        } catch (IOException e) {
            store.trace().event(Event.INDEX_UNUSABLE, Map.of("reason", e.toString()));
            return sessions();
        }
    }

    private void requireIndex() throws IOException {
        Optional<Disk.Kind> kind = disk.kind(store.projects());
        if (kind.isPresent() && kind.get() != Disk.Kind.DIRECTORY) {
            throw new NotDirectoryException(store.projects().toString());
        }
    }

    /** Those of these sessions that have not been added. */
    private List<SessionId> unknown(List<SessionId> sessions) throws IOException {
        Set<SessionId> known = new HashSet<>(entries(KNOWN));
        if (stamp.isEmpty() || disk.isAbsent(stamp.get())) {
            known.retainAll(allEntries());
        }
        return sessions.stream().filter(id -> !known.contains(id)).toList();
    }

    private List<SessionId> sessions() throws IOException {
        return ids(store.sessions());
    }

    private List<SessionId> entries(String directory) throws IOException {
        try {
            return ids(store.projects().resolve(directory));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private List<SessionId> ids(Path directory) throws IOException {
        List<SessionId> ids = new ArrayList<>();
        for (String name : disk.list(directory)) {
            if (SessionId.isValid(name)) {
                ids.add(new SessionId(name));
            }
        }
        return ids;
    }

    /** Whether nobody has made a session since all were known. Also what cannot be told is a no. */
    boolean isComplete() throws IOException {
        Optional<Disk.Stat> noted = stamp.isPresent() ? disk.stat(stamp.get()) : Optional.empty();
        return noted.isPresent()
                && disk.stat(store.sessions())
                        .filter(now -> now.modifiedMillis() == noted.get().modifiedMillis())
                        .isPresent();
    }

    /**
     * Adds the sessions that are missing, and notes that all are known.
     *
     * @return those that could not be added
     */
    private Set<SessionId> complete(Function<SessionId, Optional<String>> projectOf) throws IOException {
        Optional<Path> begun = isSettled() ? begin() : Optional.empty();
        // Read again, since it may have changed before its time was noted. What comes from now on shows in that time,
        // and what
        // came before is in the list.
        boolean isTrue = begun.isPresent() && isSettled();
        Set<SessionId> left = new HashSet<>();
        for (SessionId id : unknown(sessions())) {
            try {
                add(projectOf.apply(id).orElse(""), id);
            } catch (IOException e) {
                store.trace().event(Event.NOT_INDEXED, Map.of("session", id.value(), "reason", e.toString()));
                left.add(id);
            }
        }
        if (begun.isPresent()) {
            end(begun.get(), isTrue && left.isEmpty());
        }
        return left;
    }

    /** Whether the next change of the sessions' directory will show in its modification time. */
    private boolean isSettled() throws IOException {
        return disk.stat(store.sessions())
                .filter(now -> store.clock().millis() - now.modifiedMillis() > UNSETTLED_MILLIS)
                .isPresent();
    }

    /** A stamp about to be made: it says of the sessions' directory what was so before that is listed. */
    private Optional<Path> begin() {
        if (stamp.isEmpty()) {
            return Optional.empty();
        }
        Path begun = stamp.get().resolveSibling(stamp.get().getFileName() + "." + Ids.random() + ".tmp");
        try {
            store.makeIfMissing(store.projects());
            disk.createFile(begun, NOTHING, Disk.Sync.UNFORCED);
            disk.touchLike(begun, store.sessions());
            return Optional.of(begun);
        } catch (IOException e) {
            store.trace().event(Event.INDEX_NOT_NOTED, Map.of("reason", e.toString()));
            return Optional.empty();
        }
    }

    private void end(Path begun, boolean isTrue) {
        try {
            if (isTrue) {
                disk.rename(begun, stamp.orElseThrow());
            } else {
                disk.deleteFile(begun);
            }
        } catch (IOException e) {
            store.trace().event(Event.INDEX_NOT_NOTED, Map.of("reason", e.toString()));
        }
    }

    /** All that stand under any project: what {@link #KNOWN} says may have outlived them in a power cut. */
    private Set<SessionId> allEntries() throws IOException {
        Set<SessionId> all = new HashSet<>(entries(UNSORTED));
        try {
            for (String name : disk.list(store.projects())) {
                if (PROJECT.matcher(name).matches()) {
                    all.addAll(entries(name));
                }
            }
        } catch (NoSuchFileException e) {
            // Nobody has added anything yet.
        }
        return all;
    }

    private void sort(SessionId id, Optional<String> project) {
        if (project.filter(key -> !key.isEmpty()).isPresent()) {
            try {
                add(project.get(), id);
                disk.deleteFile(store.projects().resolve(UNSORTED).resolve(id.value()));
            } catch (IOException e) {
                store.trace().event(Event.NOT_SORTED, Map.of("session", id.value(), "reason", e.toString()));
            }
        }
    }
}
