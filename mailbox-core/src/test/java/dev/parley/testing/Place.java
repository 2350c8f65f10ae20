package dev.parley.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A point in the code of one process: about to make a call, with all that it has been told in this round. */
final class Place {

    /** What is asked next. */
    record Waiting(SystemCall call, int callNumber, String stretch) {}

    final int number;
    final int round;
    private final @Nullable Place before;
    private final @Nullable Reply told;
    private @Nullable Waiting waiting;

    private final List<Reply> replies = new ArrayList<>(2);
    private final List<Place> next = new ArrayList<>(2);

    Place(int number, int round, @Nullable Place before, @Nullable Reply told) {
        this.number = number;
        this.round = round;
        this.before = before;
        this.told = told;
    }

    void waitsFor(Waiting call) {
        waiting = call;
    }

    /** Whether there is nothing more to ask: the process is dead or done. */
    boolean isOver() {
        return waiting == null;
    }

    Waiting waiting() {
        if (waiting == null) {
            throw new IllegalStateException("a process that is over asks nothing");
        }
        return waiting;
    }

    @Nullable
    Place after(Reply reply) {
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) == reply || replies.get(i).equals(reply)) {
                return next.get(i);
            }
        }
        return null;
    }

    void leadsTo(Reply reply, Place place) {
        replies.add(reply);
        next.add(place);
    }

    /** What was asked and answered in this round until here. */
    List<Rules.Step> steps() {
        List<Rules.Step> steps = new ArrayList<>();
        for (Place at = this; at.before != null && at.told != null; at = at.before) {
            steps.add(0, new Rules.Step(at.before.waiting().call(), at.told));
        }
        return steps;
    }
}
