package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.client.Comeback;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OtherMachineException;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.mailbox.PlainText;
import dev.parley.mcp.ToolException;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.CrossProject;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.Group;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.peer.Resolution.Self;
import dev.parley.process.ProcessIdentity;
import dev.parley.remote.OutboxFullException;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.session.LocalSession;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import dev.parley.wake.Ladder;
import dev.parley.wake.Outlook;
import dev.parley.wake.Outlook.Effort;
import dev.parley.wake.Outlook.Speaker;
import dev.parley.wake.ResumeRung;
import dev.parley.wake.RingGuard;
import dev.parley.wake.WakeReport;
import dev.parley.wake.WakeStatus;
import dev.parley.wake.Wish;
import dev.parley.wake.Wish.Cause;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds whom a tool means, stores the message, wakes if that is wanted, and says what is known of it. */
final class Outgoing {

    /** What the caller wants to happen beyond storing. */
    enum Wake {
        /** Do not even ring the doorbell. */
        OFF,
        /** Do not ring, whatever {@code wake} says, and tell the caller why: two agents that thank each other would never stop. */
        NEVER,
        /** Ring the doorbell, and what else the client itself offers; nothing is typed. */
        NATIVE,
        /** Ring the doorbell and climb the whole ladder. */
        CLIMB;

        /** What is done in the end. */
        Effort effort() {
            return switch (this) {
                case OFF, NEVER -> Effort.NONE;
                case NATIVE -> Effort.NATIVE;
                case CLIMB -> Effort.ALL;
            };
        }
    }

    /** What was sent, to whom, and what is known of it. */
    record Sent(
            Envelope envelope,
            Peer target,
            Presence presence,
            Wake wished,
            Optional<WakeReport> wake,
            boolean mayType,
            Optional<Link> link) {}

    /** A stored message; rate limited if it was not rung for, because these two ring too much. */
    record Stored(Envelope envelope, boolean rateLimited) {}

    /** That nobody is woken, in the words of {@code wake_reason}. */
    static final WakeReport ENDED =
            WakeReport.not(WakeStatus.SKIPPED_NO_TARGET, "it has ended; there is nobody to wake");

    private static final int MAX_SHOWN = 60;
    private static final int MAX_NAMES = 30;

    private final Ladder ladder;
    private final ResumeRung resume;
    private final RingGuard guard;

    Outgoing(Ladder ladder, ResumeRung resume, RingGuard guard) {
        this.ladder = ladder;
        this.resume = resume;
        this.guard = guard;
    }

    /**
     * The peer that a target names. It may have ended: who is out gets his mail when he is back.
     *
     * @param caller who asks for it
     * @throws ToolException if it names nobody, several, the caller, or a session that can never come back
     */
    Peer resolve(String target, Peer caller, PostOffice office) throws ToolException, IOException {
        return reachable(resolveAny(target, caller, office), office);
    }

    /** The same, but one that can never come back is found too: one can still look at what it did. */
    Peer resolveAny(String target, Peer caller, PostOffice office) throws ToolException, IOException {
        Resolution resolution = office.peers().resolve(target, caller);
        if (resolution instanceof Found found) {
            return found.peer();
        }
        if (resolution instanceof Ambiguous ambiguous) {
            List<Map<String, String>> candidates = ambiguous.candidates().stream()
                    .map(p -> Map.of("name", p.called(), "client_session_id", p.id().value()))
                    .toList();
            throw new ToolException(
                    "ambiguous-target",
                    "several sessions match " + shown(target) + "; use one of the candidates' "
                            + (ambiguous.candidates().stream()
                                            .anyMatch(p -> p.host().isPresent())
                                    ? "names, with its machine"
                                    : "session ids"),
                    Map.of("candidates", candidates));
        }
        if (resolution instanceof Self) {
            throw new ToolException(
                    "self-send", shown(target) + " is this session itself; list_project_sessions shows the others");
        }
        if (resolution instanceof CrossProject) {
            throw new ToolException(
                    "cross-project",
                    shown(target) + " works on another project; only sessions of one project can talk");
        }
        if (resolution instanceof Group) {
            throw new ToolException(
                    "invalid-arguments",
                    shown(target) + " is a group: only send_message takes one, to inform it. Name one session here;"
                            + " list_project_sessions shows who is in it");
        }
        throw notFound(target, (NotFound) resolution);
    }

