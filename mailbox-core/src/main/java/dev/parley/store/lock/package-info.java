/**
 * Locks as directories whose only entry names the owner; the proof is in {@code docs/LOCKING.md}.
 *
 * <p>Imports {@code lock} of the domain and what stands below that, and of the file store only {@code store}; never
 * {@code store.mailbox} or {@code store.peer}.
 */
@NullMarked
package dev.parley.store.lock;

import org.jspecify.annotations.NullMarked;
