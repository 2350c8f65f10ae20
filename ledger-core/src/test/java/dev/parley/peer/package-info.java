/** The file implementations, held to their contracts here because the check of the whole store is at home in this module. */
@NullMarked
package dev.parley.peer;

import org.jspecify.annotations.NullMarked;
