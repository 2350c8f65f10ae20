/** What holds of the module as a whole. */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;
