package dev.parley.tools;

import dev.parley.session.LocalSession;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a question waits for its answer.
 *
 * @param limit so long
 * @param clampedFromMillis what was wished, if the client does not let a call take that long
 */
record Patience(Duration limit, Optional<Integer> clampedFromMillis) {

    /** Not at all, for somebody who is out. */
    Patience none() {
        return new Patience(Duration.ZERO, clampedFromMillis);
    }

    static Patience of(@Nullable Integer wished, LocalSession session) {
        long ceiling = session.askCeilingMillis();
        if (wished == null) {
            return new Patience(Duration.ofMillis(session.askDefaultMillis()), Optional.empty());
        }
        return wished <= ceiling
                ? new Patience(Duration.ofMillis(wished), Optional.empty())
                : new Patience(Duration.ofMillis(ceiling), Optional.of(wished));
    }
}
