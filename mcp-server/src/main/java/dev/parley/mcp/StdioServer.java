package dev.parley.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An MCP server on one pair of streams: it finds its plug-ins, serves their tools, and ends when its input ends.
 *
 * <pre>{@code
 * int code = StdioServer.onStandardStreams()
 *         .named("parley", "1.0")
 *         .instructions("...")
 *         .discoverPlugins()
 *         .build()
 *         .run();
 * }</pre>
 *
 * <p>Limits: a line has at most {@value #LINE_BYTES} bytes, and {@value #CALLS} calls are in flight at once; one more is
 * answered {@code overloaded}.
 */
public final class StdioServer {
    /** The longest line that is read, in bytes. */
    public static final int LINE_BYTES = 1024 * 1024;

    /** How many calls can be in flight. */
    public static final int CALLS = 256;

    private final Ending ending;
    private final Reception reception;
    private final List<PluginProblem> problems;
    private final List<String> toolNames;

    private StdioServer(Builder builder) {
        Diagnostics diagnostics = new Diagnostics(builder.err, builder.name);
        LineReader lines = new LineReader(builder.in, LINE_BYTES);
        Calls calls = new Calls();
        CallPool pool = new CallPool(CALLS);
        ending = new Ending(calls, pool, diagnostics);
        Outbox outbox = new Outbox(builder.out, lines::received, ending::pipeBroke, diagnostics);
        McpJsonMapper mapper = new JacksonMcpJsonMapper(Json.WIRE);
        SdkSession session = new SdkSession(mapper, outbox, calls, diagnostics);
        PluginHost host = new PluginHost(builder.environment, session::client, diagnostics);
        ending.shutsDown(host);

        PluginLoader plugins = new PluginLoader(host, diagnostics);
        builder.plugins.forEach(plugins::add);
        builder.classPath.ifPresent(plugins::addFromClassPath);
        builder.folder.ifPresent(plugins::addFromFolder);
        problems = List.copyOf(plugins.problems());
        toolNames = plugins.tools().stream().map(bound -> bound.tool().name()).toList();

        ToolRunner runner = new ToolRunner(diagnostics);
        var unused = McpServer.async(session)
                .serverInfo(McpSchema.Implementation.builder(builder.name, builder.version)
                        .title(builder.title)
                        .build())
                .instructions(builder.instructions)
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .jsonMapper(mapper)
                .jsonSchemaValidator((schema, content) -> {
                    throw new UnsupportedOperationException("inputs are checked by their constraints");
                })
                .validateToolInputs(false)
                .tools(plugins.tools().stream().map(runner::specification).toList())
                .build();
        reception =
                new Reception(lines, outbox, session, calls, pool, host, new LinkedHashSet<>(toolNames), diagnostics);
    }

    /**
     * Begins a server on the standard streams of the process, and takes them at once: from now on {@code System.out}
     * prints to standard error and {@code System.in} is empty. So call this before anything else can print.
     */
    public static Builder onStandardStreams() {
        StandardStreams streams = StandardStreams.take();
        return new Builder(streams.in(), streams.out(), streams.err());
    }

    /** Begins a server on these streams; they are not closed. */
    public static Builder on(InputStream in, OutputStream out, PrintStream err) {
        return new Builder(in, out, err);
    }

    /** The plug-ins that were skipped, and why. */
    public List<PluginProblem> problems() {
        return problems;
    }

    /** The names of the tools that are offered, in the order in which they are listed. */
    public List<String> toolNames() {
        return toolNames;
    }

    /**
     * Serves until the input ends, the output breaks, or {@link #stop} is called; call it once. Then what is in flight
     * gets {@value Ending#DRAIN_MILLIS} ms to be answered, what is left is interrupted, the shutdown actions run, and it
     * returns, within one second. If the process is told to end (SIGINT, SIGTERM) the same happens without the wait,
     * and the process ends.
     *
     * @return the exit code: 0, or 1 if the output broke or the input could not be read for lack of memory
     */
    public int run() {
        Thread reader = new Thread(this::read, "parley-reader");
        reader.setDaemon(true);
        reader.start();
        return ending.await();
    }

    /** Ends the server as if its input had ended, but at once. Safe from any thread, any number of times. */
    public void stop() {
        ending.stopped();
    }

    private void read() {
        try {
            reception.readAll();
            ending.inputEnded();
        } catch (IOException e) {
            ending.inputFailed(e);
        } catch (Throwable t) {
            // Without a reader nobody would notice the end of input, and the process would stay for ever.
            ending.readerFailed(t);
        }
    }

    /** What a server is made of. Not safe for use from several threads. */
    public static final class Builder {
        private final InputStream in;
        private final OutputStream out;
        private final PrintStream err;
        private String name = "mcp-server";
        private String title = name;
        private String version = "0";
        private String instructions = "";
        private Map<String, String> environment = System.getenv();
        private final List<ToolPlugin> plugins = new ArrayList<>();
        private Optional<ClassLoader> classPath = Optional.empty();
        private Optional<Path> folder = Optional.empty();

        private Builder(InputStream in, OutputStream out, PrintStream err) {
            this.in = in;
            this.out = out;
            this.err = err;
        }

        /** How the server introduces itself; the name also begins each line of its diagnostics. */
        public Builder named(String newName, String newVersion) {
            name = newName;
            title = newName;
            version = newVersion;
            return this;
        }

        /** A name for people; by default the name itself. */
        public Builder titled(String newTitle) {
            title = newTitle;
            return this;
        }

        /** What the model is told about the server as a whole. */
        public Builder instructions(String text) {
            instructions = text;
            return this;
        }

        /** The environment that plug-ins see; by default the process's own. */
        public Builder environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        /** Adds these plug-ins, before those that are found. */
        public Builder plugins(ToolPlugin... more) {
            plugins.addAll(List.of(more));
            return this;
        }

        /** Adds the plug-ins that {@link java.util.ServiceLoader} finds on the class path. */
        public Builder discoverPlugins() {
            classPath = Optional.of(StdioServer.class.getClassLoader());
            return this;
        }

        /** Adds the plug-ins in the jars of this folder, if it exists. */
        public Builder pluginFolder(Path path) {
            folder = Optional.of(path);
            return this;
        }

        /** Loads and starts the plug-ins. Nothing is read or written yet. */
        public StdioServer build() {
            return new StdioServer(this);
        }
    }
}
