/**
 * What a session has received and owes: the record of every message, open questions, how far the work on
 * a request is, and what became of a message.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}) or {@code office}.
 */
@NullMarked
package dev.parley.ledger;

import org.jspecify.annotations.NullMarked;
