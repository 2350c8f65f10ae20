package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client that speaks in raw lines, to a server in this process or in one of its own, and keeps all that the server
 * wrote. Closing it checks that standard output was JSON-RPC and nothing else.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OutputStream toServer;
    private final Optional<Process> process;
    private final CompletableFuture<Integer> exit;
    private final Optional<BytePipe> answers;
    /** Guarded by themselves. */
    private final List<String> lines = new ArrayList<>();

    private final List<String> diagnostics = new ArrayList<>();
    private final List<Thread> readers;

    private RawClient(
            OutputStream toServer,
            InputStream fromServer,
            InputStream err,
            Optional<Process> process,
            CompletableFuture<Integer> exit,
            Optional<BytePipe> answers) {
        this.toServer = toServer;
        this.process = process;
        this.exit = exit;
        this.answers = answers;
        readers = List.of(collect(fromServer, lines), collect(err, diagnostics));
    }

    /** A server in this process. */
    public static RawClient of(UnaryOperator<StdioServer.Builder> server) {
        BytePipe in = new BytePipe();
        BytePipe out = new BytePipe();
        BytePipe err = new BytePipe();
        StdioServer built = server.apply(
                        StdioServer.on(in.in, out.out, new PrintStream(err.out, true, StandardCharsets.UTF_8)))
                .build();
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread main = new Thread(() -> {
            exit.complete(built.run());
            closeQuietly(out.out);
            closeQuietly(err.out);
        });
        main.setDaemon(true);
        main.start();
        return new RawClient(in.out, out.in, err.in, Optional.empty(), exit, Optional.of(out));
    }

    /** A process whose class path is the tests' own. */
    public static RawClient fork(Class<?> main, Map<String, String> environment, String... args) {
        return exec(command(main, args), environment);
    }

    /** The command that starts this class with the tests' class path. */
    public static List<String> command(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** Any process that serves on its standard streams. */
    public static RawClient exec(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new RawClient(
                    process.getOutputStream(),
                    process.getInputStream(),
                    process.getErrorStream(),
                    Optional.of(process),
                    process.onExit().thenApply(Process::exitValue),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends these bytes as they are. */
    public void sendBytes(byte[] bytes) {
        try {
            toServer.write(bytes);
            toServer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one line. */
    public void send(String line) {
        sendBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request; {@code params} is JSON. */
    public void request(long id, String method, String params) {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    /** Sends a tool call; {@code arguments} is JSON. */
    public void call(long id, String tool, String arguments) {
        request(id, "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    }

    /** Sends a call of the sample tool that says whether its answer was discarded. */
    public void callWatched(long id, String text) {
        request(
                id,
                "tools/call",
                "{\"name\":\"echo\",\"arguments\":{\"text\":\"" + text + "\"},\"_meta\":{\"watched\":true}}");
    }

    /** The id of the ping behind the answer with this id, when both have come. */
    public String ping(long answer) {
        return await("a ping behind the answer " + answer, () -> {
            List<JsonNode> messages = messages();
            return IntStream.range(1, messages.size())
                    .filter(at -> messages.get(at - 1).path("id").asLong(-1) == answer)
                    .mapToObj(messages::get)
                    .filter(message -> message.path("method").asString("").equals("ping"))
                    .map(message -> message.path("id").stringValue())
                    .findFirst();
        });
    }

    /** Says that a request is not wanted any more. */
    public void cancel(long id) {
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}");
    }

    /** Shakes hands, the notification included; the result of {@code initialize}. */
    public JsonNode initialize() {
        return initialize("2025-11-25");
    }

    /** Shakes hands in this version of the protocol; its id is 0. */
    public JsonNode initialize(String version) {
        request(
                0,
                "initialize",
                "{\"protocolVersion\":\"" + version + "\",\"capabilities\":{},"
                        + "\"clientInfo\":{\"name\":\"raw\",\"version\":\"7\"}}");
        JsonNode result = answer(0).path("result");
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return result;
    }

    /** The answer with this id, when it has come. */
    public JsonNode answer(long id) {
        return await(
                "the answer " + id,
                () -> messages().stream()
                        .filter(message -> message.path("id").isNumber()
                                && message.path("id").longValue() == id
                                && !message.has("method"))
                        .findFirst());
    }

    /** What the tool said in answer to the call of this id. */
    public ObjectNode result(long id) {
        JsonNode content = answer(id).path("result").path("content");
        assertEquals(1, content.size(), () -> "one text item: " + content);
        assertEquals("text", content.path(0).path("type").stringValue());
        return (ObjectNode) JSON.readTree(content.path(0).path("text").stringValue());
    }

    /** Calls and waits for what the tool says. */
    public ObjectNode callAndWait(long id, String tool, String arguments) {
        call(id, tool, arguments);
        return result(id);
    }

    /** The messages so far, in their order. */
    public List<JsonNode> messages() {
        return lines().stream().<JsonNode>map(JSON::readTree).toList();
    }

    /** The lines of standard output so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The first message that fits, when it has come. */
    public JsonNode awaitMessage(String what, Predicate<JsonNode> fits) {
        return await(what, () -> messages().stream().filter(fits).findFirst());
    }

    /** The lines of standard error so far. */
    public List<String> diagnostics() {
        synchronized (diagnostics) {
            return List.copyOf(diagnostics);
        }
    }

    /** Waits until standard error has a line that contains this. */
    public String awaitDiagnostics(String part) {
        return await(
                "'" + part + "' on standard error",
                () -> diagnostics().stream().filter(line -> line.contains(part)).findFirst());
    }

    /** Closes the server's standard input. */
    public void endInput() {
        closeQuietly(toServer);
    }

    /** Stops reading, as a client that died would. */
    public void breakPipe() {
        answers.ifPresent(BytePipe::breakOff);
        process.ifPresent(server -> closeQuietly(server.getInputStream()));
    }

    /** The process, if the server has one. */
    public Process process() {
        return process.orElseThrow();
    }

    /** Whether the server ends within this time. */
    public boolean hasEndedWithin(Duration limit) {
        try {
            exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** The exit code, when the server has ended and all it wrote is here; fails if it ends later than this. */
    public int exitCode(Duration limit) {
        try {
            int code = exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            joinReaders();
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            return fail("the server did not end within " + limit + "; standard error: " + diagnostics(), e);
        }
    }

    /** Ends the server and checks every line it wrote. */
    @Override
    public void close() {
        endInput();
        try {
            exit.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            joinReaders();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            fail("the server did not end; standard error: " + diagnostics(), e);
        } finally {
            process.ifPresent(Process::destroyForcibly);
        }
        lines().forEach(RawClient::assertJsonRpc);
    }

    /** Until all that the server wrote has been read. */
    private void joinReaders() throws InterruptedException {
        for (Thread reader : readers) {
            reader.join(PATIENCE.toMillis());
        }
    }

    private static void assertJsonRpc(String line) {
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (JacksonException e) {
            fail("not JSON on standard output: " + line, e);
            return;
        }
        assertEquals("2.0", message.path("jsonrpc").asString(""), () -> "not JSON-RPC on standard output: " + line);
        boolean answer = message.has("id") && (message.has("result") ^ message.has("error"));
        boolean notification = !message.has("id") && message.path("method").isString();
        boolean ping = message.path("id").isString()
                && message.path("method").asString("").equals("ping");
        assertTrue(answer || notification || ping, () -> "neither an answer nor a notification nor a ping: " + line);
    }

    private <T> T await(String what, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> seen;
            synchronized (this) {
                seen = look.get();
                if (seen.isEmpty() && System.nanoTime() < deadline) {
                    try {
                        wait(50);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return fail("interrupted");
                    }
                    continue;
                }
            }
            return seen.orElseGet(
                    () -> fail(what + " did not come. Output: " + lines() + " Diagnostics: " + diagnostics()));
        }
    }

    private Thread collect(InputStream stream, List<String> into) {
        Thread reader = new Thread(() -> {
            try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (@Nullable String line = text.readLine(); line != null; line = text.readLine()) {
                    synchronized (into) {
                        into.add(line);
                    }
                    synchronized (this) {
                        notifyAll();
                    }
                }
            } catch (IOException closed) {
                // Somebody closed the stream, on purpose: what came until then is kept.
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // The other side closed it first.
        }
    }
}
