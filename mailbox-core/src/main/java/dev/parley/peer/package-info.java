/**
 * Who else is here: session cards, names, projects, liveness, and the interface by which an idle peer is woken.
 */
@NullMarked
package dev.parley.peer;

import org.jspecify.annotations.NullMarked;
