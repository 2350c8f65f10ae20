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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link Changes} by the modification times of the sessions' directories. Whatever changes in a session makes, renames or removes
 * a name in one of them, but for what its client says it does, which has a file of its own.
 *
 * <p>Asks for the times and does not wait for the system to tell: a few thousand system calls a second at the most, while watches
 * are a thing of which a user has only so many.
 */
final class FileChanges implements Changes {

    /** What is proven shown leaves {@code cur}, and what is set aside leaves {@code new}. */
    private static final List<Part> PARTS = List.of(Part.ACTIVITY, Part.NEW, Part.CUR, Part.LEDGER, Part.ASKS);

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
    private List<Long> placesSeen = List.of();
    private Duration pause = PAUSE;

    /** What is looked at of a session, and what was seen there. */
    private static final class Watched {
        private final List<Path> paths = new ArrayList<>();
        private List<Long> seen = List.of();
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
            Thread.sleep(Math.min(pause.toMillis(), left));
            changed = look();
        }
        return changed;
    }

    /** The sessions that are not as they were at the last look. */
    private Set<SessionId> look() throws IOException {
        long begun = System.nanoTime();
        Set<SessionId> changed = new HashSet<>();
        List<Long> placesNow = times(places);
        if (!placesNow.equals(placesSeen)) {
            Set<SessionId> candidates = peers.candidates(project);
            changed.addAll(sessions.keySet());
            changed.removeAll(candidates);
            sessions.keySet().retainAll(candidates);
            candidates.forEach(id -> sessions.computeIfAbsent(id, this::watched));
            placesSeen = settled(placesNow);
        }
        for (Map.Entry<SessionId, Watched> each : sessions.entrySet()) {
            Watched session = each.getValue();
            List<Long> now = times(session.paths);
            if (!now.equals(session.seen)) {
                session.seen = settled(now);
                changed.add(each.getKey());
            }
        }
        Duration fair = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
        pause = fair.compareTo(PAUSE) > 0 ? fair : PAUSE;
        return changed;
    }

    private Watched watched(SessionId id) {
        Watched session = new Watched();
        session.paths.add(store.session(id));
        PARTS.forEach(part -> session.paths.add(store.part(id, part)));
        return session;
    }

    private List<Long> times(List<Path> paths) throws IOException {
        List<Long> times = new ArrayList<>();
        for (Path path : paths) {
            times.add(store.disk().modifiedMillis(path).orElse(ABSENT));
        }
        return times;
    }

    /** Times that the next change will differ from: what has changed just now is looked at once more. */
    private List<Long> settled(List<Long> times) {
        long soon = store.clock().millis() - TICK_MILLIS;
        return times.stream().map(time -> time > soon ? UNSETTLED : time).toList();
    }

    /** Holds nothing. */
    @Override
    public void close() {}
}
