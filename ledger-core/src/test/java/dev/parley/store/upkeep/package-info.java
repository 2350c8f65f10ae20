@NullMarked
package dev.parley.store.upkeep;

import org.jspecify.annotations.NullMarked;
