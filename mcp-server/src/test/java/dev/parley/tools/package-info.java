/** Tests of the messaging tools, seen from outside through real servers. */
@org.jspecify.annotations.NullMarked
package dev.parley.tools;
