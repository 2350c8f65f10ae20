package dev.parley.work;

import static dev.parley.work.TwoSessions.ASKER;
import static dev.parley.work.TwoSessions.OWNER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a session that is asked does, dies of and comes back from, however much time passes, and whichever servers of the two
 * look when, or start anew: each edge is told at most once, and what is final is told.
 */
class RemindersPropertyTest {

    /** The words by which a notice is known. */
    private static final List<String> ONCE = List.of(
            "has ended without an answer",
            "declined your request",
            "could not do what you requested",
            "has completed your request",
            "has expired",
            "its ticket has run out",
            "is due, and not finished");

    private static final String IDLE = "went idle without an answer";
    private static final String BLOCKED = "is blocked with your request";

    /** What may happen. */
    enum Action {
        ASK,
        ASK_WITH_DUE,
        WORK,
        BLOCK,
        DECLINE,
        COMPLETE,
        ANSWER,
        GO_IDLE,
        SAY_ENDED,
        KILL,
        START,
        A_SECOND,
        A_MINUTE,
        A_DAY,
        FIRST_LOOKS,
        SECOND_LOOKS,
        OWNER_LOOKS,
        FIRST_STARTS_ANEW,
        OWNER_STARTS_ANEW
    }

    /**
     * One thing that happens.
     *
     * @param which to which of the requests, counted round
     */
    record Step(Action action, int which) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(Action.class), Arbitraries.integers().between(0, 3))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(40);
    }

    /** What was asked, and what may be told of it. */
    private static final class Model {
        private final TwoSessions two = new TwoSessions();
        private final List<Envelope> requests = new ArrayList<>();
        private final Map<MessageId, Set<Integer>> signs = new HashMap<>();
        private final Map<MessageId, Set<Integer>> blocks = new HashMap<>();
        private final Set<MessageId> answered = new HashSet<>();
        private final List<Envelope> told = new ArrayList<>();
        private Reminders first = two.server(ASKER);
        private Reminders second = two.server(ASKER);
        private Reminders owner = two.server(OWNER);

        Model() throws Exception {}

        void take(Step step) throws Exception {
            Optional<Envelope> request =
                    requests.isEmpty() ? Optional.empty() : Optional.of(requests.get(step.which() % requests.size()));
            switch (step.action()) {
                case ASK -> requests.add(two.ask());
                case ASK_WITH_DUE -> requests.add(two.ask(Optional.of(Duration.ofMinutes(1L + step.which()))));
                case WORK -> change(request, WorkState.WORKING);
                case BLOCK -> change(request, WorkState.BLOCKED);
                case DECLINE -> change(request, WorkState.DECLINED);
                case COMPLETE -> change(request, WorkState.COMPLETED);
                case ANSWER -> answer(request);
                case GO_IDLE -> goIdle(request);
                case SAY_ENDED -> two.says("ended");
                case KILL -> two.ownerIsKilled();
                case START -> two.ownerStarts();
                case A_SECOND -> two.pass(Duration.ofSeconds(1));
                case A_MINUTE -> two.pass(Duration.ofMinutes(1));
                case A_DAY -> two.pass(Duration.ofHours(24));
                case FIRST_LOOKS -> look(first);
                case SECOND_LOOKS -> look(second);
                case OWNER_LOOKS -> look(owner);
                case FIRST_STARTS_ANEW -> first = two.server(ASKER);
                case OWNER_STARTS_ANEW -> owner = two.server(OWNER);
            }
        }

        private void change(Optional<Envelope> request, WorkState next) throws Exception {
            if (request.isPresent() && two.change(request.get(), next) && next == WorkState.BLOCKED) {
                note(blocks, request.get());
            }
        }

        private void answer(Optional<Envelope> request) throws Exception {
            if (request.isPresent() && two.change(request.get(), WorkState.COMPLETED)) {
                two.office.ledger(OWNER).markAnswered(request.get().id());
                answered.add(request.get().id());
            }
        }

        private void goIdle(Optional<Envelope> request) throws Exception {
            if (request.isPresent() && !two.state(request.get()).isTerminal()) {
                two.says("idle");
                two.signal(request.get(), two.revision(request.get()));
                note(signs, request.get());
            }
        }

        private void note(Map<MessageId, Set<Integer>> where, Envelope request) throws Exception {
            where.computeIfAbsent(request.id(), none -> new HashSet<>()).add(two.revision(request));
        }

        private void look(Reminders server) throws Exception {
            var unused = server.lookOnce();
            told.addAll(two.mail(ASKER));
            told.addAll(two.mail(OWNER));
        }

        /** All of them look until nothing more can come. */
        void atTheEnd() throws Exception {
            for (Duration pause :
                    List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofDays(2), Duration.ofSeconds(5))) {
                two.pass(pause);
                look(owner);
                look(first);
                look(second);
            }
        }

        private long count(Envelope request, String words) {
            return told.stream()
                    .filter(notice -> notice.origin() == Origin.OFFICE)
                    .filter(notice -> notice.sourceMessageId().equals(Optional.of(request.id())))
                    .filter(notice -> notice.body().contains(words))
                    .count();
        }

        void check() throws Exception {
            for (Envelope request : requests) {
                for (String words : ONCE) {
                    assertTrue(count(request, words) <= 1, words + " is told " + count(request, words) + " times");
                }
                assertTrue(
                        count(request, IDLE)
                                <= signs.getOrDefault(request.id(), Set.of()).size(),
                        "idle too often");
                assertTrue(
                        count(request, BLOCKED)
                                <= blocks.getOrDefault(request.id(), Set.of()).size(),
                        "blocked too often");
            }
        }

        void checkTheEnd() throws Exception {
            for (Envelope request : requests) {
                WorkState state = two.state(request);
                long ranOut = count(request, "its ticket has run out");
                assertTrue(state.isTerminal() || ranOut == 1, "it is " + state);
                if (ranOut == 0) {
                    assertEquals(state == WorkState.DECLINED ? 1 : 0, count(request, "declined your request"));
                    assertEquals(state == WorkState.EXPIRED ? 1 : 0, count(request, "has expired"));
                    boolean isSilent = state == WorkState.COMPLETED && !answered.contains(request.id());
                    assertEquals(isSilent ? 1 : 0, count(request, "has completed your request"));
                } else {
                    // What comes after that is told by nobody's look.
                    assertTrue(request.due().isEmpty(), "what is due expires");
                }
            }
            assertEquals(List.of(), two.office.asks(ASKER).all());
            assertEquals(List.of(), two.office.asks(ASKER).kept());
            assertTrue(first.lookOnce().isNothing());
            assertTrue(owner.lookOnce().isNothing());
        }
    }

    @Property(tries = 150)
    void eachEdgeIsToldAtMostOnceAndWhatIsFinalIsTold(@ForAll("histories") List<Step> history) throws Exception {
        Model model = new Model();
        for (Step step : history) {
            model.take(step);
            model.check();
        }
        model.atTheEnd();
        model.check();
        model.checkTheEnd();
    }
}
