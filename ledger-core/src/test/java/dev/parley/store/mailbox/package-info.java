@NullMarked
package dev.parley.store.mailbox;

import org.jspecify.annotations.NullMarked;
