package dev.parley.overview;

import dev.parley.ledger.Work;
import java.util.List;
import java.util.Optional;

/**
 * What a session owes, or why that cannot be told.
 *
 * @param unfinished the requests that it has received and that are in no terminal state, oldest first
 * @param trouble why its requests cannot be looked at; then none is known
 */
public record Owed(List<Work> unfinished, Optional<String> trouble) {

    /** Copies the list. */
    public Owed {
        unfinished = List.copyOf(unfinished);
    }

    static Owed hidden(String trouble) {
        return new Owed(List.of(), Optional.of(trouble));
    }
}
