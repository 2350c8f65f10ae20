/**
 * What is on its way to other machines and what has come from them, in the file store.
 *
 * <p>Imports the domain, and of the file store {@code store}, {@code store.lock}, {@code store.mailbox} and {@code store.ledger}; never
 * {@code store.upkeep} or {@code store.office}.
 */
@NullMarked
package dev.parley.store.remote;

import org.jspecify.annotations.NullMarked;
