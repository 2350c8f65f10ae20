/**
 * A library for MCP servers on standard input and output, built from typed tools.
 *
 * <p>A {@link dev.parley.mcp.ToolPlugin} offers {@link dev.parley.mcp.Tool}s; a
 * {@link dev.parley.mcp.StdioServer} finds plug-ins and serves them. The input of a tool is a record: its constraints
 * make both the JSON Schema that the client sees and the check at run time.
 *
 * <p>Never imports anything else of Parley's: it serves anybody's tools.
 */
@NullMarked
package dev.parley.mcp;

import org.jspecify.annotations.NullMarked;
