package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One running server and a client of it that does nothing but ask and wait. Belongs to one thread at a time. */
final class Session implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LAST_WORDS = 5;
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** No line holds this. */
    private static final String END = "\n";

    private final Candidate candidate;
    private final Process process;
    private final BufferedWriter requests;
    private final Duration limit;
    private final Thread errors;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /** The end of what it wrote to standard error; guarded by itself. */
    private final Deque<String> lastWords = new ArrayDeque<>();

    private int lastId;

    private Session(Candidate candidate, Process process, Duration limit) {
        this.candidate = candidate;
        this.process = process;
        this.limit = limit;
        this.requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        listen("parley-bench-out", process.inputReader(UTF_8), answers::add, () -> answers.add(END));
        this.errors = listen("parley-bench-err", process.errorReader(UTF_8), this::keep, () -> {});
    }

    /** Starts it; it has answered nothing yet. */
    static Session start(Candidate candidate, Path directory, Map<String, String> environment, Duration limit)
            throws BenchException {
        ProcessBuilder builder = new ProcessBuilder(candidate.command()).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Session(candidate, builder.start(), limit);
        } catch (IOException e) {
            throw new BenchException(candidate.label() + " cannot be started: " + e.getMessage());
        }
    }

    private interface Sink {
        void take(String line);
    }

    private static Thread listen(String name, BufferedReader lines, Sink sink, Runnable atEnd) {
        Thread thread = new Thread(
                () -> {
                    try (lines) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            sink.take(line);
                        }
                    } catch (IOException e) {
                        sink.take("(" + e.getMessage() + ")");
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

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Shakes hands; on return the server may be called. */
    void initialize() throws BenchException, InterruptedException {
        ObjectNode parameters = JSON.createObjectNode().put("protocolVersion", "2025-06-18");
        parameters.putObject("capabilities");
        parameters.putObject("clientInfo").put("name", "parley-bench").put("version", "1");
        request("initialize", parameters);
        ObjectNode done = JSON.createObjectNode().put("jsonrpc", "2.0").put("method", "notifications/initialized");
        write(done);
    }

    /** Asks and waits. */
    JsonNode request(String method, JsonNode parameters) throws BenchException, InterruptedException {
        int id = ++lastId;
        ObjectNode request =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", parameters);
        write(request);
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw failed("did not answer " + method + " within " + limit.toSeconds() + " s");
            }
            if (line.equals(END)) {
                throw failed("closed its output instead of answering " + method + ending());
            }
            Optional<JsonNode> answer = answerTo(id, line);
            if (answer.isPresent() && answer.get().has("error")) {
                throw failed(
                        "answered " + method + " with the error " + answer.get().path("error"));
            }
            if (answer.isPresent()) {
                return answer.get().path("result");
            }
        }
    }

    private String ending() throws InterruptedException {
        errors.join(SECOND.toMillis());
        return process.waitFor(SECOND.toMillis(), TimeUnit.MILLISECONDS)
                ? " and ended with code " + process.exitValue()
                : "";
    }

    private static Optional<JsonNode> answerTo(int id, String line) {
        try {
            return Optional.of(JSON.readTree(line))
                    .filter(read -> read.path("id").asInt(0) == id && !read.has("method"));
        } catch (JacksonException e) {
            // Servers have been seen to print a greeting.
            return Optional.empty();
        }
    }

    /**
     * Calls a tool and gives the JSON in its answer.
     *
     * @throws BenchException also if the tool answered with an error
     */
    JsonNode call(String tool, Map<String, Object> arguments) throws BenchException, InterruptedException {
        ObjectNode parameters = JSON.createObjectNode().put("name", tool);
        parameters.set("arguments", JSON.valueToTree(arguments));
        JsonNode result = request("tools/call", parameters);
        String text = result.path("content").path(0).path("text").asString("");
        if (result.path("isError").asBoolean(false)) {
            throw failed("answered the tool " + tool + " with " + text);
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw failed("answered the tool " + tool + " with something that is no JSON: " + text);
        }
    }

    static JsonNode nothing() {
        return JSON.createObjectNode();
    }

    private void write(JsonNode message) {
        try {
            requests.write(message + "\n");
            requests.flush();
        } catch (IOException e) {
            // It has ended. Its output ends as well, and whoever waits for an answer is told so.
            keep("(" + e.getMessage() + ")");
        }
    }

    private BenchException failed(String what) {
        String said;
        synchronized (lastWords) {
            said = String.join(" | ", lastWords);
        }
        return new BenchException(candidate.label() + " " + what
                + (said.isEmpty() ? "" : "; its last words were: " + said) + "; its command is "
                + String.join(" ", candidate.command()));
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
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
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
