/**
 * Letters, and the mailbox in which a session's unread letters wait.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.mailbox;

import org.jspecify.annotations.NullMarked;
