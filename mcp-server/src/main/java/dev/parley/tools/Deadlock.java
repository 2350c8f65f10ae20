package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.ledger.PendingAsk;
import dev.parley.office.PostOffice;
import dev.parley.overview.Overview;
import dev.parley.overview.RemoteCycle;
import dev.parley.overview.RemoteCycle.Step;
import dev.parley.overview.WaitCycle;
import dev.parley.overview.Who;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A circle of sessions each of which waits for the next in a call, so that none goes on unless one stops waiting.
 *
 * @param path the way round, by names
 * @param from who waits for this session
 * @param question what that one asked it, which is to be answered first; empty if it is on its way from another machine
 */
record Deadlock(String path, String from, Optional<Question> question) {

    /** A question by its ids. */
    record Question(MessageId message, RequestId ticket) {}

    /**
     * The one that a wait closes that begins. Looked for when this process is marked as waiting and the question is out: of two who
     * close a circle on one machine in the same instant at least one sees the other's mark.
     *
     * @param isAfar whether who was asked is on another machine
     */
    static Optional<Deadlock> closedBy(PendingAsk ask, boolean isAfar, Visit visit)
            throws IOException, InterruptedException {
        LocalSession session = visit.session();
        PostOffice office = session.office();
        Optional<WaitCycle> here = isAfar
                ? Optional.empty()
                : new Overview(office).cycleClosedBy(session.current().id(), ask);
        if (here.isPresent()) {
            PendingAsk first = here.get().last().question();
            return Optional.of(new Deadlock(
                    here.get().path(id -> Answers.name(id, office)),
                    Answers.name(here.get().last().asker(), office),
                    Optional.of(new Question(first.messageId(), first.requestId()))));
        }
        Optional<RemoteCycle> afar = afar(ask, visit);
        return afar.isPresent() ? Optional.of(of(afar.get(), session)) : Optional.empty();
    }

    /** The one that this wait is the youngest of: two on two machines may have begun before either could know of the other. */
    static Optional<Deadlock> closedMeanwhile(PendingAsk ask, Visit visit) throws IOException, InterruptedException {
        Optional<RemoteCycle> afar = afar(ask, visit).filter(RemoteCycle::isClosedByTheFirst);
        return afar.isPresent() ? Optional.of(of(afar.get(), visit.session())) : Optional.empty();
    }

    private static Optional<RemoteCycle> afar(PendingAsk ask, Visit visit) throws IOException, InterruptedException {
        Peer self = visit.session().current();
        PostOffice office = visit.session().office();
        try {
            return RemoteCycle.closedBy(self.id(), ask, self.project(), office);
        } catch (IOException e) {
            // The question is out, and waiting for its answer does no harm that its limit does not end.
            office.trace()
                    .event(
                            Event.STATE_UNKNOWN,
                            Map.of("message", ask.messageId().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    private static Deadlock of(RemoteCycle cycle, LocalSession session) throws IOException, InterruptedException {
        StringBuilder path = new StringBuilder();
        for (Step step : cycle.steps()) {
            path.append(name(step.who(), session)).append(" → ");
        }
        path.append(name(cycle.steps().get(0).who(), session));
        return new Deadlock(
                path.toString(),
                name(cycle.last().who(), session),
                cycle.question(session.work())
                        .map(first -> new Question(first.id(), first.requestId().orElseThrow())));
    }

    private static String name(Who who, LocalSession session) throws IOException, InterruptedException {
        return who.host().isPresent()
                ? Afar.peer(who.host().get(), who.id(), session.current().project(), session.office())
                        .called()
                : Answers.name(who.id(), session.office());
    }

    /** Who waits for whom, and which question of these this session has to answer so that all go on. */
    void put(Map<String, Object> out) {
        out.put("timed_out", false);
        out.put("would_deadlock", true);
        out.put("path", path);
        if (question.isEmpty()) {
            out.put(
                    "hint",
                    "each of these waits for the next: the question of " + from
                            + " is on its way to you; answer it first"
                            + " (read_my_messages), and then wait on with request_id, or let the answer arrive as a message");
            return;
        }
        Map<String, Object> answerFirst = new LinkedHashMap<>();
        answerFirst.put("message_id", question.get().message().value());
        answerFirst.put("request_id", question.get().ticket().value());
        answerFirst.put("from", from);
        out.put("answer_first", answerFirst);
        out.put(
                "hint",
                "each of these waits for the next: reply_to_message to answer_first.message_id now (read_my_messages shows it),"
                        + " and then wait on with request_id, or let the answer arrive as a message");
    }
}
