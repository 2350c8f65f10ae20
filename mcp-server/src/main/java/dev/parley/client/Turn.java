package dev.parley.client;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that was said in a session.
 *
 * @param role {@code user} or {@code assistant}
 * @param text what was said; the use of a tool stands as {@code [tool NAME]}
 * @param at when
 */
public record Turn(String role, String text, Optional<Instant> at) {}
