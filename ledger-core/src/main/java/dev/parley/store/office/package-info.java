/**
 * The post office that the parts of a file store make up.
 *
 * <p>Imports the domain and every part of the file store; nobody imports it: it is found by its service.
 */
@NullMarked
package dev.parley.store.office;

import org.jspecify.annotations.NullMarked;
