/**
 * Who is there: the cards of sessions, their projects, names and presence, and the rungs that wake them.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}), {@code ledger} or {@code office}.
 */
@NullMarked
package dev.parley.peer;

import org.jspecify.annotations.NullMarked;
