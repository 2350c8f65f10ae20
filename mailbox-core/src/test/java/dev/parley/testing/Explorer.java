package dev.parley.testing;

import dev.parley.testing.SystemCall.Close;
import dev.parley.testing.SystemCall.Question;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tries every interleaving of several simulated processes that run real code on one simulated disk, with the death of any
 * of them before and after every call.
 *
 * <p>A state is the files and the place in its code of each process; each state is visited once, whichever way it was
 * reached. A process that stalls, for any time at any point, is among what is tried: the others just go on. The order is
 * breadth first, so the history that is told of a broken rule is one of the shortest.
 */
public final class Explorer {

    /** Whether processes die. */
    public enum Deaths {
        NEVER,
        ANY_TIME
    }

    /** One way from a state to another. */
    private interface Way {
        void leads(int process, SystemCall call, @Nullable Reply reply, long state);
    }

    /** More steps than any process needs when all take turns and nobody is lied to. */
    private static final int FAIR_STEPS = 10_000;

    private final SimulatedFiles start;
    private final Oracle oracle;
    private final Rules rules;
    private final Deaths deaths;
    private final FileStates files;
    private final List<SimulatedProcess> processes = new ArrayList<>();

    private Predicate<SystemCall> unnoticed = call -> false;
    private final LongTable states = new LongTable();
    private final BitSet ended = new BitSet();
    private int[] parents = new int[1 << 10];
    private long steps;
    private int ends;
    private Packing packing = Packing.of(1);

    /** What is being tried, for the history of a broken rule. */
    private int mover;

    private @Nullable SystemCall trying;

    /** A search that begins with these files, on which the programs may set up what they need. */
    public Explorer(SimulatedFiles start, Oracle oracle, Rules rules, Deaths deaths) {
        this.start = start;
        this.oracle = oracle;
        this.rules = rules;
        this.deaths = deaths;
        this.files = new FileStates(rules);
    }

    /** Adds a process that does so many rounds. What its program does while it is made is done before the search. */
    public Explorer with(int rounds, Function<World, Program> code) {
        processes.add(new SimulatedProcess(processes.size(), rounds, start, files, rules, code));
        return this;
    }

    /**
     * Says which calls no other process can notice, nor they notice any of another's: they are made at once, because it
     * makes no difference when. The process may still die before and after each.
     */
    public Explorer unnoticed(Predicate<SystemCall> calls) {
        unnoticed = calls;
        return this;
    }

    /**
     * Searches everything.
     *
     * @throws AssertionError if a rule is broken; its message tells the history
     */
    public Report explore() {
        packing = Packing.of(processes.size());
        int first = files.number(start.copy());
        int[] places = processes.stream().mapToInt(p -> p.start(0).number).toArray();
        states.number(packing.state(first, places));
        for (int at = 0; at < states.size(); at++) {
            try {
                visit(at);
            } catch (AssertionError e) {
                String last = line(mover, trying, new Reply.Answer("?"));
                throw new AssertionError(e.getMessage() + "\n" + history(at) + last, e);
            }
        }
        int inCode = processes.stream().mapToInt(SimulatedProcess::places).sum();
        return new Report(states.size(), steps, files.size(), inCode, ends);
    }

    private void visit(int at) {
        long state = states.value(at);
        checkTogether(state);
        boolean[] moved = new boolean[1];
        ways(state, true, (process, call, reply, next) -> {
            moved[0] = true;
            steps++;
            int before = states.size();
            int number = states.number(next);
            if (number == before) {
                parents = number < parents.length ? parents : Arrays.copyOf(parents, parents.length * 2);
                parents[number] = at;
            }
        });
        if (!moved[0]) {
            ends++;
            int left = packing.files(state);
            if (!ended.get(left)) {
                ended.set(left);
                trying = null;
                rules.over(files.state(left).copy());
            }
        }
    }

    private void checkTogether(long state) {
        List<String> stretches = new ArrayList<>(0);
        for (int p = 0; p < processes.size(); p++) {
            Place place = placeOf(state, p);
            if (!place.isOver() && !place.waiting().stretch().isEmpty()) {
                stretches.add(place.waiting().stretch());
            }
        }
        if (stretches.size() > 1) {
            trying = null;
            rules.together(stretches);
        }
    }

    /** Every way out of a state; with deaths and lies, or only what happens when nobody dies and the oracle is true. */
    private void ways(long state, boolean all, Way way) {
        for (int p = 0; p < processes.size(); p++) {
            Place place = placeOf(state, p);
            if (!place.isOver()) {
                waysOf(state, p, place, all, way);
            }
        }
    }