    private static ToolException notFound(String target, NotFound none) {
        List<String> names =
                none.names().subList(0, Math.min(MAX_NAMES, none.names().size()));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("names", names);
        if (names.size() < none.names().size()) {
            details.put("omitted", none.names().size() - names.size());
        }
        String hint = none.hint()
                + KindOfId.Kind.of(target)
                        .map(kind -> " (it is " + kind.inWords() + ")")
                        .orElse("");
        return new ToolException("target-not-found", "no session is called " + shown(target) + ": " + hint, details);
    }

    private static Peer reachable(Peer peer, PostOffice office) throws IOException, ToolException {
        Comeback comeback = Comeback.of(peer);
        if (comeback.way() == Comeback.Way.NONE && office.peers().presence(peer).life() == Life.GONE) {
            throw new ToolException(
                    "peer-gone",
                    comeback.text() + "; nothing was stored",
                    Map.of(
                            "target_name",
                            peer.name(),
                            "target_session_id",
                            peer.id().value()));
        }
        return peer;
    }

    /** Control characters of a target that somebody typed or made up must not reach a terminal raw. */
    static String shown(String target) {
        return "'" + PlainText.quoted(target, MAX_SHOWN) + "'";
    }

    /**
     * Stores a message, and touches the doorbell unless that is not wanted, or too much.
     *
     * @throws ToolException if it could not be stored; it was not sent
     */
    Stored store(Envelope envelope, Peer target, Wake wake, LocalSession session) throws ToolException {
        Instant now = session.office().clock().instant();
        boolean silent = wake == Wake.OFF || wake == Wake.NEVER;
        boolean mayRing = silent || target.host().isPresent() || guard.admit(target.id(), envelope.hops(), now);
        Ring ring = !silent && mayRing ? Ring.YES : Ring.NO;
        try {
            session.office().delivery().send(envelope, target, ring);
            return new Stored(envelope, !mayRing);
        } catch (MailboxFullException e) {
            throw new ToolException(
                    "mailbox-full",
                    "nothing was sent: " + Desk.message(e) + ". Try again after the peer has read its mail.");
        } catch (OtherMachineException e) {
            throw new ToolException("other-machine", "nothing was sent: " + Desk.message(e));
        } catch (OutboxFullException e) {
            throw new ToolException("outbox-full", "nothing was sent: " + Desk.message(e));
        } catch (IOException e) {
            session.office().trace().event(Event.NOT_SENT, Map.of("reason", e.toString()));
            throw new ToolException("store-unavailable", "nothing was sent, the store failed: " + Desk.message(e));
        }
    }

    /** Stores a message, rings, and climbs as wished. What fails after storing is reported, never thrown. */
    Sent send(Envelope envelope, Peer target, Wake wake, Cause cause, LocalSession session)
            throws ToolException, InterruptedException {
        Stored stored = store(envelope, target, wake, session);
        if (target.host().isPresent()) {
            return sent(stored, target, wake, reportAfar(wake), session);
        }
        Optional<WakeReport> report = notClimbed(stored, wake);
        boolean climbs = wake == Wake.CLIMB || (wake == Wake.NATIVE && ladder.hasOwnRung(target));
        boolean mayResume = (wake == Wake.CLIMB || wake == Wake.NATIVE)
                && envelope.requestId().isPresent();
        if (report.isEmpty() && (climbs || mayResume) && isOut(target, session)) {
            report = resume(envelope, target).or(() -> wake == Wake.CLIMB ? Optional.of(ENDED) : Optional.empty());
        } else if (report.isEmpty() && climbs) {
            report = Optional.of(climb(envelope, target, cause, session));
        }
        return sent(stored, target, wake, report, session);
    }

    /** What is said to whoever wished something of a peer on another machine. */
    static Optional<WakeReport> reportAfar(Wake wake) {
        return wake == Wake.NATIVE ? Optional.empty() : Optional.of(WakeReport.RUNG_THERE);
    }

    /** The last rung, for the request of a receiver that has ended; empty if it is none for this one. */
    Optional<WakeReport> resume(Envelope request, Peer target) throws InterruptedException {
        return resume.climb(request, target);
    }

    /** Why the ladder is not climbed although the caller said something about waking; empty if nothing speaks against it. */
    static Optional<WakeReport> notClimbed(Stored stored, Wake wake) {
        if (wake == Wake.NEVER) {
            return Optional.of(WakeReport.not(
                    WakeStatus.DISABLED, "an acknowledgement (expects_reply: false) wakes nobody; it is stored"));
        }
        return wake != Wake.OFF && stored.rateLimited()
                ? Optional.of(WakeReport.not(
                        WakeStatus.SKIPPED_RATE_LIMITED,
                        "more than " + RingGuard.MAX_HOPS + " replies in a row, or too many rings within 10 min:"
                                + " it is stored, and seen when the peer looks"))
                : Optional.empty();
    }

