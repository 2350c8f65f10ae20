package dev.parley.cockpit;

import dev.parley.lock.RenewableLock.Holder;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.supervise.SupervisionLog;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.supervise.SupervisionLog.What;
import dev.parley.supervise.SupervisionRecords;
import dev.parley.trace.Why;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeLog.Parking;
import dev.parley.wake.ResumeLog.Run;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was done to go on with one session, as it was at one moment: its starts for a turn without a terminal, what its supervisors
 * did, and what keeps it from being resumed. All views tell it from here. Looking takes no lock and changes nothing. Immutable.
 *
 * @param peer the session
 * @param starts the newest starts that are kept, oldest first
 * @param parking why it is not resumed for requests; its time may have come since
 * @param isParked whether that still held
 * @param supervision what its supervisors did
 * @param holder who may start it at this moment, as its supervisor or for one turn; empty if nobody does, and where nothing was
 *     done for it
 * @param trouble why nothing of this can be read; empty if it was
 */
public record SessionHistory(
        Peer peer,
        List<Run> starts,
        Optional<Parking> parking,
        boolean isParked,
        SupervisionLog supervision,
        Optional<ProcessIdentity> holder,
        Optional<String> trouble) {

    /** Copies the list. */
    public SessionHistory {
        starts = List.copyOf(starts);
    }

    /** That of a session. What cannot be read is said to be so. */
    public static SessionHistory of(PostOffice office, Peer peer) {
        try {
            return read(office, peer);
        } catch (IOException e) {
            return new SessionHistory(
                    peer,
                    List.of(),
                    Optional.empty(),
                    false,
                    new SupervisionLog(List.of()),
                    Optional.empty(),
                    Optional.of(Why.of(e)));
        }
    }

    /** Two files of the session, which most do not have; more only where there is something in them. */
    private static SessionHistory read(PostOffice office, Peer peer) throws IOException {
        ResumeRecords resumes = new ResumeRecords(office);
        SupervisionRecords supervised = new SupervisionRecords(office);
        ResumeLog log = resumes.of(peer.id());
        SupervisionLog supervision = supervised.of(peer.id());
        boolean isHeld = supervision.last().isPresent()
                || last(log.runs()).filter(run -> run.end().isEmpty()).isPresent();
        return new SessionHistory(
                peer,
                log.runs(),
                log.parking(),
                log.parking().isPresent() && !resumes.isOver(log.parking().get(), peer),
                supervision,
                isHeld ? supervised.holder(peer).flatMap(Holder::process) : Optional.empty(),
                Optional.empty());
    }

    private static Optional<Run> last(List<Run> runs) {
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
    }

    /** The same of a later moment, in which nothing has been noted; asks only who holds it, and only if somebody did. */
    public SessionHistory again(PostOffice office) {
        if (holder.isEmpty()) {
            return this;
        }
        try {
            return new SessionHistory(
                    peer,
                    starts,
                    parking,
                    isParked,
                    supervision,
                    new SupervisionRecords(office).holder(peer).flatMap(Holder::process),
                    trouble);
        } catch (IOException e) {
            // As it was: whoever looks at the session anew is told.
            return this;
        }
    }

    /** All that was done, the oldest first. */
    public List<SessionEvent> events() {
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            events.add(new SessionEvent.Resumed(peer, starts.get(i), i == starts.size() - 1 && isInTurn()));
        }
        parking.ifPresent(why -> events.add(new SessionEvent.Parked(peer, why)));
        Optional<Step> before = Optional.empty();
        for (Step step : supervision.steps()) {
            Optional<ProcessIdentity> displaced = before.filter(earlier -> !isEnd(earlier))
                    .map(Step::supervisor)
                    .filter(process -> !process.equals(step.supervisor()));
            events.add(new SessionEvent.Supervised(peer, step, displaced));
            before = Optional.of(step);
        }
        events.sort(SessionEvent.BY_TIME);
        return events;
    }

    private static boolean isEnd(Step step) {
        return step.what() == What.ENDED || step.what() == What.GIVEN_UP;
    }

    /** Whether whoever made the newest start still has the session: not if a supervisor has. */
    private boolean isInTurn() {
        return holder.isPresent() && present().isEmpty();
    }

    /** The newest of them. */
    public List<SessionEvent> newest(int count) {
        List<SessionEvent> events = events();
        return events.subList(Math.max(0, events.size() - count), events.size());
    }

    /** How many there are before the newest. */
    public int earlier(int count) {
        int all = starts.size()
                + (parking.isPresent() ? 1 : 0)
                + supervision.steps().size();
        return Math.max(0, all - count);
    }

    /** The last step of its supervisor; empty if nobody supervises it. */
    public Optional<Step> present() {
        return supervision
                .last()
                .filter(step -> !isEnd(step))
                .filter(step -> holder.filter(step.supervisor()::equals).isPresent());
    }

    /** That nobody goes on with it at a time, since it is parked: for requests, or by its supervisor; empty if it is not. */
    public Optional<SessionEvent> parkedAt(Instant now) {
        return present()
                .filter(step -> step.what() == What.PARKED)
                .filter(step -> step.until().filter(end -> !now.isBefore(end)).isEmpty())
                .<SessionEvent>map(step -> new SessionEvent.Supervised(peer, step, Optional.empty()))
                .or(() -> parking.filter(why -> isParked)
                        .filter(why ->
                                why.until().filter(end -> !now.isBefore(end)).isEmpty())
                        .map(why -> new SessionEvent.Parked(peer, why)));
    }

    /** Whether it is one of its events that keeps everybody from going on with it at a time. */
    public boolean isHeldBackBy(SessionEvent event, Instant now) {
        return parkedAt(now).filter(held -> held.at().equals(event.at())).isPresent();
    }

    /** That it is supervised, or parked by its supervisor; empty if neither. */
    public Optional<String> supervisionLine(ZoneId zone) {
        long resumed = supervision.resumed();
        return present()
                .map(step -> peer.name() + " is "
                        + (step.what() == What.PARKED
                                ? step.what().inWords()
                                        + step.until()
                                                .map(at -> " until " + Lines.time(at, zone))
                                                .orElse("")
                                : "supervised")
                        + ", by process " + step.supervisor().pid()
                        + (resumed == 0 ? "" : "; resumed " + resumed + (resumed == 1 ? " time" : " times")));
    }

    /** Its newest start, or what keeps it from being resumed for requests; empty if there is neither. */
    public Optional<String> resumeLine(ZoneId zone) {
        return parking.filter(why -> isParked)
                .map(why -> peer.name() + " is not resumed for requests, " + why.inWords())
                .or(() -> last(starts)
                        .map(run -> new SessionEvent.Resumed(peer, run, isInTurn()))
                        .map(start -> start.line(zone)));
    }

    /** Its supervision for programs; null if nobody has ever supervised it. */
    public @Nullable Map<String, @Nullable Object> supervisionAsMap() {
        if (supervision.last().isEmpty()) {
            return null;
        }
        Step last = supervision.last().get();
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("last", last.what().word());
        out.put("at", last.at().toString());
        out.put("exit_code", last.code().orElse(null));
        out.put("until", last.until().map(Instant::toString).orElse(null));
        out.put("resumed", supervision.resumed());
        out.put("supervisor_pid", present().map(step -> step.supervisor().pid()).orElse(null));
        return out;
    }

    /** Its starts, and what keeps it from being resumed, for programs; null if there is neither. */
    public @Nullable Map<String, @Nullable Object> resumeAsMap() {
        Optional<Parking> parked = parking.filter(why -> isParked);
        if (parked.isEmpty() && starts.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("parked", parked.map(Parking::reason).orElse(null));
        out.put(
                "parked_until",
                parked.flatMap(Parking::until).map(Instant::toString).orElse(null));
        out.put(
                "starts",
                starts.stream()
                        .map(run -> new SessionEvent.Resumed(peer, run, false).asMap())
                        .toList());
        return out;
    }
}
