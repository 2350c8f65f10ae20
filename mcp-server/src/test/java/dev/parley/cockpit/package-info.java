/** Tests of how correspondence looks to a person. */
@NullMarked
package dev.parley.cockpit;

import org.jspecify.annotations.NullMarked;
