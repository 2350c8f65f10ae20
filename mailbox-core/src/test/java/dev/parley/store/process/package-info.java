@NullMarked
package dev.parley.store.process;

import org.jspecify.annotations.NullMarked;