    /** Tries to wake the receiver of a message that is stored. */
    WakeReport climb(Envelope envelope, Peer target, Cause cause, LocalSession session) throws InterruptedException {
        try {
            return ladder.climb(Wish.about(envelope, target, session.current(), cause));
        } catch (IOException e) {
            return WakeReport.not(WakeStatus.SKIPPED_STORE_ERROR, Why.of(e));
        }
    }

    /** All that is known of a message once it is stored and whoever was to be woken has been. */
    Sent sent(Stored stored, Peer target, Wake wished, Optional<WakeReport> report, LocalSession session) {
        return new Sent(
                stored.envelope(),
                target,
                presence(target, session.office()),
                wished,
                report,
                target.host().isEmpty() && ladder.mayType(target),
                link(target, session.office()));
    }

    private static Optional<Link> link(Peer target, PostOffice office) {
        try {
            return Afar.link(target, office);
        } catch (IOException e) {
            office.trace()
                    .event(Event.PRESENCE_UNKNOWN, Map.of("session", target.id().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    /** Whether it has ended: then there is nobody to wake, and nobody to wait for. */
    static boolean isOut(Peer target, LocalSession session) {
        return presence(target, session.office()).life() == Life.GONE;
    }

    /** What is known of its life: nothing, if that cannot be read. */
    static Presence presence(Peer target, PostOffice office) {
        try {
            return office.peers().presence(target);
        } catch (IOException e) {
            office.trace()
                    .event(Event.PRESENCE_UNKNOWN, Map.of("session", target.id().value(), "reason", e.toString()));
            return new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty());
        }
    }

    /** What a result says of a message that was stored. */
    static Map<String, Object> fields(Sent sent, LocalSession session) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", sent.envelope().id().value());
        out.put("target_session_id", sent.target().id().value());
        out.put("target_name", sent.target().name());
        Answers.put(out, "host", sent.target().host().map(HostName::value));
        out.put("target_server_pid", serverPid(sent.target(), session));
        boolean rung = sent.wake().flatMap(WakeReport::via).isPresent();
        out.put("state", rung ? "rung" : "stored");
        outlookFields(out, sent);
        wakeFields(out, sent);
        return out;
    }

    /** What will happen to it, and what a receiver that nothing wakes, or that is out, gets it by. */
    static void outlookFields(Map<String, Object> out, Sent sent) {
        Outlook outlook = outlook(sent);
        out.put("outlook", outlook.word());
        if (sent.presence().life() == Life.GONE && !isResumed(sent.wake())) {
            Comeback comeback = Comeback.of(sent.target());
            comeback.command().ifPresent(command -> {
                out.put("resume", command);
                out.put("resume_cwd", comeback.directory());
            });
        }
        Answers.put(out, "hint", outlook.hint());
    }

    /** Whether the last rung has begun to resume the receiver: then nobody else need do so. */
    static boolean isResumed(Optional<WakeReport> report) {
        return report.flatMap(WakeReport::via).filter(ResumeRung.NAME::equals).isPresent();
    }

    static void wakeFields(Map<String, Object> out, Sent sent) {
        sent.wake().ifPresent(report -> {
            out.put("wake_status", report.status().inResult());
            Answers.put(out, "wake_via", report.via());
            Answers.put(out, "wake_reason", report.reason());
        });
    }

    private static Outlook outlook(Sent sent) {
        if (sent.target().host().isPresent()) {
            return Outlook.elsewhere(sent.target(), sent.presence(), sent.link());
        }
        return Outlook.of(
                sent.target(), sent.presence(), sent.wished().effort(), sent.wake(), sent.mayType(), Speaker.TOOL);
    }

    /** The process of the target's newest server, if it runs; shown as null otherwise. */
    static @Nullable Long serverPid(Peer target, LocalSession session) {
        List<ProcessIdentity> servers = target.servers();
        for (int i = servers.size() - 1; i >= 0; i--) {
            if (session.office().processes().vitality(servers.get(i))
                    == dev.parley.process.ProcessTable.Vitality.ALIVE) {
                return servers.get(i).pid();
            }
        }
        return null;
    }
}
