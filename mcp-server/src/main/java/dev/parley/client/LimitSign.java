package dev.parley.client;

import java.time.Instant;
import java.util.Optional;

/** What one line of a transcript tells of a limit that the client's provider sets: so much in so many hours. */
public sealed interface LimitSign {

    /**
     * A turn ended on the limit.
     *
     * @param at when
     * @param until when the limit ends, if this line says so
     */
    record Reached(Optional<Instant> at, Optional<Instant> until) implements LimitSign {}

    /**
     * When the limits that are used up end.
     *
     * @param until the latest of them
     */
    record Until(Instant until) implements LimitSign {}

    /** A turn ended well: no limit before it holds. */
    record Free() implements LimitSign {}
}
