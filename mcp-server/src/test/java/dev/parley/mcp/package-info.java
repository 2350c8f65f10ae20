/** Tests of the stdio server library. */
@org.jspecify.annotations.NullMarked
package dev.parley.mcp;
