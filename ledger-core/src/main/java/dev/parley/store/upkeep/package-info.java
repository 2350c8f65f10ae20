/**
 * Checking, repairing and sweeping a file store.
 *
 * <p>Imports the domain and the other parts of the file store; never {@code store.office}, which is made of them all.
 */
@NullMarked
package dev.parley.store.upkeep;

import org.jspecify.annotations.NullMarked;
