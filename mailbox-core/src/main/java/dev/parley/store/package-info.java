/**
 * The file store, one engine of a post office: a directory of small files that the processes of one machine share. This
 * package has the directory itself and the system calls; the packages whose names begin with this one's have the parts.
 *
 * <p>Everything reaches the disk through {@link dev.parley.store.Disk}, one verb per system call, so that a test can drive every
 * interleaving, lie about durability, or fail any single step.
 *
 * <p>Imports {@code address} and {@code trace} of the domain, and never one of its parts.
 */
@NullMarked
package dev.parley.store;

import org.jspecify.annotations.NullMarked;
