/**
 * What was received and is owed: the record of every message, open questions, and what became of a message.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.ledger;

import org.jspecify.annotations.NullMarked;
