/**
 * What is told of what happens, and the errors that any part of a post office may report.
 *
 * <p>The bottom of the house: imports nothing of Parley's.
 */
@NullMarked
package dev.parley.trace;

import org.jspecify.annotations.NullMarked;
