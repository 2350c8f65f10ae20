/** Waking: whether, how, and what came of it. */
@NullMarked
package dev.parley.wake;

import org.jspecify.annotations.NullMarked;
