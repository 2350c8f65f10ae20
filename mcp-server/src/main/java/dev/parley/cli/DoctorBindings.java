package dev.parley.cli;

import dev.parley.client.Bindings;
import dev.parley.client.Clients;
import dev.parley.office.PostOffice;
import dev.parley.overview.SessionOverview;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.setup.Examination;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.supervise.SupervisionLog.What;
import dev.parley.supervise.SupervisionRecords;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks whether sessions can be gone on with once their clients have ended, and who looks after them until then. */
final class DoctorBindings {

    private final PostOffice office;
    private final SupervisionRecords records;

    /** Why notes of hooks cannot be read, by session. */
    private final Map<String, String> unreadable;

    DoctorBindings(PostOffice office, Map<String, String> unreadable) {
        this.office = office;
        this.records = new SupervisionRecords(office);
        this.unreadable = unreadable;
    }

    List<Examination> examine(List<SessionOverview> sessions) throws IOException {
        List<Examination> found = new ArrayList<>();
        int kept = 0;
        for (SessionOverview session : sessions) {
            Peer peer = session.peer();
            if (!session.isGone() && Clients.of(peer).resumption().isPresent()) {
                Optional<String> trouble = Bindings.notKept(office, peer);
                String why = unreadable.get(peer.id().value());
                if (trouble.isPresent() || why != null) {
                    found.add(Examination.warning(
                            "binding of " + peer.name(),
                            why == null ? trouble.orElse("") : "what its hooks noted cannot be read: " + why,
                            "its next prompt notes it; if not, see above for disk space and store content, and run parley"
                                    + " check"));
                } else {
                    kept++;
                }
            }
            supervision(session).ifPresent(found::add);
        }
        if (kept > 0) {
            found.add(Examination.ok(
                    "bindings", "what is needed to go on with a session is kept for " + kept + " of those that run"));
        }
        return found;
    }

    private Optional<Examination> supervision(SessionOverview session) throws IOException {
        Peer peer = session.peer();
        String check = "supervision of " + peer.name();
        Optional<Step> last = records.of(peer.id()).last();
        Optional<Step> present = records.present(peer);
        if (last.isEmpty() || (present.isEmpty() && isOver(last.get()))) {
            return Optional.empty();
        }
        String resumed = ", resumed " + records.of(peer.id()).resumed() + " times of late";
        if (present.isPresent()) {
            Step step = present.get();
            ProcessIdentity supervisor = step.supervisor();
            return Optional.of(
                    step.what() == What.PARKED
                            ? Examination.warning(
                                    check,
                                    parked(step) + ", by process " + supervisor.pid() + resumed,
                                    "it is resumed then; Ctrl-C in its terminal ends the wait")
                            : Examination.ok(check, "by process " + supervisor.pid() + resumed));
        }
        if (last.get().what() == What.PARKED) {
            return Optional.of(Examination.warning(
                    check,
                    parked(last.get()) + ", but whoever waited for that has ended",
                    "parley resume " + peer.name()));
        }
        return session.isGone()
                ? Optional.empty()
                : Optional.of(Examination.warning(
                        check,
                        "process " + last.get().supervisor().pid()
                                + " has ended: nobody resumes the session after a crash",
                        "end the client when it suits, and begin it again with parley run"));
    }

    private static boolean isOver(Step step) {
        return step.what() == What.ENDED || step.what() == What.GIVEN_UP;
    }

    private static String parked(Step step) {
        return step.what().inWords()
                + step.until()
                        .map(at -> " until " + at.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("");
    }
}
