/**
 * Mailboxes as directories in the manner of Maildir; the form is in {@code docs/FORMAT.md}.
 *
 * <p>Imports {@code mailbox} of the domain and what stands below that, and of the file store {@code store} and
 * {@code store.lock}; never {@code store.peer}.
 */
@NullMarked
package dev.parley.store.mailbox;

import org.jspecify.annotations.NullMarked;
