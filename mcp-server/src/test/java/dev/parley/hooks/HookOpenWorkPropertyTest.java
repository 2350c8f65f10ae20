package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * In whatever order turns end, requests come and change, and mail keeps turns going: the real hook reminds of a request at most
 * once for each state that it had, and only of what is open; and a turn that goes on went on for a reason.
 */
class HookOpenWorkPropertyTest {

    /** What may happen. */
    enum Action {
        PROMPT,
        STOP,
        STOP_TWICE_AT_ONCE,
        ASK,
        PLAIN_MAIL,
        WORK,
        BLOCK,
        DECLINE,
        ANSWER
    }

    /**
     * One thing that happens.
     *
     * @param which to which of the requests, counted round
     */
    record Step(Action action, int which) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Action> actions = Arbitraries.frequency(
                Tuple.of(3, Action.PROMPT),
                Tuple.of(6, Action.STOP),
                Tuple.of(1, Action.STOP_TWICE_AT_ONCE),
                Tuple.of(3, Action.ASK),
                Tuple.of(1, Action.PLAIN_MAIL),
                Tuple.of(2, Action.WORK),
                Tuple.of(1, Action.BLOCK),
                Tuple.of(1, Action.DECLINE),
                Tuple.of(1, Action.ANSWER));
        return Combinators.combine(actions, Arbitraries.integers().between(0, 2))
                .as(Step::new)
                .list()
                .ofMinSize(8)
                .ofMaxSize(16);
    }

    /** One history on a store of its own. */
    private static final class History {
        private final HookFixture hook;
        private final OpenRequests requests;
        private final List<Envelope> asked = new ArrayList<>();
        /** How often each was reminded of, by its id and revision. */
        private final Map<String, Integer> reminders = new HashMap<>();

        private int turn;

        History(Path root) throws Exception {
            hook = new HookFixture(root).started();
            requests = new OpenRequests(hook);
        }

        void take(Step step) throws Exception {
            switch (step.action()) {
                case PROMPT -> hook.run(hook.input("UserPromptSubmit").turn(Integer.toHexString(++turn)));
                case STOP -> stopped(hook.run(stop()).out());
                case STOP_TWICE_AT_ONCE -> stopTwice();
                case ASK -> asked.add(requests.ask("question " + asked.size()));
                case PLAIN_MAIL -> hook.send("by the way");
                case WORK -> change(step, WorkState.WORKING);
                case BLOCK -> change(step, WorkState.BLOCKED);
                case DECLINE -> change(step, WorkState.DECLINED);
                case ANSWER -> change(step, WorkState.COMPLETED);
            }
        }

        private HookInput stop() {
            return hook.input("Stop").turn(Integer.toHexString(turn));
        }

        private void stopTwice() throws Exception {
            for (HookRun run : hook.runAtOnce(stop(), 2)) {
                stopped(run.out());
            }
        }

        private void change(Step step, WorkState next) throws Exception {
            if (!asked.isEmpty()) {
                var unused = requests.change(asked.get(step.which() % asked.size()), next);
            }
        }

        private void stopped(String out) throws Exception {
            if (!out.contains("is still open")) {
                return;
            }
            int before = reminders.size();
            for (Envelope request : asked) {
                if (out.contains("message " + request.id())) {
                    var work = requests.office.work(hook.id).find(request.id()).orElseThrow();
                    assertTrue(!work.state().isTerminal() && work.state() != WorkState.BLOCKED, out);
                    String edge = request.id() + " " + work.revision();
                    assertEquals(1, reminders.merge(edge, 1, Integer::sum), "reminded again of " + edge);
                }
            }
            assertTrue(reminders.size() > before, "a reminder of nothing: " + out);
        }

        /** Of what was reminded, and of nothing else, it is signalled that the session went idle. */
        void checkSignals() throws Exception {
            for (String sign : requests.signals()) {
                Envelope request = asked.stream()
                        .filter(each -> sign.startsWith(each.requestId().orElseThrow() + ",idle="))
                        .findFirst()
                        .orElseThrow();
                String edge = request.id() + " " + sign.substring(sign.indexOf('=') + 1);
                assertTrue(reminders.containsKey(edge), "signalled before it was reminded: " + sign);
            }
        }
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void nothingIsRemindedOfTwice(@ForAll("histories") List<Step> steps) throws Exception {
        Path root = Files.createTempDirectory("parley-hook-work");
        try {
            History history = new History(root);
            for (Step step : steps) {
                history.take(step);
                history.checkSignals();
            }
        } finally {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
