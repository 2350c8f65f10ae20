/**
 * Mutual exclusion between processes that may die or stall at any instruction.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}), {@code mailbox} or {@code peer}. How the file store keeps
 * these promises, and the proof, is in {@code dev.parley.store.lock} and in {@code docs/LOCKING.md}.
 */
@NullMarked
package dev.parley.lock;

import org.jspecify.annotations.NullMarked;
