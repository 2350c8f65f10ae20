/**
 * The live view in a terminal: {@code parley watch}. What is shown is rendered from values without a terminal; one class alone
 * touches the terminal, and with it the terminal library.
 */
@NullMarked
package dev.parley.cockpit.watch;

import org.jspecify.annotations.NullMarked;
