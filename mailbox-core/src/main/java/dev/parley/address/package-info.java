/**
 * The ids by which sessions, messages and requests are addressed.
 *
 * <p>The bottom of the house: imports nothing of Parley's.
 */
@NullMarked
package dev.parley.address;

import org.jspecify.annotations.NullMarked;
