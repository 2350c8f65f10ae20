/**
 * A simulated machine for tests: a disk in memory with the semantics of POSIX, processes that die at any system call, a
 * power cut, and a search through every interleaving of several processes that run the real code.
 *
 * <p>Part of the test-jar of mailbox-core, so that other modules can test their own steps on it.
 */
@NullMarked
package dev.parley.testing;

import org.jspecify.annotations.NullMarked;
