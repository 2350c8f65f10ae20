/**
 * Records, open questions and delivery in the file store, and the {@code PostOffice} that it makes up.
 *
 * <p>Imports the domain, and of the file store the parts in mailbox-core and {@code store.upkeep}.
 */
@NullMarked
package dev.parley.store.ledger;

import org.jspecify.annotations.NullMarked;
