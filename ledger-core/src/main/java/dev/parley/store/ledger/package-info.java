/**
 * Records, open questions, the state of work and delivery in the file store, and how a message is followed there.
 *
 * <p>Imports the domain, and of the file store {@code store}, {@code store.lock}, {@code store.mailbox} and {@code store.peer} (where a
 * session's files lie while it moves); never {@code store.upkeep} or {@code store.office}.
 */
@NullMarked
package dev.parley.store.ledger;

import org.jspecify.annotations.NullMarked;
