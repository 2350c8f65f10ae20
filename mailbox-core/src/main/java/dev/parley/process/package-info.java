/**
 * Who lives: processes, each told apart from every other that ever had or will have its number.
 *
 * <p>Domain: imports nothing of Parley's, and never an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.process;

import org.jspecify.annotations.NullMarked;
