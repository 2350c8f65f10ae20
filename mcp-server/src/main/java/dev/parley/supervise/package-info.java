/**
 * Starting sessions again by themselves: when that may be, and how often. What depends on a client is in
 * {@code dev.parley.client}; {@code dev.parley.wake} knows it as one more rung.
 */
@NullMarked
package dev.parley.supervise;

import org.jspecify.annotations.NullMarked;
