/** Tests of the lock, beside what they test. */
@NullMarked
package dev.parley.lock;

import org.jspecify.annotations.NullMarked;
