@NullMarked
package dev.parley.store.ledger;

import org.jspecify.annotations.NullMarked;
