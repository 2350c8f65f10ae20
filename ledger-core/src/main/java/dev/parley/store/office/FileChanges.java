package dev.parley.store.office;

import dev.parley.address.SessionId;
import dev.parley.office.Changes;
import dev.parley.store.Disk;
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

    private static final List<Part> PARTS =
            List.of(Part.ACTIVITY, Part.NEW, Part.CUR, Part.SHOWN, Part.CORRUPT, Part.LEDGER, Part.ASKS);

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
    private final Map<SessionId, List<Long>> seen = new HashMap<>();
    private List<Long> places = List.of();
    private Duration pause = PAUSE;

    FileChanges(Store store, FilePeerDirectory peers, String project) throws IOException {
        this.store = store;
        this.peers = peers;
        this.project = project;
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
        List<Long> placesNow = times(peers.candidatePlaces(project));
        if (!placesNow.equals(places)) {
            Set<SessionId> candidates = peers.candidates(project);
            changed.addAll(seen.keySet());
            changed.removeAll(candidates);
            seen.keySet().retainAll(candidates);
            candidates.forEach(id -> seen.putIfAbsent(id, List.of()));
            places = settled(placesNow);
        }
        for (Map.Entry<SessionId, List<Long>> session : seen.entrySet()) {
            List<Long> now = times(parts(session.getKey()));
            if (!now.equals(session.getValue())) {
                session.setValue(settled(now));
                changed.add(session.getKey());
            }
        }
        Duration fair = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
        pause = fair.compareTo(PAUSE) > 0 ? fair : PAUSE;
        return changed;
    }

    private List<Path> parts(SessionId id) {
        List<Path> parts = new ArrayList<>();
        parts.add(store.session(id));
        PARTS.forEach(part -> parts.add(store.part(id, part)));
        return parts;
    }

    private List<Long> times(List<Path> paths) throws IOException {
        List<Long> times = new ArrayList<>();
        for (Path path : paths) {
            times.add(store.disk().stat(path).map(Disk.Stat::modifiedMillis).orElse(ABSENT));
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
