/** Tests of the live view: what it shows at which size, what its keys do, and the real thing in a real terminal. */
@org.jspecify.annotations.NullMarked
package dev.parley.cockpit.watch;
