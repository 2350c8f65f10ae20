/**
 * A file store as one post office.
 *
 * <p>Imports the domain and every part of the file store. Nobody imports it: the service loader finds it.
 */
@NullMarked
package dev.parley.store.office;

import org.jspecify.annotations.NullMarked;
