package dev.parley.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One process of a search: a map of its code, drawn while the search goes.
 *
 * <p>The code is real and cannot be stopped half way, so it is run again for each new place: told what it was told before,
 * up to the next call, and there it is thrown out. As it does the same whenever it is told the same, that is as good as
 * having stopped. Each place is found once; after that, a step of this process is a look-up.
 */
final class SimulatedProcess implements World {

    private enum Mode {
        SET_UP,
        RETELLING,
        THROWN_OUT
    }

    private record Key(int round, Object key) {}

    /** How a run ended. */
    private record Run(
            @Nullable SystemCall call,
            @Nullable Place merged,
            @Nullable Object outcome,
            List<Key> keys) {}

    static final int DEAD = 0;
    static final int DONE = 1;

    private final int number;
    private final int rounds;
    private final FileStates files;
    private final Rules rules;
    private final Program program;
    private final List<Place> places = new ArrayList<>();
    private final Map<Integer, Place> starts = new HashMap<>();
    private final Map<Key, Place> settled = new HashMap<>();

    private Mode mode = Mode.SET_UP;
    private List<Rules.Step> story = List.of();
    private int told;
    private int round;
    private int nonces;
    private String stretch = "";
    private String contradiction = "";
    private @Nullable SystemCall asked;
    private @Nullable Place merged;
    private List<Key> keys = new ArrayList<>();
    private final Kernel setUp;

    SimulatedProcess(
            int number,
            int rounds,
            SimulatedFiles start,
            FileStates files,
            Rules rules,
            Function<World, Program> code) {
        this.number = number;
        this.rounds = rounds;
        this.files = files;
        this.rules = rules;
        this.setUp = start.kernel("set-up");
        places.add(new Place(DEAD, rounds, null, null));
        places.add(new Place(DONE, rounds, null, null));
        this.program = code.apply(this);
        this.mode = Mode.THROWN_OUT;
    }

    int places() {
        return places.size();
    }

    Place place(int place) {
        return places.get(place);
    }

    /** Where a round begins; beyond the last, where everything ends. */
    Place start(int of) {
        if (of == rounds) {
            return places.get(DONE);
        }
        Place known = starts.get(of);
        if (known == null) {
            known = explored(new Place(places.size(), of, null, null));
            starts.put(of, known);
        }
        return known;
    }

    /** Where the process is after it was told this. */
    Place next(Place from, Reply reply) {
        Place known = from.after(reply);
        if (known == null) {
            known = explored(new Place(places.size(), from.round, from, reply));
            from.leadsTo(reply, known);
        }
        return known;
    }

    private Place explored(Place fresh) {
        List<Rules.Step> steps = fresh.steps();
        Run run = run(fresh.round, steps);
        if (run.merged() != null) {
            return run.merged();
        }
        Place place = fresh;
        if (run.call() != null) {
            places.add(fresh);
            fresh.waitsFor(new Place.Waiting(run.call(), files.callNumber(run.call()), stretch));
        } else {
            rules.ended(number, fresh.round, run.outcome() == null ? "nothing" : run.outcome(), steps);
            place = start(fresh.round + 1);
        }
        for (Key key : run.keys()) {
            settled.put(key, place);
        }
        return place;
    }

    private Run run(int which, List<Rules.Step> steps) {
        mode = Mode.RETELLING;
        round = which;
        story = steps;
        told = 0;
        nonces = 0;
        stretch = "";
        asked = null;
        merged = null;
        keys = new ArrayList<>();
        Object outcome;
        try {
            outcome = program.round(which);
        } catch (SimulatedCrash e) {
            if (!contradiction.isEmpty()) {
                throw new IllegalStateException("the code is not deterministic: " + contradiction, e);
            }
            return new Run(asked, merged, null, keys);
        } catch (Exception e) {
            outcome = e;
        }
        if (told < story.size()) {
            throw new IllegalStateException("the code ended before it had been told " + story.get(told));
        }
        mode = Mode.THROWN_OUT;
        return new Run(null, null, outcome, keys);
    }

    @Override
    public int process() {
        return number;
    }

    @Override
    public Kernel kernel() {
        return this::call;
    }

    @Override
    public SimulatedDisk disk() {
        return new SimulatedDisk(kernel());
    }

    @Override
    public Object ask(Object subject) {
        if (call(new SystemCall.Question(subject)) instanceof Reply.Answer answer) {
            return answer.value();
        }
        throw new IllegalStateException("no answer");
    }

    private Reply call(SystemCall call) {
        switch (mode) {
            case SET_UP:
                return setUp.call(call);
            case THROWN_OUT:
                throw new SimulatedCrash("thrown out");
            default:
                break;
        }
        if (call instanceof SystemCall.Force) {
            // Nobody will cut the power, so there is nothing that others could see.
            return Reply.DONE;
        }
        if (told < story.size()) {
            Rules.Step step = story.get(told++);
            if (!step.call().equals(call)) {
                mode = Mode.THROWN_OUT;
                contradiction = "it asked " + step.call() + " before, and now " + call;
                throw new SimulatedCrash("thrown out");
            }
            return step.reply();
        }
        mode = Mode.THROWN_OUT;
        asked = call;
        throw new SimulatedCrash("thrown out");
    }

    @Override
    public String nonce() {
        return "r" + round + "n" + nonces++;
    }

    @Override
    public void settle(Object key) {
        if (mode == Mode.RETELLING && told == story.size()) {
            Key here = new Key(round, key);
            Place known = settled.get(here);
            if (known != null) {
                mode = Mode.THROWN_OUT;
                merged = known;
                throw new SimulatedCrash("merged");
            }
            keys.add(here);
        }
    }

    @Override
    public void enter(String name) {
        stretch = name;
    }
}
