package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.office.PresentWaits;
import dev.parley.peer.RemotePeer;
import dev.parley.peer.WaitsFor;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sessions of several machines that wait for each other in a circle at this moment, as far as this machine knows: from its own
 * questions, and from what the others said a moment ago.
 *
 * @param steps each waits for the next, and the last for the first, which is the session that looked for it
 */
public record RemoteCycle(List<Step> steps) {

    /** Who was asked last; told by what all machines of the circle know alike. A session's id alone may be on two machines. */
    private static final Comparator<Step> BY_AGE = Comparator.comparing(Step::since)
            .thenComparing(step -> step.who().id())
            .thenComparing(Step::question);

    /**
     * One that waits.
     *
     * @param who which
     * @param since when its question was sent
     * @param question which that is
     */
    public record Step(Who who, Instant since, MessageId question) {
        private static Step of(Who who, WaitsFor wait) {
            return new Step(who, wait.since(), wait.question());
        }
    }

    /** Copies the list. */
    public RemoteCycle {
        steps = List.copyOf(steps);
    }

    /** The one that waits for the first. */
    public Step last() {
        return steps.get(steps.size() - 1);
    }

    /**
     * What the last asked the first, which is to be answered first; empty if it is on its way, or was answered a moment ago.
     *
     * @param owed what the first owes
     */
    public Optional<Envelope> question(OpenWork owed) throws IOException {
        return owed.unfinished().stream()
                .map(Work::request)
                // Another machine says which it is: of what it did not send it has nothing to say.
                .filter(request -> request.id().equals(last().question())
                        && request.host().equals(last().who().host()))
                .findFirst();
    }

    /** Whether the first asked last: where all have begun to wait before they saw each other, that one ends its wait. */
    public boolean isClosedByTheFirst() {
        return steps.stream().allMatch(step -> BY_AGE.compare(step, steps.get(0)) <= 0);
    }

    /**
     * The shortest circle that a wait closes and that leads over another machine; empty if it closes none. Reads what is in the store, and
     * no more. Whose questions cannot be read is taken to wait for nobody.
     *
     * @param asker who waits
     * @param project see {@link dev.parley.peer.Project#key}
     */
    public static Optional<RemoteCycle> closedBy(
            SessionId asker, PendingAsk question, String project, PostOffice office) throws IOException {
        Map<Who, List<WaitsFor>> elsewhere = new HashMap<>();
        for (RemotePeer each : office.peers().elsewhere(project)) {
            if (!each.waits().isEmpty()) {
                elsewhere.put(new Who(each.peer().host(), each.peer().id()), each.waits());
            }
        }
        // What leads over another machine has to come back from it.
        if (elsewhere.isEmpty()) {
            return Optional.empty();
        }
        Optional<WaitsFor> first = new PresentWaits(office).of(question);
        return first.isPresent() ? new Search(elsewhere, office).run(Who.here(asker), first.get()) : Optional.empty();
    }

    /** A search in breadth. */
    private static final class Search {
        private final Map<Who, List<WaitsFor>> elsewhere;
        private final PostOffice office;
        private final PresentWaits here;

        /** By which step each was reached first. */
        private final Map<Who, Step> reachedBy = new HashMap<>();

        Search(Map<Who, List<WaitsFor>> elsewhere, PostOffice office) {
            this.elsewhere = elsewhere;
            this.office = office;
            this.here = new PresentWaits(office);
        }

        Optional<RemoteCycle> run(Who asker, WaitsFor closing) throws IOException {
            Who asked = asked(closing);
            reachedBy.put(asked, Step.of(asker, closing));
            Deque<Who> next = new ArrayDeque<>(List.of(asked));
            while (!next.isEmpty() && !reachedBy.containsKey(asker)) {
                Who who = next.remove();
                for (WaitsFor wait : waits(who)) {
                    if (reachedBy.putIfAbsent(asked(wait), Step.of(who, wait)) == null) {
                        next.add(asked(wait));
                    }
                }
            }
            return reachedBy.containsKey(asker) ? way(asker) : Optional.empty();
        }

        private Optional<RemoteCycle> way(Who asker) {
            List<Step> steps = new ArrayList<>();
            Step step = reachedBy.get(asker);
            while (step != null) {
                steps.add(0, step);
                step = step.who().equals(asker) ? null : reachedBy.get(step.who());
            }
            boolean isRemote = steps.stream().anyMatch(each -> each.who().host().isPresent());
            return isRemote ? Optional.of(new RemoteCycle(steps)) : Optional.empty();
        }

        /** What was answered here a moment ago holds nobody up, whatever the other machine still says. */
        private boolean isSettledHere(WaitsFor wait) {
            try {
                return wait.host().isEmpty() && here.isSettled(office.peers().current(wait.session()), wait.question());
            } catch (IOException e) {
                office.trace()
                        .event(
                                Event.LEDGER_UNREADABLE,
                                Map.of("session", wait.session().value(), "reason", e.toString()));
                return false;
            }
        }

        private Who asked(WaitsFor wait) throws IOException {
            SessionId id =
                    wait.host().isPresent() ? wait.session() : office.peers().current(wait.session());
            return new Who(wait.host(), id);
        }

        private List<WaitsFor> waits(Who who) {
            if (who.host().isPresent()) {
                return elsewhere.getOrDefault(who, List.of()).stream()
                        .filter(wait -> !isSettledHere(wait))
                        .toList();
            }
            try {
                return office.peers().exists(who.id()) ? here.of(who.id()) : List.of();
            } catch (IOException e) {
                office.trace()
                        .event(Event.ASKS_UNREADABLE, Map.of("session", who.id().value(), "reason", e.toString()));
                return List.of();
            }
        }
    }
}
