/** Tests of the module as a whole. */
@org.jspecify.annotations.NullMarked
package dev.parley;
