@NullMarked
package dev.parley.store.peer;

import org.jspecify.annotations.NullMarked;
