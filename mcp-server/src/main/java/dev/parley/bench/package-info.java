/** Measures MCP servers from outside: what a user of one notices. */
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
