/**
 * Messages, and the mailbox in which a session's unread messages wait.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}) or {@code peer}.
 */
@NullMarked
package dev.parley.mailbox;

import org.jspecify.annotations.NullMarked;
