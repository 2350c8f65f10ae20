package dev.parley.cockpit;

import dev.parley.office.PostOffice;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.SessionOverview;
import dev.parley.peer.Peer;
import dev.parley.supervise.SupervisionLog;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.supervise.SupervisionLog.What;
import dev.parley.supervise.SupervisionRecords;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How it looks to a person what supervisors do for sessions. */
public final class SupervisedSessions {

    private SupervisedSessions() {}

    /** Whether somebody looks after a session at this moment. */
    public static boolean isPresent(PostOffice office, Peer peer) throws IOException {
        return new SupervisionRecords(office).present(peer).isPresent();
    }

    /** That a session is supervised, or parked; empty if neither. */
    public static Optional<String> line(PostOffice office, Peer peer, ZoneId zone) throws IOException {
        SupervisionRecords records = new SupervisionRecords(office);
        Optional<Step> present = records.present(peer);
        if (present.isEmpty()) {
            return Optional.empty();
        }
        long resumed = records.of(peer.id()).resumed();
        return Optional.of(peer.name() + " is "
                + (present.get().what() == What.PARKED ? inWords(present.get(), zone) : "supervised") + ", by process "
                + present.get().supervisor().pid()
                + (resumed == 0 ? "" : "; resumed " + resumed + (resumed == 1 ? " time" : " times")));
    }

    private static String inWords(Step step, ZoneId zone) {
        return step.what().inWords()
                + step.until().map(at -> " until " + Lines.time(at, zone)).orElse("");
    }

    /**
     * What was done for a project's sessions, in the order of time, a line each; not that one has begun or ended as it should.
     *
     * @param wanted which sessions
     * @param since only what was done since then
     */
    public static List<String> steps(
            PostOffice office,
            ProjectOverview project,
            Predicate<SessionOverview> wanted,
            Optional<Instant> since,
            ZoneId zone)
            throws IOException {
        SupervisionRecords records = new SupervisionRecords(office);
        Map<Step, String> lines = new LinkedHashMap<>();
        for (SessionOverview session : project.sessions()) {
            if (wanted.test(session)) {
                records.of(session.id()).steps().stream()
                        .filter(step -> step.what() != What.BEGAN && step.what() != What.ENDED)
                        .filter(step -> since.filter(step.at()::isBefore).isEmpty())
                        .forEach(step -> lines.put(
                                step,
                                Lines.time(step.at(), zone) + "  "
                                        + session.peer().name() + " "
                                        + inWords(step, zone)
                                        + step.code()
                                                .map(code -> ": its client had ended with " + code)
                                                .orElse("")));
            }
        }
        List<Step> sorted = new ArrayList<>(lines.keySet());
        sorted.sort(Comparator.comparing(Step::at));
        return sorted.stream().map(lines::get).toList();
    }

    /** The same of one session for programs; null if nobody has ever supervised it. */
    public static @Nullable Map<String, @Nullable Object> asMap(PostOffice office, Peer peer) throws IOException {
        SupervisionRecords records = new SupervisionRecords(office);
        SupervisionLog log = records.of(peer.id());
        if (log.last().isEmpty()) {
            return null;
        }
        Step last = log.last().get();
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("last", last.what().word());
        out.put("at", last.at().toString());
        out.put("exit_code", last.code().orElse(null));
        out.put("until", last.until().map(Instant::toString).orElse(null));
        out.put("resumed", log.resumed());
        out.put(
                "supervisor_pid",
                records.present(peer).map(step -> step.supervisor().pid()).orElse(null));
        return out;
    }
}
