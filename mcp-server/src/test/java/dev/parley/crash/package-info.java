/** What real processes survive: killed, stopped, starved, lied to, and beside hostile neighbours. */
@org.jspecify.annotations.NullMarked
package dev.parley.crash;
