/**
 * Mutual exclusion between processes that may die or stall at any instruction.
 *
 * <p>The proof, and why the usual lock directory with an owner file beside it is not enough, is in
 * {@code docs/LOCKING.md}.
 */
@NullMarked
package dev.parley.lock;

import org.jspecify.annotations.NullMarked;
