package dev.parley.store.office;

import dev.parley.address.SessionId;
import dev.parley.office.Changes;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.peer.FilePeerDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link Changes} by the modification times of the sessions' directories. Whatever changes in a session makes, renames or removes
 * a name in one of them, but for what its client says it does, which has a file of its own.
 *
 * <p>Asks for the times and does not wait for the system to tell: five or six system calls for each session, three times a second,
 * while watches are a thing of which a user has only so many.
 */
final class FileChanges implements Changes {

    /** What is proven shown leaves {@code cur}, and what is set aside leaves {@code new}. */
    private static final List<Part> PARTS = List.of(Part.NEW, Part.CUR, Part.LEDGER, Part.ASKS);

    /** What may change of an id whose session has moved on: a mark that has not followed yet. All else is the present id's. */
    private static final List<Part> LEFT_BEHIND = List.of(Part.LEDGER);

    /** From one look to the next it takes this at the least, and less than twice this. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    /** A look takes at the most one part in so many of the time, however many sessions there are. */
    private static final int SHARE = 80;

    /** A change so soon after another may not show in the time of a directory, which goes by the ticks of a clock. */
    private static final long TICK_MILLIS = 50;

    private static final long ABSENT = -1;
    private static final long UNSETTLED = -2;

    private final Store store;
    private final FilePeerDirectory peers;
    private final String project;
    private final Map<SessionId, Watched> sessions = new HashMap<>();
    private final List<Path> places;
    private long[] placesSeen = {};
    private Duration pause = PAUSE;

    /** What is looked at of a session, and what was seen there. */
    private static final class Watched {
        private final Path directory;
        private long directorySeen = UNSETTLED;
        /** What else there is to look at; it can be something else only after the directory has changed. */
        private List<Path> paths = List.of();

        private long[] seen = {};

        Watched(Path directory) {
            this.directory = directory;
        }
    }

    FileChanges(Store store, FilePeerDirectory peers, String project) throws IOException {
        this.store = store;
        this.peers = peers;
        this.project = project;
        this.places = peers.candidatePlaces(project);
        var unused = look();
    }

    @Override
    public Set<SessionId> await(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Set<SessionId> changed = look();
        while (changed.isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return changed;
            }
            // In equal parts, without a look after the last one: the next call begins with that.
            long parts = Math.max(1, left / pause.toMillis());
            Thread.sleep(left / parts);
            if (parts == 1) {
                return changed;
            }
            changed = look();
        }
        return changed;
    }

    /** The sessions that are not as they were at the last look. */
    private Set<SessionId> look() throws IOException {
        long begun = System.nanoTime();
        Set<SessionId> changed = new HashSet<>();
        long[] placesNow = times(places);
        if (!Arrays.equals(placesNow, placesSeen)) {
            Set<SessionId> candidates = peers.candidates(project);
            changed.addAll(sessions.keySet());
            changed.removeAll(candidates);
            sessions.keySet().retainAll(candidates);
            candidates.forEach(id -> sessions.computeIfAbsent(id, missing -> new Watched(store.session(missing))));
            placesSeen = settled(placesNow);
        }
        for (Map.Entry<SessionId, Watched> each : sessions.entrySet()) {
            if (hasChanged(each.getKey(), each.getValue())) {
                changed.add(each.getKey());
            }
        }
        Duration fair = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
        pause = fair.compareTo(PAUSE) > 0 ? fair : PAUSE;
        return changed;
    }

    private boolean hasChanged(SessionId id, Watched session) throws IOException {
        long directoryNow = time(session.directory);
        boolean isOther = directoryNow != session.directorySeen;
        if (isOther) {
            // After its time was taken: what comes or goes meanwhile gives it another one.
            session.paths = worthALook(id);
        }
        long[] now = times(session.paths);
        if (!isOther && Arrays.equals(now, session.seen)) {
            return false;
        }
        session.directorySeen = settled(directoryNow);
        session.seen = settled(now);
        return true;
    }

    private List<Path> worthALook(SessionId id) throws IOException {
        if (!store.disk().isAbsent(store.part(id, Part.MOVED_TO))) {
            return paths(id, LEFT_BEHIND);
        }
        List<Path> paths = paths(id, PARTS);
        Path activity = store.part(id, Part.ACTIVITY);
        if (!store.disk().isAbsent(activity)) {
            paths.add(activity);
        }
        return paths;
    }

    private List<Path> paths(SessionId id, List<Part> parts) {
        List<Path> paths = new ArrayList<>();
        parts.forEach(part -> paths.add(store.part(id, part)));
        return paths;
    }

    private long[] times(List<Path> paths) throws IOException {
        long[] times = new long[paths.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = time(paths.get(i));
        }
        return times;
    }

    private long time(Path path) throws IOException {
        return store.disk().modifiedMillis(path).orElse(ABSENT);
    }

    /** Times that the next change will differ from: what has changed just now is looked at once more. */
    private long[] settled(long[] times) {
        return Arrays.stream(times).map(this::settled).toArray();
    }

    private long settled(long time) {
        return time > store.clock().millis() - TICK_MILLIS ? UNSETTLED : time;
    }

    /** Holds nothing. */
    @Override
    public void close() {}
}
