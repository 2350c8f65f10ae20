/**
 * What happens in a post office, told as events, and the errors that any part of one may report.
 *
 * <p>The bottom of the house: imports nothing of Parley's.
 */
@NullMarked
package dev.parley.trace;

import org.jspecify.annotations.NullMarked;
