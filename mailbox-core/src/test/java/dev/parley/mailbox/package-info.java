/** Tests of the mailbox, and the contract that every implementation of it is held to. */
@NullMarked
package dev.parley.mailbox;

import org.jspecify.annotations.NullMarked;
