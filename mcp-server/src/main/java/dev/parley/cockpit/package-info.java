/**
 * What a person sees of a project, and says to it: shared by the views of the {@code parley} command. Knows the read model and how
 * a message goes out; tools, the protocol and the server know nothing of it.
 */
@NullMarked
package dev.parley.cockpit;

import org.jspecify.annotations.NullMarked;
