package dev.parley.cockpit;

import dev.parley.address.MessageId;
import dev.parley.office.PostOffice;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.SessionOverview;
import dev.parley.peer.Peer;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeLog.End;
import dev.parley.wake.ResumeLog.Parking;
import dev.parley.wake.ResumeLog.Run;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the starts of sessions without a terminal look to a person: when, for which request, how each ended, and what it cost. */
public final class ResumeStarts {

    private ResumeStarts() {}

    /**
     * A start of a session.
     *
     * @param peer the session
     * @param run the start
     */
    public record Start(Peer peer, Run run) {

        /** In a line: {@code 10:02:03  calm-otter resumed for m-…: did its turn (10:02:40), 0.0123 USD}. */
        public String line(ZoneId zone) {
            return Lines.time(run.began(), zone) + "  " + peer.name() + " resumed "
                    + run.request().map(request -> "for " + request).orElse("by hand") + ": "
                    + run.end()
                            .map(end -> end.outcome().inWords() + " (" + Lines.time(end.at(), zone) + ")"
                                    + end.costInWords().map(cost -> ", " + cost).orElse(""))
                            .orElse("its end was not noted yet");
        }

        /** For programs. */
        public Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            out.put("session", peer.id().value());
            out.put("session_name", peer.name());
            out.put("request", run.request().map(MessageId::value).orElse(null));
            out.put("began_at", run.began().toString());
            out.put("ended_at", run.end().map(End::at).map(Instant::toString).orElse(null));
            out.put(
                    "outcome",
                    run.end()
                            .map(end -> end.outcome().name().toLowerCase(Locale.ROOT))
                            .orElse(null));
            out.put("cost", run.end().flatMap(End::costInWords).orElse(null));
            return out;
        }
    }

    /**
     * Those of a project's sessions, in the order of time.
     *
     * @param wanted which sessions
     * @param since only what began since then
     * @throws IOException if one's cannot be read
     */
    public static List<Start> of(
            PostOffice office, ProjectOverview project, Predicate<SessionOverview> wanted, Optional<Instant> since)
            throws IOException {
        ResumeRecords records = new ResumeRecords(office);
        List<Start> starts = new ArrayList<>();
        for (SessionOverview session : project.sessions()) {
            if (wanted.test(session)) {
                records.of(session.id()).runs().stream()
                        .filter(run -> since.filter(run.began()::isBefore).isEmpty())
                        .forEach(run -> starts.add(new Start(session.peer(), run)));
            }
        }
        starts.sort(Comparator.comparing(start -> start.run().began()));
        return starts;
    }

    /** The newest of a session, and what keeps it from being resumed; empty if there is neither. */
    public static Optional<String> line(PostOffice office, Peer peer, ZoneId zone) throws IOException {
        ResumeRecords records = new ResumeRecords(office);
        Optional<Parking> parking = records.parking(peer);
        if (parking.isPresent()) {
            return Optional.of(peer.name() + " is not resumed for requests, "
                    + parking.get().inWords());
        }
        List<Run> runs = records.of(peer.id()).runs();
        return runs.isEmpty() ? Optional.empty() : Optional.of(new Start(peer, runs.get(runs.size() - 1)).line(zone));
    }

    /** The same for programs; null if there is neither. */
    public static @Nullable Map<String, @Nullable Object> asMap(PostOffice office, Peer peer) throws IOException {
        ResumeRecords records = new ResumeRecords(office);
        ResumeLog log = records.of(peer.id());
        Optional<Parking> parking = records.parking(peer);
        if (parking.isEmpty() && log.runs().isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("parked", parking.map(Parking::reason).orElse(null));
        out.put(
                "parked_until",
                parking.flatMap(Parking::until).map(Instant::toString).orElse(null));
        out.put(
                "starts",
                log.runs().stream().map(run -> new Start(peer, run).asMap()).toList());
        return out;
    }
}
