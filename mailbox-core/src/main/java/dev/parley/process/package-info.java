/**
 * Who lives: processes, told apart from all that ever had or will have their number.
 *
 * <p>Domain: imports nothing of Parley's, and never an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.process;

import org.jspecify.annotations.NullMarked;
