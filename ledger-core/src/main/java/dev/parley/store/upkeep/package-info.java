/**
 * Checking, repairing and sweeping a file store.
 *
 * <p>Imports the domain, and the other parts of the file store but the office that they make up.
 */
@NullMarked
package dev.parley.store.upkeep;

import org.jspecify.annotations.NullMarked;
