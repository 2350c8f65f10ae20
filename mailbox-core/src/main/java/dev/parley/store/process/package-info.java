/**
 * Processes as {@code /proc} and the JDK show them.
 *
 * <p>Imports {@code process} of the domain, and no other part of the file store.
 */
@NullMarked
package dev.parley.store.process;

import org.jspecify.annotations.NullMarked;
