/**
 * What a person at the terminal does and sees: above the read model and the post office, and not known to tools, the server or
 * the protocol. A server never loads it.
 */
@NullMarked
package dev.parley.cockpit;

import org.jspecify.annotations.NullMarked;
