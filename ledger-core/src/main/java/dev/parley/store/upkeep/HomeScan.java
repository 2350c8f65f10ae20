package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Store;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.peer.EndedNotes;
import dev.parley.store.peer.FileClientNotes;
import dev.parley.store.peer.ProjectIndex;
import dev.parley.store.upkeep.Scan.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks through the root of the store, its locks and its client processes, and leads on to the sessions. */
final class HomeScan {

    private static final Set<String> DIRECTORIES = Set.of(
            "clients",
            FileClientNotes.HOSTS,
            "sessions",
            "projects",
            EndedNotes.DIRECTORY,
            "locks",
            "outbox",
            "intake",
            "sent",
            "followed",
            "refused",
            "elsewhere",
            "plugins",
            "setup",
            SetAside.DIRECTORY);
    private static final String STARTS = "starts";
    private static final Set<String> FILES = Set.of("format", "swept", "resume", "hub", STARTS);
    static final Pattern FORMAT_BEGUN = Pattern.compile("format\\.[0-9a-z]{1,16}\\.tmp");
    static final Pattern CLIENT_BEGUN = Pattern.compile("[1-9]\\d{0,17}(\\.\\d{1,18}\\.[0-9a-z]{1,40})?\\.h\\d+\\.tmp");
    private static final int MAX_POINTER = 256;
    static final Pattern PID = Pattern.compile("[1-9]\\d{0,17}");

    private final Scan scan;
    private final Store store;

    HomeScan(Scan scan, Store store) {
        this.scan = scan;
        this.store = store;
    }

    void run() throws IOException {
        scan.checkMode(store.home());
        for (Entry entry : scan.entries(store.home())) {
            if (DIRECTORIES.contains(entry.name())) {
                scan.isA(Kind.DIRECTORY, entry);
            } else if (FILES.contains(entry.name())) {
                if (scan.isA(Kind.FILE, entry) && entry.name().equals(STARTS)) {
                    starts(entry.path());
                }
            } else if (FORMAT_BEGUN.matcher(entry.name()).matches()) {
                scan.litter(entry.path(), "was begun and never finished");
            } else if (!Store.isTrace(entry.path())) {
                scan.setAside(Severity.WARNING, entry.path(), "is no part of a store");
            }
        }
        clients();
        hosts();
        locks();
        sessions();
        new IndexScan(scan, store).run();
        ended();
        new RemoteScan(scan, store).run();
    }

    /** What has ended is noted again by whoever reads the cards next. */
    private void ended() throws IOException {
        for (Entry file : scan.files(store.home().resolve(EndedNotes.DIRECTORY))) {
            if (EndedNotes.BEGUN.matcher(file.name()).matches()) {
                if (StoreSweep.isOld(store, file.stat())) {
                    scan.litter(file.path(), "was begun and never finished");
                }
            } else if (!ProjectIndex.PROJECT.matcher(file.name()).matches()) {
                scan.setAside(Severity.WARNING, file.path(), "is not named after a project");
            } else {
                try {
                    Optional<byte[]> content = scan.read(file.path(), EndedNotes.MAX_BYTES);
                    if (content.isPresent()) {
                        Checksummed.decode(file.path(), content.get());
                    }
                } catch (CorruptFileException e) {
                    scan.setAside(Severity.WARNING, file.path(), "cannot be read: " + e.what());
                }
            }
        }
    }

    /** Without it sessions may be started more often than was meant for an hour; no mail is lost. */
    private void starts(Path file) throws IOException {
        try {
            Optional<byte[]> content = scan.read(file, GuardedValue.MAX_BYTES);
            if (content.isPresent()) {
                Checksummed.decode(file, content.get());
            }
        } catch (CorruptFileException e) {
            scan.setAside(Severity.WARNING, file, "cannot be read: " + e.what());
        }
    }

    private void clients() throws IOException {
        for (Entry entry : scan.files(store.clients())) {
            if (CLIENT_BEGUN.matcher(entry.name()).matches()) {
                scan.litter(entry.path(), "was begun and never finished");
                continue;
            }
            Optional<ProcessIdentity> client = client(entry.name());
            if (client.isEmpty()) {
                scan.setAside(Severity.WARNING, entry.path(), "is not named after a process");
                continue;
            }
            try {
                Optional<byte[]> content = scan.read(entry.path(), MAX_POINTER);
                String id = new String(content.orElse(new byte[0]), US_ASCII).strip();
                if (content.isPresent() && !SessionId.isValid(id)) {
                    scan.setAside(Severity.ERROR, entry.path(), "does not hold the id of a session");
                } else if (scan.processes().vitality(client.get()) == Vitality.DEAD) {
                    scan.litter(entry.path(), "its process has ended");
                } else if (content.isPresent() && !store.hasDirectory(store.session(new SessionId(id)))) {
                    scan.setAside(Severity.WARNING, entry.path(), "names a session that is not here");
                }
            } catch (CorruptFileException e) {
                scan.setAside(Severity.ERROR, entry.path(), "does not hold the id of a session");
            }
        }
    }

    /** The process that a pointer is named after; hooks of before wrote the number alone. */
    static Optional<ProcessIdentity> client(String name) {
        return PID.matcher(name).matches()
                ? Optional.of(new ProcessIdentity(Long.parseLong(name), 0, "0"))
                : ProcessIdentity.parse(name);
    }

    private void hosts() throws IOException {
        for (Entry host : scan.directories(store.home().resolve(FileClientNotes.HOSTS))) {
            Optional<ProcessIdentity> process = ProcessIdentity.parse(host.name());
            if (process.isEmpty()) {
                scan.setAside(Severity.WARNING, host.path(), "is not named after a process");
            } else if (scan.processes().vitality(process.get()) == Vitality.DEAD) {
                scan.litter(host.path(), "its process has ended");
            } else {
                for (Entry session : scan.files(host.path())) {
                    if (!SessionId.isValid(session.name())) {
                        scan.setAside(Severity.WARNING, session.path(), "is not named after a session");
                    }
                }
            }
        }
    }

    private void locks() throws IOException {
        for (Entry lock : scan.directories(store.locks())) {
            for (Entry owner : scan.files(lock.path())) {
                Optional<OwnerToken> token = OwnerToken.parse(owner.name());
                if (token.isEmpty()) {
                    scan.setAside(Severity.WARNING, owner.path(), "is not the owner of a lock");
                } else if (scan.processes().vitality(token.get().holder()) == Vitality.DEAD) {
                    scan.litter(owner.path(), "the owner of this lock has ended");
                }
            }
        }
    }

    private void sessions() throws IOException {
        List<SessionId> sessions = new ArrayList<>();
        for (Entry entry : scan.entries(store.sessions())) {
            if (Removal.isBegun(entry.name())) {
                scan.add(
                        Severity.LITTER,
                        entry.path(),
                        "a session whose removal was cut short",
                        Scan.BY_GC,
                        aside -> new Removal(store, scan).finish(entry.path()));
            } else if (!SessionId.isValid(entry.name())) {
                scan.setAside(Severity.WARNING, entry.path(), "is not named as a session can be");
            } else if (scan.isA(Kind.DIRECTORY, entry)) {
                SessionId session = new SessionId(entry.name());
                sessions.add(session);
                new SessionScan(scan, store, session).run();
            }
        }
        new MovesScan(scan, store, sessions).run();
    }
}
