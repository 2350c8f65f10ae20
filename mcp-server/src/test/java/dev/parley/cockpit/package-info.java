/** Tests of what the views share. */
@org.jspecify.annotations.NullMarked
package dev.parley.cockpit;
