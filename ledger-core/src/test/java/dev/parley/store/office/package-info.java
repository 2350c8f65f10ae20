/** The file office, held to the contracts of every office. */
@NullMarked
package dev.parley.store.office;

import org.jspecify.annotations.NullMarked;
