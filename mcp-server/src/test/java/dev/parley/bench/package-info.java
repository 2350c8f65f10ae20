/** The benchmark as its users run it. */
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
