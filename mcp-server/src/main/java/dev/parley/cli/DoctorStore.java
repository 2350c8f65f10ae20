package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.office.Finding;
import dev.parley.office.Finding.Severity;
import dev.parley.office.PostOffice;
import dev.parley.overview.Overview;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.UnreadMail;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.session.PostOffices;
import dev.parley.setup.Examination;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at the store, and at who can be reached in it. */
final class DoctorStore {

    private static final long LITTLE_SPACE = 200L << 20;
    private static final long NO_SPACE = 10L << 20;

    private final Map<String, String> environment;
    private final Path directory;
    private final List<Examination> found = new ArrayList<>();
    private final Map<String, String> unreadable = new HashMap<>();

    DoctorStore(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    List<Examination> examine() throws IOException {
        PostOffice office;
        try {
            // Opening checks owner, permissions and format; it makes the store if there is none.
            office = PostOffices.open(environment, this::note);
        } catch (IOException e) {
            found.add(Examination.failure(
                    "store", Why.of(e), "do what it says, or set PARLEY_HOME to another directory"));
            return List.copyOf(found);
        }
        found.add(Examination.ok("store", office.place() + ", private and of this version"));
        space(PostOffices.home(environment));
        content(office);
        peers(office);
        supervision(office);
        return List.copyOf(found);
    }

    /** What reading tells beside what it returns. */
    private void note(Event event, Map<String, ?> fields) {
        if (event == Event.BINDING_UNREADABLE) {
            unreadable.put(String.valueOf(fields.get("session")), String.valueOf(fields.get("reason")));
        }
    }

    private void supervision(PostOffice office) throws IOException {
        List<SessionOverview> sessions =
                new Overview(office).of(Project.of(directory).key()).sessions();
        for (SessionOverview session : sessions) {
            var unused = office.peers().noted(session.peer());
        }
        found.addAll(new DoctorBindings(office, unreadable).examine(sessions));
    }

    private void space(Path home) throws IOException {
        long free = Files.getFileStore(home).getUsableSpace();
        String seen = (free >> 20) + " MB free";
        found.add(
                free < NO_SPACE
                        ? Examination.failure("disk space", seen, "make room: nothing can be sent on a full disk")
                        : free < LITTLE_SPACE
                                ? Examination.warning("disk space", seen, "make room before it is full")
                                : Examination.ok("disk space", seen));
    }

    private void content(PostOffice office) throws IOException {
        List<Finding> findings = PostOffices.upkeep(office).check();
        long errors = count(findings, Severity.ERROR);
        long warnings = count(findings, Severity.WARNING);
        long locks = findings.stream().filter(Finding::ofLock).count();
        found.add(
                errors > 0
                        ? Examination.failure("store content", errors + " things are damaged", "parley check --repair")
                        : warnings > 0
                                ? Examination.warning(
                                        "store content", warnings + " things are not as they should be", "parley check")
                                : Examination.ok("store content", "all is well"));
        found.add(
                locks > 0
                        ? Examination.warning("locks", locks + " left by processes that have ended", "parley gc")
                        : Examination.ok("locks", "none is stale"));
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private void peers(PostOffice office) throws IOException {
        Overview overview = new Overview(office);
        List<SessionOverview> sessions =
                overview.of(Project.of(directory).key()).sessions();
        // Whoever is in a pane can be typed to, hooks or not.
        Map<SessionId, List<String>> panes = overview.tmuxSessions(sessions);
        int dead = 0;
        for (SessionOverview session : sessions) {
            Peer peer = session.peer();
            UnreadMail unread = overview.unread(session);
            unread.trouble()
                    .ifPresent(why ->
                            found.add(Examination.failure("mailbox of " + peer.name(), why, "parley check --repair")));
            if (session.isGone()) {
                dead += unread.isThere() ? 1 : 0;
                continue;
            }
            List<String> ways = new ArrayList<>(overview.ways(session));
            String check = "peer " + peer.name();
            if (peer.process().isPresent() && panes.containsKey(peer.id())) {
                ways.add("tmux (wake \"auto\", when it is safe to type)");
            }
            found.add(
                    ways.equals(List.of("read"))
                            ? Examination.warning(
                                    check,
                                    peer.client() + ", cannot be woken; its mail waits until it looks",
                                    "start it again after parley setup, so that its hooks are there")
                            : Examination.ok(check, peer.client() + ", reached by " + String.join(", ", ways)));
        }
        if (dead > 0) {
            found.add(Examination.warning(
                    "ended sessions",
                    dead + " in this project have ended with unread mail",
                    "resume them to read it; it is kept until it is read"));
        }
    }
}
