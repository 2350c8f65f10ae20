package dev.parley.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

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
 * <p>The artifact {@code dev.parley:mcp-server} has this package alone as a second jar, with the classifier
 * {@code library}, for servers of one's own.
 *
 * <p>Limits: a line has at most {@value #LINE_BYTES} bytes, and {@value #CALLS} calls are in flight at once; one more is
 * answered {@code overloaded}.
 */
public final class StdioServer {
    /** The longest line that is read, in bytes. */
    public static final int LINE_BYTES = 1024 * 1024;

    /** How many calls can be in flight. */
    public static final int CALLS = 256;

    private final LineReader lines;
    private final Shutdown shutdown;
    private final Optional<Doorman> doorman;
    private final FutureTask<LoadedServer> loaded;
    private final Optional<Runnable> loading;
    private final Optional<ClientWatch> watch;

    private StdioServer(Builder builder) {
        if (builder.rest.isPresent()) {
            Constraints.prepare();
        }
        Diagnostics diagnostics = new Diagnostics(builder.err, builder.name);
        lines = new LineReader(builder.in, LINE_BYTES);
        Calls calls = new Calls();
        CallPool pool = new CallPool(CALLS);
        shutdown = new Shutdown(calls, pool, diagnostics);
        Outbox outbox = new Outbox(builder.out, lines::received, shutdown::pipeBroke, diagnostics);
        watch = builder.ownsProcess ? Optional.of(new ClientWatch(lines, outbox, shutdown)) : Optional.empty();
        LoadedServer.Connection connection = new LoadedServer.Connection(outbox, calls, pool, shutdown, diagnostics);
        Introduction introduction =
                new Introduction(builder.name, builder.title, builder.version, builder.instructions);
        loaded = new FutureTask<>(
                () -> new LoadedServer(introduction, builder.sources(), builder.results(), connection));
        if (builder.rest.isEmpty()) {
            loaded.run();
            doorman = Optional.empty();
            loading = Optional.empty();
        } else {
            FutureTask<Optional<String>> tools = new FutureTask<>(() -> PreparedTools.tools(builder.sources()));
            Doorman early = new Doorman(introduction, () -> result(tools), outbox);
            doorman = Optional.of(early);
            loading = Optional.of(() -> load(builder, tools, early));
        }
    }

    /** On a thread of its own, while the doorman answers. */
    private void load(Builder builder, FutureTask<Optional<String>> tools, Doorman early) {
        try {
            builder.rest.orElseThrow().accept(builder);
            tools.run();
            loaded.run();
            early.open(loaded().reception());
        } catch (Throwable t) {
            shutdown.loadingFailed(t);
            tools.cancel(false);
            early.fail(t);
        }
    }

    private LoadedServer loaded() {
        return result(loaded);
    }

    private static <T> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server was loading", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the server cannot be loaded", e.getCause());
        }
    }

    /**
     * Begins a server on the standard streams of the process, and takes them at once: from now on {@code System.out}
     * prints to standard error and {@code System.in} is empty. So call this before anything else can print.
     */
    public static Builder onStandardStreams() {
        StandardStreams streams = StandardStreams.take();
        Builder builder = new Builder(streams.in(), streams.out(), streams.err());
        builder.ownsProcess = true;
        return builder;
    }

    /** Begins a server on these streams; they are not closed. */
    public static Builder on(InputStream in, OutputStream out, PrintStream err) {
        return new Builder(in, out, err);
    }

    /** The plug-ins that were skipped, and why. Of a server that answers at once: waits until they are loaded. */
    public List<PluginProblem> problems() {
        return loaded().problems();
    }

    /** The names of the tools that are offered, in the order in which they are listed. Waits as {@link #problems} does. */
    public List<String> toolNames() {
        return loaded().toolNames();
    }

    /**
     * Serves until the input ends, the output breaks, {@link #stop} is called, or, on the standard streams, the process that
     * started this one is gone, whoever else may hold the pipes; call it once. Then what is in flight
     * gets {@value Shutdown#DRAIN_MILLIS} ms to be answered, what is left is interrupted, the shutdown actions run, and it
     * returns, within one second. If the process is told to end (SIGINT, SIGTERM) the same happens without the wait,
     * and the process ends.
     *
     * @return the exit code: 0, or 1 if the output broke or the input could not be read for lack of memory
     */
    public int run() {
        start(this::read, "parley-reader");
        loading.ifPresent(work -> start(work, "parley-loader"));
        watch.ifPresent(Thread::start);
        return shutdown.await();
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the server as if its input had ended, but at once. Safe from any thread, any number of times. */
    public void stop() {
        shutdown.stopped();
    }

    /** Lines go to the doorman, if there is one, until the reception has taken one, and from then on straight there. */
    private void read() {
        try {
            Optional<Reception> open = doorman.isPresent() ? Optional.empty() : Optional.of(loaded().reception());
            for (Line line = lines.next(); !(line instanceof Line.End); line = lines.next()) {
                if (open.isPresent()) {
                    open.get().take(line);
                } else {
                    open = doorman.orElseThrow().take(line);
                }
            }
            shutdown.inputEnded();
        } catch (IOException e) {
            shutdown.inputFailed(e);
        } catch (Throwable t) {
            // Without a reader nobody would notice the end of input, and the process would stay for ever.
            shutdown.readerFailed(t);
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
        private Optional<Consumer<Builder>> rest = Optional.empty();
        private boolean ownsProcess;
        private boolean versioned;

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

        /**
         * Has every result of a tool begin with {@code schema_version} (1) and {@code ok}, as those of Parley do. Without this a
         * result is what the handler returned, and a failure {@code error}, {@code message} and its fields.
         */
        public Builder versionedResults() {
            versioned = true;
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

        /**
         * Has the server answer the handshake and {@code tools/list} from what the build prepared, while plug-ins, SDK and
         * validation load behind it. With plug-ins that are not from this library's own jar the tools are listed only once
         * they are loaded.
         *
         * @param more adds what takes time to find out, such as the plug-ins; called on the loading thread
         */
        public Builder atOnce(Consumer<Builder> more) {
            rest = Optional.of(more);
            return this;
        }

        /** Says something on standard error, as a line of this server's diagnostics. */
        public void report(String problem) {
            new Diagnostics(err, name).report(problem);
        }

        private Results results() {
            return new Results(versioned);
        }

        private PluginSources sources() {
            return new PluginSources(environment, List.copyOf(plugins), classPath, folder);
        }

        /** Loads and starts the plug-ins, unless that is to be done behind the handshake. Nothing is read or written yet. */
        public StdioServer build() {
            return new StdioServer(this);
        }
    }
}
