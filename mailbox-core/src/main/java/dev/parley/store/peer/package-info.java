/**
 * Cards of sessions as files, their index by project, and how a session's directory moves to another id.
 *
 * <p>Imports {@code peer} of the domain and what is below it, and of the file store {@code store}, {@code store.lock} and
 * {@code store.mailbox}.
 */
@NullMarked
package dev.parley.store.peer;

import org.jspecify.annotations.NullMarked;
