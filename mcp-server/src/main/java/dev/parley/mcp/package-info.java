/**
 * A library for MCP servers on standard input and output, built from typed tools.
 *
 * <p>A {@link dev.parley.mcp.ToolPlugin} offers {@link dev.parley.mcp.Tool}s; a
 * {@link dev.parley.mcp.StdioServer} finds plug-ins and serves them. The input of a tool is a record: its constraints
 * make both the JSON Schema that the client sees and the check at run time.
 *
 * <p>Never imports anything else of Parley's: it serves anybody's tools.
 *
 * <h2>Reading order</h2>
 *
 * <p>Public is what a plug-in or a program with a server of its own needs: {@link dev.parley.mcp.StdioServer}; {@link
 * dev.parley.mcp.ToolPlugin}, {@link dev.parley.mcp.Tool}, {@link dev.parley.mcp.ToolHandler} and {@link
 * dev.parley.mcp.ToolException}; {@link dev.parley.mcp.PluginContext} and {@link dev.parley.mcp.CallContext}; {@link
 * dev.parley.mcp.Describe} and {@link dev.parley.mcp.Utf8Size} on the components of an input. The rest stands on seven
 * floors, and each knows only itself and those below it. Read them from the top to follow a line of the client, from the bottom to
 * learn the words.
 *
 * <ol start="7" reversed>
 *   <li>The server: {@code StdioServer} starts the threads and reads lines; {@code LoadedServer} is all of it that takes time
 *       to load; {@code ClientWatch} and {@code Shutdown} end it.
 *   <li>Before it is loaded: {@code Doorman} answers the handshake, with the list of {@code PreparedTools}.
 *   <li>Once it is loaded: {@code Reception} dispatches each message; {@code SdkSession}, with {@code SessionMapper} and
 *       {@code Pending}, hands it to the SDK; {@code ToolRunner} runs the handler.
 *   <li>The plug-ins: {@code PluginLoader} finds them in {@code PluginSources} and {@code PluginJars}; {@code PluginHost} is
 *       what they see; {@code Catalogue} and {@code CatalogueWriter} prepare their list of tools in the build.
 *   <li>A tool's input and result: {@code BoundTool} checks with {@code Shape} and {@code Constraints} (which {@code Rehearsal}
 *       warms up, {@code OwnValidators} helps with {@code MatchesPattern}, {@code SizeInCharacters}, {@code SizeOfCollection} and
 *       {@code Utf8SizeValidator}, and {@code Violation} puts into words);
 *       {@code Schemas} makes the schema; {@code Results} makes the answer.
 *   <li>One call: {@code Call} from its arrival to its outcome, {@code Calls} in flight, {@code CallPool} with their threads,
 *       {@code Outbox} that writes, {@code Answer} that tells what became of it.
 *   <li>Lines and words: {@code StandardStreams}, {@code LineReader}, {@code Line}, {@code IdScan}; {@code Incoming} and
 *       {@code JsonRpc}; {@code Introduction} of the server and {@code Greeting} of the client; {@code Json} and
 *       {@code Plain}; {@code SimpleJson}; {@code Diagnostics}.
 * </ol>
 */
@NullMarked
package dev.parley.mcp;

import org.jspecify.annotations.NullMarked;
