package dev.parley.store.upkeep;

import dev.parley.address.SessionId;
import dev.parley.office.Finding.Severity;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.peer.Relocation;
import dev.parley.store.upkeep.Scan.Entry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks along the re-identifications: pointers that cannot be read, circles, ends that are not there, mail left behind. */
final class MovesScan {

    private static final String NEWEST_KEEPS = "run 'parley check --repair': the newest id keeps the mail";

    private final Scan scan;
    private final Store store;
    private final Relocation relocation;
    private final List<SessionId> sessions;
    private final Set<SessionId> inCircles = new HashSet<>();

    MovesScan(Scan scan, Store store, List<SessionId> sessions) {
        this.scan = scan;
        this.store = store;
        this.relocation = new Relocation(store, scan.processes());
        this.sessions = sessions;
    }

    void run() throws IOException {
        for (SessionId session : sessions) {
            for (Entry entry : scan.entries(store.part(session, Part.MOVED_FROM))) {
                if (scan.isA(Disk.Kind.FILE, entry) && !SessionId.isValid(entry.name())) {
                    scan.setAside(Severity.WARNING, entry.path(), "is not the mark of an older id");
                }
            }
            pointer(session);
        }
    }

    private void pointer(SessionId session) throws IOException {
        Path file = store.movedTo(session);
        Optional<SessionId> next;
        try {
            next = store.forwardOf(session);
        } catch (CorruptFileException e) {
            unreadable(session, file, e);
            return;
        } catch (FileSystemException e) {
            // It is no file, which is reported of the session's directory.
            return;
        }
        if (next.isEmpty()) {
            return;
        }
        List<SessionId> path = path(session);
        SessionId end = path.get(path.size() - 1);
        if (path.indexOf(end) < path.size() - 1) {
            circle(path.subList(path.indexOf(end), path.size() - 1));
        } else if (!store.isRealDirectory(store.session(end))) {
            scan.add(
                    Severity.ERROR,
                    file,
                    "leads to " + end + ", which is not there, so mail for " + session + " is refused",
                    "start session " + end + " again, or run 'parley check --repair' to let its mail wait",
                    aside -> store.makeSession(end));
        } else {
            leftBehind(session, end);
            if (path.size() > 2) {
                scan.addWithoutCure(
                        Severity.LITTER, file, "leads to " + end + " through other ids", "'parley gc' shortens it");
            }
        }
    }

    /** The ids from a session along the pointers, up to the end, or to the first that comes again. */
    private List<SessionId> path(SessionId session) throws IOException {
        List<SessionId> path = new ArrayList<>(List.of(session));
        while (true) {
            Optional<SessionId> next;
            try {
                next = store.forwardOf(path.get(path.size() - 1));
            } catch (CorruptFileException | FileSystemException e) {
                // Reported of that session.
                return path;
            }
            if (next.isEmpty()) {
                return path;
            }
            boolean again = path.contains(next.get());
            path.add(next.get());
            if (again) {
                return path;
            }
        }
    }

    private void circle(List<SessionId> circle) throws IOException {
        if (!inCircles.addAll(circle)) {
            return;
        }
        // The newest pointer was written by the last move, and so leads to the id that is in use.
        List<SessionId> byAge = new ArrayList<>(circle);
        byAge.sort(Comparator.comparingLong(this::writtenMillis).reversed());
        Path tooMuch = store.movedTo(store.forwardOf(byAge.get(0)).orElse(byAge.get(0)));
        scan.add(
                Severity.ERROR,
                tooMuch,
                "re-identifications lead in a circle: " + circle,
                NEWEST_KEEPS,
                aside -> aside.move(tooMuch));
    }

    private long writtenMillis(SessionId session) {
        try {
            return store.disk()
                    .stat(store.movedTo(session))
                    .map(Disk.Stat::modifiedMillis)
                    .orElse(0L);
        } catch (IOException e) {
            return 0;
        }
    }

    private void unreadable(SessionId session, Path file, CorruptFileException why) {
        scan.add(
                Severity.ERROR,
                file,
                "does not say where the mail has gone, so mail for " + session + " is refused: " + why.what(),
                "run 'parley check --repair': it is set aside, and made again if a session has taken the mail over",
                aside -> {
                    aside.move(file);
                    Optional<SessionId> heir = heir(session);
                    if (heir.isPresent()) {
                        relocation.forward(session, heir.get());
                        relocation.complete(heir.get());
                    }
                });
    }

    /** The session that last noted that this one's mail belongs to it. */
    private Optional<SessionId> heir(SessionId session) throws IOException {
        Optional<SessionId> heir = Optional.empty();
        long newest = Long.MIN_VALUE;
        for (SessionId other : sessions) {
            Optional<Disk.Stat> mark =
                    store.disk().stat(store.session(other).resolve("moved_from").resolve(session.value()));
            if (mark.isPresent() && mark.get().modifiedMillis() > newest) {
                newest = mark.get().modifiedMillis();
                heir = Optional.of(other);
            }
        }
        return heir;
    }

    private void leftBehind(SessionId session, SessionId end) throws IOException {
        int left = MailboxScan.unproven(scan, store.mailbox(session))
                + scan.names(store.ledger(session)).size()
                + scan.names(store.asks(session)).size();
        if (left > 0) {
            scan.add(
                    Severity.WARNING,
                    store.session(session),
                    left + " files of mail lie under an id that forwards to " + end,
                    "they are brought over when that session next starts; 'parley check --repair' does it now",
                    aside -> {
                        relocation.forward(session, end);
                        relocation.complete(end);
                    });
        }
    }
}
