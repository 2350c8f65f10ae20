/** Tests of the ledger, of delivery, and of the whole store's promises. */
@NullMarked
package dev.parley.ledger;

import org.jspecify.annotations.NullMarked;
