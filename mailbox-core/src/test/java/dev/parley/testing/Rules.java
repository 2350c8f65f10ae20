package dev.parley.testing;

import java.util.List;

/** What must hold in every state a search finds. Each rule throws an {@link AssertionError} if it does not. */
public interface Rules {

    /**
     * One call of one process and its answer.
     *
     * @param call what was asked
     * @param reply what was answered
     */
    record Step(SystemCall call, Reply reply) {}

    /** The files changed by one call. */
    default void changed(SimulatedFiles before, Step step, SimulatedFiles after) {}

    /** Several processes are in stretches that they have named. */
    default void together(List<String> stretches) {}

    /** A process ended a round. */
    default void ended(int process, int round, Object outcome, List<Step> steps) {}

    /** Every process is dead or done; the files may be changed. */
    default void over(SimulatedFiles files) {}
}
