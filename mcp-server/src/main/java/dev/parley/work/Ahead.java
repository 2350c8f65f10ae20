package dev.parley.work;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What there is to look at later.
 *
 * @param deadline when the time itself brings something; empty if it never does
 * @param isWatched whether somebody who lives may bring something sooner
 */
record Ahead(Optional<Instant> deadline, boolean isWatched) {

    static final Ahead NOTHING = new Ahead(Optional.empty(), false);

    static Ahead at(Instant deadline) {
        return new Ahead(Optional.of(deadline), false);
    }

    boolean isNothing() {
        return deadline.isEmpty() && !isWatched;
    }

    /** Both: the earlier deadline counts. */
    Ahead and(Ahead other) {
        return new Ahead(
                Stream.concat(deadline.stream(), other.deadline.stream()).min(Instant::compareTo),
                isWatched || other.isWatched);
    }

    /** The same, and somebody may bring something sooner. */
    Ahead watched() {
        return new Ahead(deadline, true);
    }
}
