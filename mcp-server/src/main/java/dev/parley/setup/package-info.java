/**
 * Puts Parley into the clients' configuration and takes it out again, and looks for what keeps it from working there.
 *
 * <p>Configuration files belong to the user: they are changed by splicing text at places that a real parser found, so that
 * everything else stays byte for byte what it was. What was done is kept in the store's {@code setup} directory.
 */
@NullMarked
package dev.parley.setup;

import org.jspecify.annotations.NullMarked;
