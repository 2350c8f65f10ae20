/**
 * Goes on with sessions whose client has ended: how, when, and how often. What depends on which client it is, is in {@code
 * dev.parley.client}.
 *
 * <p>Known to the command alone: a server never loads it.
 */
@NullMarked
package dev.parley.supervise;

import org.jspecify.annotations.NullMarked;
