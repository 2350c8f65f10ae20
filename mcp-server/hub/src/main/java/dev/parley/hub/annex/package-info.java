/**
 * How a post office comes to reach the other machines of a team: what the file {@code hub} of its store says, and the connection to
 * the hub that it names.
 */
@NullMarked
package dev.parley.hub.annex;

import org.jspecify.annotations.NullMarked;
