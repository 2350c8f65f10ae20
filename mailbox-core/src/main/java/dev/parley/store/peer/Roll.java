package dev.parley.store.peer;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.peer.EndedNotes.Note;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may be of a project, told apart by whether they are known to have ended. Keeps what it found for as long as the times of the
 * directories say that nothing has changed there. Safe for use by several threads.
 *
 * <p>A session that is back has a card that says so, and its server writes that under a lock, which changes the time of
 * {@code locks/}; a hook notes it in {@code clients/}. In case a hook of an older version does neither, nothing is kept for longer
 * than half a minute.
 */
final class Roll {

    private static final long KEPT_MILLIS = 30_000;

    /** Sessions whose cards were read in vain before it is worth a file to note that they have ended. */
    private static final int WORTH_NOTING = 16;

    /**
     * The sessions that may be of a project at one moment.
     *
     * @param others those whose card has to be read
     * @param ended those that are known to have ended
     */
    record Sessions(List<SessionId> others, List<Note> ended) {}

    /** Times of directories, in milliseconds since the epoch; -1 for one that is absent. */
    private record Times(List<Long> all) {

        boolean areSettled(long now) {
            return all.stream().allMatch(at -> now - at > ProjectIndex.UNSETTLED_MILLIS);
        }
    }

    private record Ids(Times times, NavigableSet<SessionId> all) {}

    private record Kept(Times times, long at, Sessions sessions) {}

    private final Store store;
    private final Disk disk;
    private final ProjectIndex index;
    private final EndedNotes notes;

    private final Map<String, Ids> ids = new ConcurrentHashMap<>();
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /** How many cards were read of a project when it was last looked for what can be noted. */
    private final Map<String, Integer> examined = new ConcurrentHashMap<>();

    Roll(Store store, ProcessTable processes, ProjectIndex index) {
        this.store = store;
        this.disk = store.disk();
        this.index = index;
        this.notes = new EndedNotes(store, processes);
    }

    /** Finds the sessions that may be of a project where it is not known that they are still the same. */
    @FunctionalInterface
    interface Lookup {
        Collection<SessionId> sessionsOf(String project) throws IOException;
    }

    /** All ids that may be of a project: in order, so that the beginning of one is found at once. */
    NavigableSet<SessionId> ids(String project, Lookup lookup) throws IOException {
        Times now = timesOfIndex(project);
        Ids before = ids.get(project);
        if (before != null && before.times().equals(now)) {
            return before.all();
        }
        boolean isComplete = index.isComplete();
        NavigableSet<SessionId> all = new TreeSet<>(lookup.sessionsOf(project));
        if (isComplete && now.areSettled(store.clock().millis())) {
            ids.put(project, new Ids(now, all));
        }
        return all;
    }

    /** The same, told apart. */
    Sessions sessions(String project, Lookup lookup) throws IOException {
        Times now = timesOfAll(project);
        long at = store.clock().millis();
        Kept before = kept.get(project);
        if (before != null && before.times().equals(now) && Math.abs(at - before.at()) < KEPT_MILLIS) {
            return before.sessions();
        }
        boolean isComplete = index.isComplete();
        Sessions sessions = toldApart(ids(project, lookup), notes.of(project));
        if (isComplete && now.areSettled(at)) {
            kept.put(project, new Kept(now, at, sessions));
        }
        return sessions;
    }

    private Sessions toldApart(Collection<SessionId> all, Map<SessionId, Note> noted) {
        List<SessionId> others = new ArrayList<>();
        List<Note> ended = new ArrayList<>();
        for (SessionId id : all) {
            Note note = noted.get(id);
            if (note != null && notes.stands(note)) {
                ended.add(note);
            } else {
                others.add(id);
            }
        }
        return new Sessions(List.copyOf(others), List.copyOf(ended));
    }

    private Times timesOfIndex(String project) throws IOException {
        Path projects = store.projects();
        return times(List.of(
                store.sessions(),
                projects.resolve(ProjectIndex.directoryOf(project)),
                projects.resolve(ProjectIndex.UNSORTED)));
    }

    private Times timesOfAll(String project) throws IOException {
        List<Long> all = new ArrayList<>(timesOfIndex(project).all());
        all.addAll(times(List.of(store.locks(), store.clients(), notes.fileOf(project)))
                .all());
        return new Times(all);
    }

    private Times times(List<Path> paths) throws IOException {
        List<Long> all = new ArrayList<>();
        for (Path path : paths) {
            Optional<Long> modified = disk.modifiedMillis(path);
            all.add(modified.orElse(-1L));
        }
        return new Times(all);
    }

    /**
     * Notes which of these sessions have ended, if there are enough of them since the last time.
     *
     * @param project not the empty one, of which nothing is noted
     * @param card what a session's card says; empty if it has none of its own, or is of another project
     */
    void note(String project, Sessions sessions, EndedNotes.CardReader card) throws IOException {
        int read = sessions.others().size();
        if (project.isEmpty() || read < examined.getOrDefault(project, 0) + WORTH_NOTING) {
            return;
        }
        List<Note> found = new ArrayList<>();
        for (SessionId id : sessions.others()) {
            notes.note(id, card).ifPresent(found::add);
        }
        examined.put(project, read - found.size());
        if (found.size() >= WORTH_NOTING) {
            found.addAll(sessions.ended());
            notes.write(project, found);
        }
    }
}
