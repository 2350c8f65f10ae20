/**
 * A client of programs that speak JSON-RPC, one message a line, on their standard streams: MCP servers, and Codex.
 *
 * <p>For commands that ask such a program something and wait. A server does not load it.
 */
@NullMarked
package dev.parley.rpc;

import org.jspecify.annotations.NullMarked;
