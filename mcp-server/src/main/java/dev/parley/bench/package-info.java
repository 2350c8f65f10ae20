/**
 * Measures MCP servers from outside: what a user of one notices.
 *
 * <p>Never imports the post office, the tools or the server library: every server is a process like any other.
 */
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
