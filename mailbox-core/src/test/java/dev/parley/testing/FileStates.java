package dev.parley.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every state of the files that a search has come to, by number, and what each call makes of each. */
final class FileStates {

    /** What a call in a state leads to. */
    private record Outcome(int files, Reply reply) {}

    private static final int MAX_CALLS = 1 << 20;

    private final List<SimulatedFiles> states = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<SystemCall, Integer> calls = new HashMap<>();
    /** {@code files, process, call} to the place of its outcome. */
    private final LongTable known = new LongTable();

    private final List<Outcome> outcomes = new ArrayList<>();
    private final Rules rules;

    FileStates(Rules rules) {
        this.rules = rules;
    }

    int size() {
        return states.size();
    }

    SimulatedFiles state(int number) {
        return states.get(number);
    }

    int callNumber(SystemCall call) {
        int number = calls.computeIfAbsent(call, c -> calls.size());
        if (number >= MAX_CALLS) {
            throw new IllegalStateException("more different calls than the search can tell apart");
        }
        return number;
    }

    /** Where in {@link #files} and {@link #reply} the outcome of a call is. */
    int apply(int files, int process, int callNumber, SystemCall call) {
        int place = known.number(((long) files * 8 + process) * MAX_CALLS + callNumber);
        if (place == outcomes.size()) {
            SimulatedFiles after = states.get(files).copy();
            Reply reply = after.apply(name(process), call);
            // What fails has changed nothing.
            int number = reply instanceof Reply.Failed ? files : number(after);
            if (number != files) {
                rules.changed(states.get(files), new Rules.Step(call, reply), after);
            }
            outcomes.add(new Outcome(number, reply));
        }
        return place;
    }

    int files(int outcome) {
        return outcomes.get(outcome).files();
    }

    Reply reply(int outcome) {
        return outcomes.get(outcome).reply();
    }

    /** The files after the death of a process. */
    int exit(int files, int process) {
        int place = known.number(((long) files * 8 + process) * MAX_CALLS + MAX_CALLS - 1);
        if (place == outcomes.size()) {
            SimulatedFiles after = states.get(files).copy();
            after.exit(name(process));
            outcomes.add(new Outcome(number(after), Reply.DONE));
        }
        return outcomes.get(place).files();
    }

    /** The number of a state; the files must not be changed any more. */
    int number(SimulatedFiles files) {
        Integer next = states.size();
        Integer number = numbers.putIfAbsent(files.canonical(), next);
        if (number == null) {
            states.add(files);
            return next;
        }
        return number;
    }

    static String name(int process) {
        return "p" + process;
    }
}
