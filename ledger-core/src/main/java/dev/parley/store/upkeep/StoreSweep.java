package dev.parley.store.upkeep;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Upkeep;
import dev.parley.office.Upkeep.Mode;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence.Life;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.ledger.AskFile;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.Locks;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.peer.EndedNotes;
import dev.parley.store.peer.FileClientNotes;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.peer.ProjectIndex;
import dev.parley.store.peer.Relocation;
import dev.parley.store.upkeep.Scan.Entry;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes what nobody needs any more: begun files of dead writers, marks of dead waiters, questions that have run out, locks
 * and client entries of dead processes, and sessions that ended long ago with no mail left. Shortens re-identifications.
 *
 * <p>Safe at any time and in several processes at once. No message that is not proven shown is ever removed.
 */
public final class StoreSweep {

    /** The same. */
    public static final Duration KEEP_ENDED = Duration.ofDays(Upkeep.KEEP_DAYS);

    /** A file that nobody reads under its name is written within milliseconds; one that is older has been given up. */
    private static final Duration OLD = Duration.ofHours(1);

    /** A session that cannot be judged (another boot, another container) is kept so many times longer. */
    private static final int UNKNOWN_FACTOR = 4;

    /**
     * One thing that was, or would be, removed.
     *
     * @param file what
     * @param why why nobody needs it
     */
    public record Removed(Path file, String why) {}

    /**
     * What a part of a sweep did.
     *
     * @param removed what was removed
     * @param end where it ended; empty if there was nothing behind that
     */
    record Piece(List<Removed> removed, Optional<SessionId> end) {}

    /** How a thing is removed. */
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;
    private final Duration keepEnded;
    private final Scan scan;
    private final Relocation relocation;
    private final PeerDirectory peers;
    private final ProjectIndex index;
    private final Ledgers ledgers;

