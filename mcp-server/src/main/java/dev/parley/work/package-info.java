/**
 * What becomes of requests beyond the call that changes them: the office tells the two sessions concerned.
 *
 * <p>Knows the post office and how a session is woken; never imports tools, commands or the protocol.
 */
@NullMarked
package dev.parley.work;

import org.jspecify.annotations.NullMarked;
