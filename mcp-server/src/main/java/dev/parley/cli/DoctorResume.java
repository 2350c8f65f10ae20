package dev.parley.cli;

import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.overview.Overview;
import dev.parley.overview.SessionOverview;
import dev.parley.peer.Project;
import dev.parley.session.PostOffices;
import dev.parley.session.ResumeSwitch;
import dev.parley.setup.Examination;
import dev.parley.supervise.StartBudget;
import dev.parley.supervise.StartLimits;
import dev.parley.trace.Trace;
import dev.parley.trace.Why;
import dev.parley.wake.ResumeLog.Parking;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks whether requests may have sessions resumed here, and which of them are not resumed any more. */
final class DoctorResume {

    private static final String CHECK = "resume";

    private final Map<String, String> environment;
    private final Path directory;

    DoctorResume(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    Examination examine() {
        try {
            String project = Project.of(directory).key();
            return ResumeSwitch.isOn(environment, project)
                    ? parked(PostOffices.open(environment, Trace.NONE), project)
                    : Examination.ok(
                            CHECK,
                            "off here: no request has a session resumed that has ended; 'parley setup --resume' switches it on");
        } catch (IOException e) {
            return Examination.failure(
                    CHECK,
                    "whether requests may have sessions resumed cannot be told: " + Why.of(e),
                    "run 'parley setup --resume' or 'parley setup --resume=off' again, and 'parley check'");
        }
    }

    private Examination parked(PostOffice office, String project) throws IOException {
        new StartBudget(office, StartLimits.of(environment)).check();
        List<String> parked = new ArrayList<>();
        ResumeRecords records = new ResumeRecords(office);
        for (SessionOverview session : new Overview(office).of(project).sessions()) {
            Optional<Parking> parking = session.isGone() ? records.parking(session.peer()) : Optional.empty();
            parking.ifPresent(why -> parked.add(session.peer().name() + " (" + why.inWords() + ")"));
        }
        String on = "on here: a request has a session resumed that has ended";
        return parked.isEmpty()
                ? Examination.ok(CHECK, on)
                : Examination.warning(
                        CHECK,
                        on + ", but not " + PlainText.line(String.join(", ", parked)),
                        "'parley resume NAME' starts one, and ends that it is parked; docs/WAKING.md says what each reason means");
    }
}
