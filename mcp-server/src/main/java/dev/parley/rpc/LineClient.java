package dev.parley.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.trace.Why;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One running program that speaks JSON-RPC, one message a line, and a client of it that does nothing but ask and wait. Belongs
 * to one thread at a time.
 */
public final class LineClient implements AutoCloseable {

    /** Which JSON-RPC a program speaks. */
    public enum Dialect {
        /** Each message says {@code "jsonrpc":"2.0"}. */
        STANDARD,
        /** That is left out, as Codex does. */
        BARE
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LAST_WORDS = 5;
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** No line holds this. */
    private static final String END = "\n";

    private final Process process;
    private final Dialect dialect;
    private final Duration limit;
    private final Duration patience;
    private final BufferedWriter requests;
    private final Thread errors;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /** The end of what it wrote to standard error; guarded by itself. */
    private final Deque<String> lastWords = new ArrayDeque<>();

    private Optional<String> stray = Optional.empty();
    private int lastId;

    private LineClient(Process process, Dialect dialect, Duration limit, Duration patience) {
        this.process = process;
        this.dialect = dialect;
        this.limit = limit;
        this.patience = patience;
        this.requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        listen("parley-rpc-out", process.inputReader(UTF_8), answers::add, () -> answers.add(END));
        this.errors = listen("parley-rpc-err", process.errorReader(UTF_8), this::keep, () -> {});
    }

    /**
     * Starts a program; it has answered nothing yet.
     *
     * @param limit how long each answer is waited for
     * @param patience how long it may take to leave once its input has ended
     */
    public static LineClient start(ProcessBuilder program, Dialect dialect, Duration limit, Duration patience)
            throws IOException {
        return new LineClient(program.start(), dialect, limit, patience);
    }

    private static Thread listen(String name, BufferedReader lines, Consumer<String> sink, Runnable atEnd) {
        Thread thread = new Thread(
                () -> {
                    try (lines) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            sink.accept(line);
                        }
                    } catch (IOException e) {
                        sink.accept("(" + Why.of(e) + ")");
                    }
                    atEnd.run();
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void keep(String line) {
        synchronized (lastWords) {
            lastWords.add(line);
            if (lastWords.size() > LAST_WORDS) {
                lastWords.remove();
            }
        }
    }

    /** The program. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Empty parameters, to be filled. */
    public static ObjectNode parameters() {
        return JSON.createObjectNode();
    }

    /**
     * Shakes hands as a client of MCP; on return the server may be called.
     *
     * @return what it says of itself
     * @throws IOException as {@link #request} does
     */
    public JsonNode initialize(String client) throws IOException, InterruptedException {
        ObjectNode parameters = parameters().put("protocolVersion", "2025-06-18");
        parameters.putObject("capabilities");
        parameters.putObject("clientInfo").put("name", client).put("version", "1");
        JsonNode answer = request("initialize", parameters);
        tell("notifications/initialized");
        return answer;
    }

    /**
     * Asks and waits.
     *
     * @return the result
     * @throws IOException if it answers with an error, not in time, or not at all; the message goes on where a name of the
     *     program stops: "did not answer …"
     */
    public JsonNode request(String method, JsonNode parameters) throws IOException, InterruptedException {
        int id = ++lastId;
        write(message().put("id", id).put("method", method).set("params", parameters));
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new IOException("did not answer " + method + " within " + limit.toSeconds() + " s");
            }
            if (line.equals(END)) {
                throw new IOException("closed its output instead of answering " + method + ending());
            }
            Optional<JsonNode> answer = answerTo(id, line);
            if (answer.isPresent() && answer.get().has("error")) {
                throw new IOException(
                        "answered " + method + " with the error " + answer.get().path("error"));
            }
            if (answer.isPresent()) {
                return answer.get().path("result");
            }
        }
    }

    /** Says something that is not answered. */
    public void tell(String method) {
        write(message().put("method", method));
    }

    private ObjectNode message() {
        ObjectNode message = JSON.createObjectNode();
        return dialect == Dialect.STANDARD ? message.put("jsonrpc", "2.0") : message;
    }

    private String ending() throws InterruptedException {
        errors.join(SECOND.toMillis());
        return process.waitFor(SECOND.toMillis(), TimeUnit.MILLISECONDS)
                ? " and ended with code " + process.exitValue()
                : "";
    }

    private Optional<JsonNode> answerTo(int id, String line) {
        try {
            return Optional.of(JSON.readTree(line))
                    .filter(read -> read.path("id").asInt(0) == id && !read.has("method"));
        } catch (JacksonException e) {
            stray = stray.or(() -> Optional.of(line));
            return Optional.empty();
        }
    }

    private void write(JsonNode message) {
        try {
            requests.write(message + "\n");
            requests.flush();
        } catch (IOException e) {
            // It has ended. Its output ends as well, and whoever waits for an answer is told so.
            keep("(" + Why.of(e) + ")");
        }
    }

    /** The first line so far that was no message: some programs print a greeting. */
    public Optional<String> stray() {
        return stray;
    }

    /** The last of what it wrote to standard error, unless that was redirected. */
    public String lastWords() {
        synchronized (lastWords) {
            return String.join(" | ", lastWords);
        }
    }

    /** Ends it as a client does, by closing its input; whoever does not leave, or stays behind, is killed. */
    @Override
    public void close() {
        ProcessHandle[] family = process.descendants().toArray(ProcessHandle[]::new);
        try {
            requests.close();
        } catch (IOException e) {
            // It has ended already.
        }
        boolean interrupted = false;
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        for (ProcessHandle left : family) {
            left.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
