package dev.parley.wake;

import dev.parley.address.SessionId;
import dev.parley.client.Clients;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.session.ResumeSwitch;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import dev.parley.wake.ResumeLog.Parking;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The last rung: a request for a session that is gone has it resumed, where its user has switched that on. Here is only the gate,
 * and the start of a process of its own that does all the rest, so that a sender waits for neither. Safe for use by several threads.
 */
public final class ResumeRung {

    /** Its name, as it stands in {@code wake_via}. */
    public static final String NAME = "resume";

    /** Starts what resumes a session. */
    interface Starter {
        /**
         * Starts it, and does not wait for it.
         *
         * @throws IOException if it could not be started
         */
        void start(SessionId session) throws IOException;
    }

    private final PostOffice office;
    private final Map<String, String> environment;
    private final Starter starter;

    /** The rung of a store. */
    public ResumeRung(Map<String, String> environment, PostOffice office) {
        this(environment, office, new DetachedResume(environment));
    }

    ResumeRung(Map<String, String> environment, PostOffice office, Starter starter) {
        this.environment = Map.copyOf(environment);
        this.office = office;
        this.starter = starter;
    }

    /**
     * Climbs it for a message that is stored. Never throws but for an interrupt.
     *
     * @return empty if it is no rung for this message: it asks for nothing, its receiver is not known to be gone, cannot be
     *     resumed, or its user has not switched this on
     */
    public Optional<WakeReport> climb(Envelope message, Peer target) throws InterruptedException {
        if (message.requestId().isEmpty()) {
            return Optional.empty();
        }
        try {
            if (!canBeResumed(target)
                    || office.peers().presence(target).life() != Life.GONE
                    || !ResumeSwitch.isOn(environment, target.project())) {
                return Optional.empty();
            }
            return Optional.of(begin(message, target));
        } catch (IOException e) {
            return Optional.of(WakeReport.not(
                    WakeStatus.SKIPPED_STORE_ERROR, NAME + ": whether it may be resumed cannot be told: " + Why.of(e)));
        }
    }

    /**
     * Climbs it once more for the requests that still wait, of whoever held the session until now without being asked by one. What
     * cannot be begun is traced: the requests wait on.
     */
    public void goOn(SessionId session) {
        try {
            Optional<Peer> target = office.peers().find(office.peers().current(session));
            if (target.isPresent()
                    && canBeResumed(target.get())
                    && office.mailbox(target.get().id()).waiting() > 0
                    && ResumeSwitch.isOn(environment, target.get().project())) {
                // Whether it has ended is looked at there: its server may end a moment behind its client.
                starter.start(target.get().id());
            }
        } catch (IOException e) {
            office.trace().event(Event.RESUME_FAILED, Map.of("session", session.value(), "reason", e.toString()));
        }
    }

    private static boolean canBeResumed(Peer target) {
        return Clients.of(target).resumption().isPresent() && target.ownId().isPresent();
    }

    private WakeReport begin(Envelope message, Peer target) throws IOException, InterruptedException {
        ResumeRecords records = new ResumeRecords(office);
        Optional<Parking> parking = records.parking(target);
        if (parking.isPresent()) {
            // This result tells it.
            records.claimTelling(target.id(), message.id());
            return traced(
                    message,
                    target,
                    WakeReport.not(
                            WakeStatus.SKIPPED_PARKED,
                            NAME + ": " + parking.get().inWords() + "; the message is kept"));
        }
        try {
            starter.start(target.id());
        } catch (IOException e) {
            return traced(
                    message,
                    target,
                    WakeReport.not(WakeStatus.SKIPPED_NO_TARGET, NAME + ": it could not be begun: " + Why.of(e)));
        }
        try {
            office.ledger(target.id()).markRung(message.id(), NAME);
        } catch (IOException e) {
            // It was begun; only the message's status will not say so.
            office.trace()
                    .event(Event.RUNG_NOT_NOTED, Map.of("message", message.id().value(), "reason", e.toString()));
        }
        return traced(message, target, WakeReport.fired(NAME));
    }

    private WakeReport traced(Envelope message, Peer target, WakeReport report) {
        office.trace()
                .event(
                        Event.WAKE,
                        Map.of(
                                "target", target.id().value(),
                                "cause", message.id().value(),
                                "status", report.status().inResult(),
                                "via", report.via().orElse(""),
                                "reason", report.reason().orElse("")));
        return report;
    }
}
