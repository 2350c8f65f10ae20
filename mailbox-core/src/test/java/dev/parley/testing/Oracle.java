package dev.parley.testing;

import java.util.List;
import java.util.function.IntPredicate;

/** Answers what is not the disk's to answer. */
@FunctionalInterface
public interface Oracle {

    /**
     * Every answer that a process may get in this state, the true one first.
     *
     * @param alive tells which processes live
     */
    List<Object> answers(Object subject, IntPredicate alive);
}
