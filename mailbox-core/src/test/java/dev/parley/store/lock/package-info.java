@NullMarked
package dev.parley.store.lock;

import org.jspecify.annotations.NullMarked;
