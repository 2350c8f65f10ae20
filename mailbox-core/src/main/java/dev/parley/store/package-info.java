/**
 * Where things are: the directory layout, its permissions, atomic durable writes, identifiers and the clock.
 *
 * <p>Everything above reaches the disk through {@link dev.parley.store.Disk}, one verb per system call, so that a test
 * can drive every interleaving, lie about durability, or fail any single step.
 */
@NullMarked
package dev.parley.store;

import org.jspecify.annotations.NullMarked;
