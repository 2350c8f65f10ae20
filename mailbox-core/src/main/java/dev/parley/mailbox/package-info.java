/**
 * A Maildir without a lock: one message is one file, sending and taking are renames.
 */
@NullMarked
package dev.parley.mailbox;

import org.jspecify.annotations.NullMarked;
