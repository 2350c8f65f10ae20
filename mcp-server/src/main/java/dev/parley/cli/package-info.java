/**
 * The {@code parley} command.
 *
 * <p>The top of the house: imports what it runs, and nobody imports it. Nothing else knows picocli. Never imports an engine
 * ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.cli;

import org.jspecify.annotations.NullMarked;
