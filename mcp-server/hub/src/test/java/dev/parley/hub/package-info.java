/** Tests of the hub's module. */
@NullMarked
package dev.parley.hub;

import org.jspecify.annotations.NullMarked;