    private void waysOf(long state, int p, Place place, boolean all, Way way) {
        SystemCall call = place.waiting().call();
        int now = packing.files(state);
        mover = p;
        trying = call;
        if (call instanceof Question question) {
            List<Object> answers =
                    oracle.answers(question.subject(), other -> placeOf(state, other).number != SimulatedProcess.DEAD);
            for (Object answer : all ? answers : answers.subList(0, 1)) {
                told(state, now, p, place, new Reply.Answer(answer), all, way);
            }
        } else {
            int outcome = files.apply(now, p, place.waiting().callNumber(), call);
            told(state, files.files(outcome), p, place, files.reply(outcome), all, way);
        }
        if (all && deaths == Deaths.ANY_TIME) {
            way.leads(p, call, null, packing.with(state, files.exit(now, p), p, SimulatedProcess.DEAD));
        }
    }

    private void told(long state, int now, int p, Place place, Reply reply, boolean all, Way way) {
        Place next = processes.get(p).next(place, reply);
        int then = now;
        while (!next.isOver() && isUnnoticed(next.waiting().call())) {
            if (all && deaths == Deaths.ANY_TIME && !(next.waiting().call() instanceof Close)) {
                way.leads(
                        p,
                        next.waiting().call(),
                        null,
                        packing.with(state, files.exit(then, p), p, SimulatedProcess.DEAD));
            }
            int outcome = files.apply(
                    then, p, next.waiting().callNumber(), next.waiting().call());
            then = files.files(outcome);
            next = processes.get(p).next(next, files.reply(outcome));
        }
        way.leads(p, place.waiting().call(), reply, packing.with(state, then, p, next.number));
    }

    /**
     * Checks, after {@link #explore}, that from every state on, if all take turns and nobody dies or is lied to any more,
     * everybody comes to an end.
     *
     * @throws AssertionError if some go round in circles; its message tells the history
     */
    public void checkProgress() {
        int count = processes.size();
        BitSet good = new BitSet();
        for (int at = 0; at < states.size(); at++) {
            Deque<Integer> path = new ArrayDeque<>();
            long key = (long) at * count;
            while (!good.get(Math.toIntExact(key)) && !isOver(states.value((int) (key / count)))) {
                path.add(Math.toIntExact(key));
                if (path.size() > FAIR_STEPS) {
                    throw new AssertionError("they go round in circles after\n" + history(at));
                }
                key = fairStep(key, count);
            }
            path.forEach(good::set);
        }
    }

    /** The next of {@code state * count + turn}; itself, if there is nothing to do any more. */
    private long fairStep(long key, int count) {
        long state = states.value((int) (key / count));
        int turn = (int) (key % count);
        long[] next = {key / count};
        Place place = placeOf(state, turn);
        if (!place.isOver()) {
            waysOf(state, turn, place, false, (p, call, reply, to) -> next[0] = known(to));
        }
        return next[0] * count + (turn + 1) % count;
    }

    private int known(long state) {
        int before = states.size();
        int number = states.number(state);
        if (number == before) {
            throw new IllegalStateException("a true answer leads where the search has not been");
        }
        return number;
    }

    private String history(int at) {
        StringBuilder lines = new StringBuilder();
        for (int to = at; to != 0; to = parents[to]) {
            long target = states.value(to);
            String[] line = new String[1];
            ways(states.value(parents[to]), true, (process, call, reply, next) -> {
                if (next == target && line[0] == null) {
                    line[0] = line(process, call, reply) + "\n";
                }
            });
            lines.insert(0, String.valueOf(line[0]));
        }
        return lines.toString();
    }

    /** Closing shows nothing to others: the number of the handle is no longer taken, that is all. */
    private boolean isUnnoticed(SystemCall call) {
        return call instanceof Close || unnoticed.test(call);
    }

    private static String line(int process, @Nullable SystemCall call, @Nullable Reply reply) {
        return "  "
                + (call == null
                        ? "that is all"
                        : FileStates.name(process) + " " + call + " -> " + (reply == null ? "dies" : reply));
    }

    private boolean isOver(long state) {
        for (int p = 0; p < processes.size(); p++) {
            if (!placeOf(state, p).isOver()) {
                return false;
            }
        }
        return true;
    }

    private Place placeOf(long state, int p) {
        return processes.get(p).place(packing.place(state, p));
    }
}
