/**
 * Puts Parley into the clients' configuration and takes it out again, and looks for what keeps it from working there.
 *
 * <p>Configuration files belong to the user: setup changes them by splicing text at places that a real parser found, so that
 * everything else stays byte for byte what it was. The store's {@code setup} directory keeps what was done.
 *
 * <p>Never imports {@code mcp}, {@code tools}, {@code wake} or {@code cli}. One class, {@code Journal}, writes
 * files of the store by itself.
 */
@NullMarked
package dev.parley.setup;

import org.jspecify.annotations.NullMarked;
