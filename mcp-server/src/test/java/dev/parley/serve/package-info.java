/** Tests of the {@code parley} command and of its launcher, as whoever types them sees them. */
@org.jspecify.annotations.NullMarked
package dev.parley.serve;
