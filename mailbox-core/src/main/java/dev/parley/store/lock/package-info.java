/**
 * Locks as directories whose only entry names the owner; the proof is in {@code docs/LOCKING.md}.
 *
 * <p>Imports {@code lock} and {@code process} of the domain, and of the file store only {@code store}.
 */
@NullMarked
package dev.parley.store.lock;

import org.jspecify.annotations.NullMarked;
