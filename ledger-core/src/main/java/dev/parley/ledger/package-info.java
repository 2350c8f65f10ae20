/**
 * What a session has received and what it still waits for: the received-ledger, delivery in the one safe order, the state
 * of a message, and open questions.
 */
@NullMarked
package dev.parley.ledger;

import org.jspecify.annotations.NullMarked;
