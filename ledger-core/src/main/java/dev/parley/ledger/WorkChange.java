package dev.parley.ledger;

import dev.parley.ledger.WorkState.Actor;
import java.util.Optional;

/**
 * What somebody wants to change of a request.
 *
 * @param actor who
 * @param next to which state
 * @param note what is to be said of it; at the most {@link Work#MAX_NOTE} characters
 * @param needs whom or what it needs; only with {@link WorkState#BLOCKED}; at the most {@link Work#MAX_NOTE} characters
 */
public record WorkChange(Actor actor, WorkState next, Optional<String> note, Optional<String> needs) {

    /**
     * Checks that the parts fit each other.
     *
     * @throws IllegalArgumentException if this actor never brings a request into this state, a text is too long, or something
     *     that is not blocked needs something
     */
    public WorkChange {
        if (next.mover().filter(actor::equals).isEmpty()) {
            throw new IllegalArgumentException(actor + " does not make a request " + next.word());
        }
        if (needs.isPresent() && next != WorkState.BLOCKED) {
            throw new IllegalArgumentException("only a blocked request needs something");
        }
        requireShort(note);
        requireShort(needs);
    }

    private static void requireShort(Optional<String> text) {
        if (text.filter(t -> t.isEmpty() || t.codePointCount(0, t.length()) > Work.MAX_NOTE)
                .isPresent()) {
            throw new IllegalArgumentException("a note has 1 to " + Work.MAX_NOTE + " characters");
        }
    }

    /** A change without a word to it. */
    public static WorkChange of(Actor actor, WorkState next) {
        return new WorkChange(actor, next, Optional.empty(), Optional.empty());
    }
}
