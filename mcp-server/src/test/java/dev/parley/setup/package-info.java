/** Tests of setup and doctor. */
@org.jspecify.annotations.NullMarked
package dev.parley.setup;
