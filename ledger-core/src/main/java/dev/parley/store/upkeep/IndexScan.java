package dev.parley.store.upkeep;

import dev.parley.address.SessionId;
import dev.parley.office.Finding.Severity;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Store;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.peer.ProjectIndex;
import dev.parley.store.upkeep.Scan.Entry;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Looks through {@code projects/}. A session that is missing there is no finding: whoever looks for it adds it. */
final class IndexScan {

    private final Scan scan;
    private final Store store;
    private final PeerDirectory peers;
    private final ProjectIndex index;

    IndexScan(Scan scan, Store store) {
        this.scan = scan;
        this.store = store;
        this.peers = new FilePeerDirectory(store, scan.processes());
        this.index = new ProjectIndex(store, scan.processes());
    }

    /** Whether something in {@code projects/} holds entries. */
    static boolean isDirectory(Entry entry) {
        return entry.stat().kind() == Kind.DIRECTORY && isNamedLikeADirectory(entry.name());
    }

    private static boolean isNamedLikeADirectory(String name) {
        return name.equals(ProjectIndex.KNOWN)
                || name.equals(ProjectIndex.UNSORTED)
                || ProjectIndex.PROJECT.matcher(name).matches();
    }

    void run() throws IOException {
        for (Entry entry : scan.entries(store.projects())) {
            if (ProjectIndex.STAMP.matcher(entry.name()).matches()) {
                requireEmptyFile(entry);
            } else if (ProjectIndex.STAMP_BEGUN.matcher(entry.name()).matches()) {
                if (StoreSweep.isOld(store, entry.stat())) {
                    scan.litter(entry.path(), "was begun and never finished");
                }
            } else if (!isNamedLikeADirectory(entry.name())) {
                wrong(entry, "is no part of the index by project");
            } else if (entry.stat().kind() != Kind.DIRECTORY) {
                wrong(entry, "is something else than a directory of the index by project");
            } else {
                scan.checkMode(entry.path());
                sessions(entry);
            }
        }
    }

    private void sessions(Entry directory) throws IOException {
        for (Entry entry : scan.entries(directory.path())) {
            if (!SessionId.isValid(entry.name())) {
                wrong(entry, "is not named as a session can be");
            } else if (requireEmptyFile(entry)) {
                SessionId session = new SessionId(entry.name());
                if (scan.isAbsent(store.session(session))) {
                    scan.litter(entry.path(), "of a session that is not here");
                } else if (directory.name().equals(ProjectIndex.KNOWN)) {
                    known(entry, session);
                }
            }
        }
    }

    private boolean requireEmptyFile(Entry entry) throws IOException {
        if (entry.stat().kind() != Kind.FILE) {
            wrong(entry, "is something else than a file of the index by project");
            return false;
        }
        if (entry.stat().size() > 0) {
            wrong(entry, "is not empty, as all files of the index by project are");
        }
        scan.checkMode(entry.path());
        return true;
    }

    /** A session that was added once, and does not stand where it should, would not be looked for any more. */
    private void known(Entry entry, SessionId session) throws IOException {
        Optional<String> project;
        boolean isFound;
        try {
            project = peers.find(session).map(Peer::project);
            isFound = project.isEmpty() || index.has(project.get(), session);
        } catch (IOException e) {
            // Something above the card or the entry is wrong, which is reported of that.
            store.trace().event(Event.NOT_LOOKED_AT, Map.of("file", entry.path().toString(), "reason", e.toString()));
            return;
        }
        if (!isFound) {
            scan.add(
                    Severity.WARNING,
                    entry.path(),
                    "does not stand under its project as well, so it may not be found there",
                    "run 'parley check --repair' to add it",
                    aside -> index.add(project.get(), session));
        }
    }

    /** The index as a whole: it is made again by whoever looks for a session next, and a part of it would not be. */
    private void wrong(Entry entry, String what) {
        scan.add(
                Severity.ERROR,
                entry.path(),
                what,
                "run 'parley check --repair' to have the index made again",
                aside -> aside.move(store.projects()));
    }
}
