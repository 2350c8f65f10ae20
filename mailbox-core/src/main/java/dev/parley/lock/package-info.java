/**
 * Mutual exclusion between processes that may die or stall at any instruction.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}), {@code mailbox} or {@code peer}. The file store's way of
 * keeping these promises is {@code dev.parley.store.lock}; the proof is in {@code docs/LOCKING.md}.
 */
@NullMarked
package dev.parley.lock;

import org.jspecify.annotations.NullMarked;
