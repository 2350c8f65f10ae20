/**
 * Records, open questions and delivery in the file store, and how a message is followed there.
 *
 * <p>Imports the domain, and of the file store {@code store}, {@code store.lock} and {@code store.mailbox}; never
 * {@code store.upkeep} or {@code store.office}.
 */
@NullMarked
package dev.parley.store.ledger;

import org.jspecify.annotations.NullMarked;
