/** Tests of the store, beside what they test. */
@NullMarked
package dev.parley.store;

import org.jspecify.annotations.NullMarked;
