/**
 * Cards of sessions as files, their index by project, and how a session's directory moves to another id.
 *
 * <p>Imports {@code peer} of the domain and what stands below that, and of the file store {@code store}, {@code store.lock} and
 * {@code store.mailbox}; never {@code store.ledger} or what stands above it.
 */
@NullMarked
package dev.parley.store.peer;

import org.jspecify.annotations.NullMarked;
