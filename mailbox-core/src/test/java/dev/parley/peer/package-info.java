/** Tests of the peers, and the contract that every directory of them is held to. */
@NullMarked
package dev.parley.peer;

import org.jspecify.annotations.NullMarked;
