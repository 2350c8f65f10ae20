/**
 * The file store, one engine of a post office: a directory of small files that processes of one machine share. Here: the
 * directory itself and the system calls; its parts are in the packages below.
 *
 * <p>Everything reaches the disk through {@link dev.parley.store.Disk}, one verb per system call, so that a test can drive every
 * interleaving, lie about durability, or fail any single step.
 *
 * <p>Imports {@code address} and {@code trace} of the domain, and never what is below it.
 */
@NullMarked
package dev.parley.store;

import org.jspecify.annotations.NullMarked;
