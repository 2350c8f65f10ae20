package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.session.Setting;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import dev.parley.work.Notices;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code update_work}: says how far a request is. Whose message it is decides what may be said: its receiver owns the work, its
 * sender may cancel it.
 */
final class UpdateWork {

    /** What the caller says. */
    record Input(
            @Pattern(regexp = "m-[0-9a-z]{16}") @KindOfId(KindOfId.Kind.MESSAGE)
            String messageId,

            Status status,

            @Nullable @Describe("why") @Size(max = Work.MAX_NOTE)
            String note,

            @Nullable @Describe("blocked: whom or what you wait for") @Size(max = Work.MAX_NOTE)
            String needs) {}

    /** What can be said of a request. */
    enum Status {
        WORKING,
        BLOCKED,
        COMPLETED,
        FAILED,
        DECLINED,
        CANCELED;

        WorkState state() {
            return WorkState.valueOf(name());
        }
    }

    private UpdateWork() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("update_work", Input.class, Desk.handler(desk, UpdateWork::handle))
                .titled("Update a request")
                .describedAs(
                        "Say how far a request is: its receiver working, blocked, failed, declined or completed (no reply needed),"
                                + " its sender canceled. Never leave one open in silence: answer, decline or block.");
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        WorkState next = input.status().state();
        Optional<String> needs = said(input.needs());
        if (needs.isPresent() && next != WorkState.BLOCKED) {
            throw new ToolException("invalid-arguments", "needs goes with status blocked; nothing was changed");
        }
        if (needs.isEmpty() && next == WorkState.BLOCKED) {
            throw new ToolException(
                    "invalid-arguments", "blocked takes needs: whom or what you wait for; nothing was changed");
        }
        MessageId messageId = new MessageId(input.messageId());
        LocalSession session = visit.session();
        if (session.received(messageId).isPresent()) {
            return asOwner(messageId, change(input, Actor.OWNER, "its receiver declines it"), visit);
        }
        Peer self = session.current();
        MessageStatus status = session.office().tracker().status(messageId, self.id());
        if (status.elsewhere().isPresent()) {
            return RemoteCancellation.request(
                    messageId,
                    status.elsewhere().get(),
                    change(input, Actor.REQUESTER, "its sender only cancels it"),
                    visit);
        }
        SessionId owner = status.receiver()
                .orElseThrow(() -> new ToolException(
                        "message-not-found",
                        "this session has neither received nor sent a message " + messageId
                                + ", or it is no longer kept; list_open_work shows the ids of open requests"));
        return asRequester(messageId, owner, change(input, Actor.REQUESTER, "its sender only cancels it"), visit);
    }

    private static WorkChange change(Input input, Actor actor, String otherwise) throws ToolException {
        WorkState next = input.status().state();
        if (next.mover().filter(actor::equals).isEmpty()) {
            throw new ToolException(
                    "not-allowed",
                    next.word() + " is not for this session to say of " + input.messageId() + ": " + otherwise
                            + "; nothing was changed");
        }
        return new WorkChange(actor, next, said(input.note()), said(input.needs()));
    }

    /** Models often fill in nothing for what they mean to leave out. */
    private static Optional<String> said(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(some -> !some.isEmpty());
    }

    private static Map<String, Object> asOwner(MessageId messageId, WorkChange change, Visit visit)
            throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        OpenWork work = session.work();
        Optional<Work> before = work.find(messageId);
        Outcome outcome = require(work.change(messageId, change), messageId);
        Map<String, Object> out = result(before, outcome, change);
        Optional<Edge> edge = outcome.isChanged()
                ? Edge.of(outcome.work().state(), outcome.work().revision())
                : Optional.empty();
        if (edge.isPresent()) {
            boolean isWanted = outcome.work().state().isTerminal() || areRemindersOn(visit);
            out.put("told", isWanted && tellRequester(outcome.work(), edge.get(), visit));
        }
        return out;
    }

    /** What ends a wait is always told. */
    private static boolean areRemindersOn(Visit visit) {
        return Setting.REMINDERS.text(visit.desk().environment()).equals("on");
    }

    /** Whether its requester has been told, now or by somebody who was faster. */
    private static boolean tellRequester(Work work, Edge edge, Visit visit) throws InterruptedException {
        LocalSession session = visit.session();
        PostOffice office = session.office();
        try {
            Peer me = session.current();
            Envelope request = work.request();
            if (request.host().isPresent()) {
                Peer there = Afar.sender(
                        request, request.host().get(), request.from().orElseThrow(), me.project(), office);
                return visit.notices().send(visit.notices().ofOwner(work, me, there.id()), there, me);
            }
            SessionId now = office.peers().current(request.from().orElseThrow());
            office.peers().finishMove(now);
            Optional<Peer> requester = office.peers().find(now);
            if (requester.isEmpty()) {
                return false;
            }
            if (!isToTell(work, edge, office.asks(now), visit)) {
                return true;
            }
            Notices notices = visit.notices();
            return notices.send(notices.ofOwner(work, me, now), requester.get(), me);
        } catch (IOException e) {
            // The state is stored: the requester's server tells it when it next looks.
            office.trace()
                    .event(Event.NOT_TOLD, Map.of("message", work.request().id().value(), "reason", e.toString()));
            return false;
        }
    }

    /** Also if its ticket has run out, since nobody else tells it then; not if it was closed, since its requester knows then. */
    private static boolean isToTell(Work work, Edge edge, PendingAsks asks, Visit visit)
            throws IOException, InterruptedException {
        Envelope request = work.request();
        RequestId ticket = request.requestId().orElseThrow();
        PendingAsk ask = new PendingAsk(ticket, request.id(), request.to(), request.sentAt(), request.due());
        return asks.claim(ticket, edge) || ask.isExpired(visit.now());
    }

    private static Map<String, Object> asRequester(MessageId messageId, SessionId owner, WorkChange change, Visit visit)
            throws ToolException, IOException, InterruptedException {
        PostOffice office = visit.session().office();
        OpenWork work = office.work(owner);
        Optional<Work> before = work.find(messageId);
        Outcome outcome = require(work.change(messageId, change), messageId);
        Map<String, Object> out = result(before, outcome, change);
        if (outcome.isChanged()) {
            boolean isWithdrawn = isWithdrawn(messageId, owner, office);
            out.put("withdrawn", isWithdrawn);
            if (!isWithdrawn) {
                out.put("told", tellOwner(outcome.work(), owner, visit));
            }
            Tickets.cancel(outcome.work(), visit);
        }
        return out;
    }

    /** The request is canceled, whatever becomes of the message: if it cannot be taken back its owner is told. */
    private static boolean isWithdrawn(MessageId messageId, SessionId owner, PostOffice office) {
        try {
            return office.delivery().withdraw(owner, messageId);
        } catch (IOException e) {
            office.trace().event(Event.NOT_WITHDRAWN, Map.of("message", messageId.value(), "reason", e.toString()));
            return false;
        }
    }

    private static boolean tellOwner(Work work, SessionId owner, Visit visit) throws InterruptedException {
        PostOffice office = visit.session().office();
        try {
            Optional<Peer> receiver = office.peers().find(owner);
            Peer self = visit.session().current();
            Notices notices = visit.notices();
            return receiver.isPresent()
                    && notices.send(notices.ofCancellation(work, self, owner), receiver.get(), self);
        } catch (IOException e) {
            office.trace().event(Event.NOT_TOLD, Map.of("session", owner.value(), "reason", e.toString()));
            return false;
        }
    }

    private static Outcome require(Optional<Outcome> outcome, MessageId messageId) throws ToolException {
        return outcome.orElseThrow(() -> notARequest(messageId));
    }

    static ToolException notARequest(MessageId messageId) {
        return new ToolException(
                "not-a-request",
                "message " + messageId + " asks for nothing, so there is no work to update;"
                        + " reply_to_message answers any message");
    }

    /** A terminal state that is said again is no failure: a caller that did not get the first answer may repeat it. */
    static Map<String, Object> result(Optional<Work> before, Outcome outcome, WorkChange change) throws ToolException {
        Work work = outcome.work();
        if (!outcome.isChanged() && work.state() != change.next()) {
            Map<String, Object> details = new LinkedHashMap<>();
            Answers.putWork(details, work);
            throw new ToolException(
                    work.state().isTerminal() ? "work-ended" : "work-changed",
                    "nothing was changed: the request " + work.request().id() + " is "
                            + work.state().word() + " since "
                            + work.since()
                            + (work.state().isTerminal()
                                    ? ", which is final"
                                    : ", which somebody said at the same moment; try again"),
                    details);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", work.request().id().value());
        Answers.put(out, "request_id", work.request().requestId().map(RequestId::value));
        out.put("status", work.state().word());
        // Known only if nobody said anything in between.
        Answers.put(
                out,
                "previous_status",
                before.filter(earlier -> earlier.revision() + (outcome.isChanged() ? 1 : 0) == work.revision())
                        .map(earlier -> earlier.state().word()));
        out.put("changed", outcome.isChanged());
        return out;
    }
}