    /**
     * Sweeps one store.
     *
     * @param keepEnded how long a session is kept after its last sign of life
     */
    public StoreSweep(Store store, ProcessTable processes, Duration keepEnded) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.keepEnded = keepEnded;
        this.scan = new Scan(store, processes);
        this.relocation = new Relocation(store, processes);
        this.peers = new FilePeerDirectory(store, processes);
        this.ledgers = new Ledgers(store, processes, Retention.DEFAULT);
        this.index = new ProjectIndex(store, processes);
    }

    /** Whether a file of {@code tmp/} has been given up. */
    static boolean isOld(Store store, Disk.Stat stat) {
        return isOlder(store, stat, OLD);
    }

    private static boolean isOlder(Store store, Disk.Stat stat, Duration age) {
        return store.clock().millis() - stat.modifiedMillis() > age.toMillis();
    }

    /** One sweep, and what it removes. */
    private final class Run {

        private final Mode mode;
        private final List<Removed> removed = new ArrayList<>();
        private final Set<SessionId> removedSessions = new HashSet<>();

        Run(Mode mode) {
            this.mode = mode;
        }

        /** One thing that cannot be removed must not keep the others. */
        void remove(Path file, String why, Step step) throws InterruptedException {
            if (mode == Mode.DRY_RUN) {
                removed.add(new Removed(file, why));
            } else if (tryTo(file, step)) {
                store.trace().event(Event.SWEPT, Map.of("file", file.toString(), "why", why));
                removed.add(new Removed(file, why));
            }
        }

        boolean tryTo(Path file, Step step) throws InterruptedException {
            try {
                step.run();
                return true;
            } catch (NoSuchFileException e) {
                // Another sweep, or its owner, was faster.
                store.trace().event(Event.SWEPT_BY_ANOTHER, Map.of("file", file.toString()));
            } catch (IOException e) {
                store.trace().event(Event.SWEEP_FAILED, Map.of("file", file.toString(), "reason", e.toString()));
            }
            return false;
        }

        void removeFile(Path file, String why) throws InterruptedException {
            remove(file, why, () -> disk.deleteFile(file));
        }
    }

    /**
     * Removes all that nobody needs any more.
     *
     * @return what was removed, or would be
     * @throws IOException if a directory cannot be read; what cannot be removed, or not be judged, is traced and left
     */
    public List<Removed> sweep(Mode mode) throws IOException, InterruptedException {
        Run run = new Run(mode);
        house(run);
        List<SessionId> sessions = new ArrayList<>();
        for (Entry entry : scan.entries(store.sessions())) {
            if (Removal.isBegun(entry.name())) {
                removeRest(run, entry.path());
            } else if (SessionId.isValid(entry.name()) && entry.stat().kind() == Kind.DIRECTORY) {
                sessions.add(new SessionId(entry.name()));
            }
        }
        for (SessionId session : sessions) {
            tidy(run, session);
        }
        ended(run, sessions);
        index(run);
        endedNotes(run);
        return run.removed;
    }

    /**
     * Does a part of that, whose cost does not grow with what the store holds, but for two listings of names: all that is not
     * of one session, and so many sessions.
     *
     * @param after where the last part ended, in the order of the ids; empty to begin with the first
     * @param limit how many sessions at the most
     * @param between called before each session; what it throws ends the part
     * @throws IOException if a directory that is of no session cannot be read; what of a session cannot be read or removed is
     *     traced and left, so that the parts behind it get their turn
     */
    Piece sweepSome(Optional<SessionId> after, int limit, Step between) throws IOException, InterruptedException {
        Run run = new Run(Mode.REMOVE);
        house(run);
        List<SessionId> sessions = new ArrayList<>();
        for (String name : disk.list(store.sessions())) {
            if (Removal.isBegun(name)) {
                removeRest(run, store.sessions().resolve(name));
            } else if (SessionId.isValid(name)
                    && after.filter(last -> name.compareTo(last.value()) <= 0).isEmpty()) {
                sessions.add(new SessionId(name));
            }
        }
        sessions.sort(null);
        boolean isLast = sessions.size() <= limit;
        List<SessionId> part = sessions.subList(0, Math.min(limit, sessions.size()));
        for (SessionId session : part) {
            if (store.isRealDirectory(store.session(session))) {
                between.run();
                run.tryTo(store.session(session), () -> {
                    tidy(run, session);
                    if (!isWantedByOlderIds(session) && isOver(session)) {
                        removeSession(run, session);
                    }
                });
            }
        }
        if (isLast) {
            index(run);
            endedNotes(run);
        }
        return new Piece(run.removed, isLast ? Optional.empty() : Optional.of(part.get(part.size() - 1)));
    }

    /** Whether mail for an id that is still there goes to this one, or through it. */
    private boolean isWantedByOlderIds(SessionId session) throws IOException {
        for (Entry entry : scan.entries(store.part(session, Part.MOVED_FROM))) {
            if (SessionId.isValid(entry.name())
                    && store.forwardOf(new SessionId(entry.name())).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private void removeSession(Run run, SessionId session) throws IOException, InterruptedException {
        boolean moved = !disk.isAbsent(store.movedTo(session));
        String project = peers.find(session).map(Peer::project).orElse("");
        remove(run, session, moved);
        if (run.removedSessions.contains(session)) {
            run.tryTo(store.session(session), () -> index.forget(project, session));
        }
    }

    private void remove(Run run, SessionId session, boolean moved) throws InterruptedException {
        String why = moved ? "a former id, long unused" : "a session that ended long ago, with no mail left";
        run.remove(store.session(session), why, () -> {
            new Removal(store, scan).remove(session);
            run.removedSessions.add(session);
        });
    }

    private void removeRest(Run run, Path away) throws InterruptedException {
        run.remove(away, "a session whose removal was cut short", () -> new Removal(store, scan).finish(away));
    }

    /** What is of no session. */
    private void house(Run run) throws IOException, InterruptedException {
        for (Entry entry : scan.entries(store.home())) {
            if (HomeScan.FORMAT_BEGUN.matcher(entry.name()).matches() && isOld(store, entry.stat())) {
                run.removeFile(entry.path(), "was begun and never finished");
            }
        }
        clients(run);
        hosts(run);
        locks(run);
        new RemoteSweep(scan, store, stat -> isOlder(store, stat, keepEnded), run::remove).run();
    }

    /** What is said of sessions that are gone; of the known first, since those are not looked for any more. */
    private void index(Run run) throws IOException, InterruptedException {
        forget(run, store.projects().resolve(ProjectIndex.KNOWN));
        for (Entry entry : scan.entries(store.projects())) {
            if (ProjectIndex.STAMP_BEGUN.matcher(entry.name()).matches()) {
                if (isOld(store, entry.stat())) {
                    run.removeFile(entry.path(), "was begun and never finished");
                }
            } else if (ProjectIndex.STAMP.matcher(entry.name()).matches()) {
                if (isOlder(store, entry.stat(), keepEnded)) {
                    // Of an earlier boot, most likely; if not, it is made again.
                    run.removeFile(entry.path(), "is not in use");
                }
            } else if (IndexScan.isDirectory(entry) && !entry.name().equals(ProjectIndex.KNOWN)) {
                forget(run, entry.path());
                if (ProjectIndex.PROJECT.matcher(entry.name()).matches()
                        && disk.list(entry.path()).isEmpty()) {
                    run.remove(entry.path(), "a project without sessions", () -> disk.deleteDirectory(entry.path()));
                }
            }
        }
    }

    /** What was noted of projects without sessions. */
    private void endedNotes(Run run) throws IOException, InterruptedException {
        for (Entry file : scan.entries(store.home().resolve(EndedNotes.DIRECTORY))) {
            if (EndedNotes.BEGUN.matcher(file.name()).matches()) {
                if (isOld(store, file.stat())) {
                    run.removeFile(file.path(), "was begun and never finished");
                }
            } else if (ProjectIndex.PROJECT.matcher(file.name()).matches()
                    && scan.isAbsent(store.projects().resolve(file.name()))) {
                run.removeFile(file.path(), "of a project without sessions");
            }
        }
    }

    private void forget(Run run, Path directory) throws IOException, InterruptedException {
        if (!store.hasDirectory(directory)) {
            return;
        }
        for (String name : disk.list(directory)) {
            if (SessionId.isValid(name) && scan.isAbsent(store.session(new SessionId(name)))) {
                forget(run, directory.resolve(name), new SessionId(name));
            }
        }
    }

    private void forget(Run run, Path entry, SessionId session) throws InterruptedException {
        if (run.removedSessions.contains(session)) {
            // A part of that.
            run.tryTo(entry, () -> index.forget(entry, session));
        } else {
            run.remove(entry, "of a session that is not here", () -> index.forget(entry, session));
        }
    }

    private void clients(Run run) throws IOException, InterruptedException {
        for (Entry entry : scan.entries(store.clients())) {
            if (HomeScan.CLIENT_BEGUN.matcher(entry.name()).matches() && isOld(store, entry.stat())) {
                run.removeFile(entry.path(), "was begun and never finished");
            } else if (isLeft(entry)) {
                run.removeFile(entry.path(), "its process has ended");
            }
        }
    }

    /** Whether a pointer is no client's any more. */
    private boolean isLeft(Entry entry) {
        Optional<ProcessIdentity> client = HomeScan.client(entry.name());
        Vitality vitality = client.map(processes::vitality).orElse(Vitality.ALIVE);
        if (HomeScan.PID.matcher(entry.name()).matches()) {
            // A bare number, as hooks of before wrote it, may be of a client that lives in another container.
            return vitality == Vitality.DEAD && isOlder(store, entry.stat(), keepEnded);
        }
        return vitality == Vitality.DEAD || (vitality == Vitality.UNKNOWN && namesNoSession(entry));
    }

    private boolean namesNoSession(Entry entry) {
        try {
            Optional<SessionId> id = store.idIn(entry.path());
            return id.isPresent() && disk.stat(store.session(id.get())).isEmpty();
        } catch (IOException e) {
            // 'parley check' reports it.
            return false;
        }
    }

    private void hosts(Run run) throws IOException, InterruptedException {
        for (Entry host : scan.entries(store.home().resolve(FileClientNotes.HOSTS))) {
            Vitality vitality =
                    ProcessIdentity.parse(host.name()).map(processes::vitality).orElse(Vitality.ALIVE);
            boolean hasEnded = vitality == Vitality.DEAD || (vitality == Vitality.UNKNOWN && hostsNobody(host));
            if (hasEnded && host.stat().kind() == Kind.DIRECTORY) {
                for (Entry session : scan.entries(host.path())) {
                    run.removeFile(session.path(), "its process has ended");
                }
                run.remove(host.path(), "its process has ended", () -> disk.deleteDirectory(host.path()));
            }
        }
    }

    /** Whether all whom it hosted have been removed; of another boot or container no more can be told. */
    private boolean hostsNobody(Entry host) throws IOException {
        for (Entry session : scan.entries(host.path())) {
            if (SessionId.isValid(session.name())
                    && disk.stat(store.session(new SessionId(session.name()))).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private void locks(Run run) throws IOException, InterruptedException {
        Locks locks = new Locks(store, processes);
        Set<String> before = new HashSet<>(locks.litter());
        if (run.mode == Mode.REMOVE && !before.isEmpty()) {
            locks.sweep();
            before.removeAll(disk.list(store.locks()));
        }
        for (String name : before) {
            run.removed.add(new Removed(store.locks().resolve(name), "its owner has ended"));
        }
    }

    /** Where older hooks and servers proved mail, there is more than is kept now. */
    private void shown(Run run, SessionId session) throws IOException, InterruptedException {
        Path shown = store.part(session, Part.SHOWN);
        if (scan.names(shown).size() <= Mailbox.MAX_SHOWN) {
            return;
        }
        List<Entry> claims = new ArrayList<>(scan.directories(shown));
        if (claims.size() <= Mailbox.MAX_SHOWN) {
            return;
        }
        claims.sort(Comparator.comparingLong(claim -> claim.stat().changedMillis()));
        for (Entry claim : claims.subList(0, claims.size() - Mailbox.MAX_SHOWN * 3 / 4)) {
            run.remove(claim.path(), "was shown long ago", () -> {
                for (Entry message : scan.entries(claim.path())) {
                    disk.deleteFile(message.path());
                }
                disk.deleteDirectory(claim.path());
            });
        }
    }

    private void tidy(Run run, SessionId session) throws IOException, InterruptedException {
        for (Entry entry : scan.entries(store.mailbox(session).resolve("tmp"))) {
            if (entry.stat().kind() == Kind.FILE && isOld(store, entry.stat())) {
                run.removeFile(entry.path(), "was begun and never finished");
            }
        }
        for (Entry entry : scan.entries(store.session(session))) {
            if (SessionScan.LEFT.matcher(entry.name()).matches() && isOlder(store, entry.stat(), keepEnded)) {
                run.removeFile(entry.path(), "is not in use");
            }
        }
        shown(run, session);
        asks(run, session);
        ledger(run, session);
        marks(run, session);
        moves(run, session);
    }

    /** A sender that ends right after its message leaves the pruning of a long ledger undone. */
    private void ledger(Run run, SessionId session) throws InterruptedException {
        if (run.mode == Mode.REMOVE) {
            run.tryTo(store.ledger(session), () -> {
                if (!store.hasDirectory(store.ledger(session))
                        || !store.currentOf(session).equals(session)) {
                    return;
                }
                ledgers.prune(session);
            });
        }
    }

    private void marks(Run run, SessionId session) throws IOException, InterruptedException {
        Set<String> names = new LinkedHashSet<>(scan.names(store.ledger(session)));
        for (String name : names) {
            int comma = name.indexOf(',');
            if (comma > 0
                    && MessageId.isValid(name.substring(0, comma))
                    && !names.contains(name.substring(0, comma))
                    && isRecordedNowhere(scan, store, session, name.substring(0, comma))) {
                run.removeFile(store.ledger(session).resolve(name), "marks a message that is not recorded");
            }
        }
    }

    /**
     * Whether no record of this name is where one may be whose mark is here: it may have been made since the names were
     * listed, and while a session moves to another id the record goes before its marks.
     */
    static boolean isRecordedNowhere(Scan scan, Store store, SessionId session, String record) throws IOException {
        for (SessionId older : new Relocation(store, scan.processes()).olderIds(session)) {
            if (!scan.isAbsent(store.ledger(older).resolve(record))) {
                return false;
            }
        }
        // In this order: a mover writes moved_to before it moves a record.
        return scan.isAbsent(store.ledger(session).resolve(record)) && scan.isAbsent(store.movedTo(session));
    }

    private void asks(Run run, SessionId session) throws IOException, InterruptedException {
        Set<String> names = new LinkedHashSet<>(scan.names(store.asks(session)));
        for (Entry entry : scan.entries(store.asks(session))) {
            Optional<AskFile.Mark> mark = AskFile.Mark.parse(entry.name());
            if (mark.isPresent() && isGone(mark.get().waiter(), entry.stat())) {
                run.removeFile(entry.path(), "its waiter has ended");
            } else if (RequestId.isValid(entry.name()) && hasRunOut(entry, names)) {
                run.removeFile(entry.path(), "a question that has run out");
                // What is noted of it comes behind it.
                names.remove(entry.name());
            } else if (isOfNoQuestion(scan, store, session, names, entry)) {
                run.removeFile(entry.path(), "a note of a question that is not open");
            }
        }
    }

    /**
     * Whether a note is of a question that is closed; one that was just made may be of a question that is about to be asked, and
     * while a session moves to another id the question goes before its notes.
     */
    static boolean isOfNoQuestion(Scan scan, Store store, SessionId session, Set<String> names, Entry note)
            throws IOException {
        Optional<RequestId> noted = AskFile.noted(note.name());
        return noted.isPresent()
                && !names.contains(noted.get().value())
                && isOld(store, note.stat())
                && scan.isAbsent(store.movedTo(session));
    }

    /** Whether a question is open no more, and its asker knows that, or has not looked for it for long. */
    static boolean hasRunOut(Store store, PendingAsk ask, Set<String> names, Duration keepUntold) {
        Instant now = store.clock().instant();
        return ask.isExpired(now)
                && (AskFile.isToldOfItsEnd(ask.requestId(), names)
                        || ask.runsOutAt().plus(keepUntold).isBefore(now));
    }

    private boolean isGone(OwnerToken token, Disk.Stat stat) {
        Vitality vitality = processes.vitality(token.holder());
        return vitality == Vitality.DEAD || (vitality == Vitality.UNKNOWN && isOld(store, stat));
    }

    private boolean hasRunOut(Entry entry, Set<String> names) {
        try {
            byte[] content = disk.readFile(entry.path(), AskFile.MAX_BYTES);
            PendingAsk ask = AskFile.withDue(AskFile.decode(entry.path(), content), names);
            return hasRunOut(store, ask, names, keepEnded);
        } catch (IOException e) {
            // 'parley check' reports it.
            return false;
        }
    }

    private void moves(Run run, SessionId session) throws IOException, InterruptedException {
        try {
            Optional<SessionId> next = store.forwardOf(session);
            if (next.isEmpty()) {
                return;
            }
            SessionId end = store.currentOf(session);
            if (!next.get().equals(end)) {
                run.remove(
                        store.movedTo(session),
                        "led to " + end + " through other ids, now straight",
                        () -> relocation.shorten(session));
            }
            if (run.mode == Mode.REMOVE && store.isRealDirectory(store.session(end))) {
                relocation.complete(end);
            }
        } catch (CorruptFileException | FileSystemException e) {
            store.trace()
                    .event(
                            Event.SWEEP_FAILED,
                            Map.of("file", store.movedTo(session).toString(), "reason", e.toString()));
        }
    }

    /** Older ids first, so that no pointer is left that leads nowhere. */
    private void ended(Run run, List<SessionId> sessions) throws IOException, InterruptedException {
        Set<SessionId> kept = new HashSet<>();
        for (boolean moved : List.of(true, false)) {
            for (SessionId session : sessions) {
                if (disk.stat(store.movedTo(session)).isPresent() != moved) {
                    continue;
                }
                if (kept.contains(session) || !isKnownToBeOver(session)) {
                    heirs(session).forEach(kept::add);
                } else {
                    remove(run, session, moved);
                }
            }
        }
    }

    /** The ids that a kept session's mail goes to: they must stay too. */
    private List<SessionId> heirs(SessionId session) {
        List<SessionId> heirs = new ArrayList<>();
        try {
            Optional<SessionId> next = store.forwardOf(session);
            while (next.isPresent() && !heirs.contains(next.get())) {
                heirs.add(next.get());
                next = store.forwardOf(next.get());
            }
        } catch (IOException e) {
            store.trace().event(Event.MOVED_TO_UNREADABLE, Map.of("session", session.value(), "reason", e.toString()));
        }
        return heirs;
    }

    /** A session of which something cannot be read now, such as its card, stays; the others are judged all the same. */
    private boolean isKnownToBeOver(SessionId session) {
        try {
            return isOver(session);
        } catch (IOException e) {
            store.trace()
                    .event(
                            Event.SWEEP_FAILED,
                            Map.of("file", store.session(session).toString(), "reason", e.toString()));
            return false;
        }
    }

    private boolean isOver(SessionId session) throws IOException {
        Optional<Disk.Stat> pointer = disk.stat(store.movedTo(session));
        if (MailboxScan.unproven(scan, store.session(session)) > 0) {
            return false;
        }
        if (pointer.isPresent()) {
            return isOlder(store, pointer.get(), keepEnded);
        }
        Optional<Peer> peer = peers.find(session);
        Life life = peer.isPresent() ? peers.presence(peer.get()).life() : Life.UNKNOWN;
        Duration keep = life == Life.UNKNOWN && peer.isPresent() ? keepEnded.multipliedBy(UNKNOWN_FACTOR) : keepEnded;
        return life != Life.LIVE && !hasSignWithin(session, keep);
    }

    private boolean hasSignWithin(SessionId session, Duration age) throws IOException {
        // Also the last time that something was taken, or proven shown: the time begins when nothing unread is left.
        for (Path sign : List.of(
                store.card(session),
                store.activity(session),
                store.session(session),
                store.part(session, Part.NEW),
                store.part(session, Part.CUR),
                store.part(session, Part.SHOWN))) {
            Optional<Disk.Stat> stat = disk.stat(sign);
            if (stat.isPresent() && !isOlder(store, stat.get(), age)) {
                return true;
            }
        }
        return false;
    }
}
