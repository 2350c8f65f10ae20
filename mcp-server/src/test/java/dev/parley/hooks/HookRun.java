package dev.parley.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.ThreadPerTask;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of the hook script.
 *
 * @param exit its exit code
 * @param out all of its standard output
 * @param err all of its standard error
 */
record HookRun(int exit, String out, String err) {

    static final Path SCRIPT =
            Path.of("..", "assets", "hooks", "parley-hook").toAbsolutePath().normalize();

    private static final JsonMapper JSON = new JsonMapper();
    private static final long LIMIT_SECONDS = 30;

    /** Runs it to its end. */
    static HookRun of(Map<String, String> environment, String client, String input)
            throws IOException, InterruptedException {
        return finish(start(environment, client), input);
    }

    /** Runs it to its end in a directory, with any bytes as its input. */
    static HookRun of(Map<String, String> environment, String client, byte[] input, Path directory)
            throws IOException, InterruptedException {
        return finish(builder(environment, client).directory(directory.toFile()).start(), input);
    }

    static Process start(Map<String, String> environment, String client) throws IOException {
        return builder(environment, client).start();
    }

    /** Has a command run it, which gets it as its arguments. */
    static HookRun under(List<String> command, Map<String, String> environment, String client, String input)
            throws IOException, InterruptedException {
        ProcessBuilder builder = builder(environment, client);
        List<String> whole = new ArrayList<>(command);
        whole.addAll(builder.command());
        return finish(builder.command(whole).start(), input);
    }

    /** Runs it as clients do: by its first line. */
    static HookRun directly(Map<String, String> environment, String client, String input)
            throws IOException, InterruptedException {
        return finish(
                builder(environment, client).command(SCRIPT.toString(), client).start(), input);
    }

    private static ProcessBuilder builder(Map<String, String> environment, String client) {
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", SCRIPT.toString(), client);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("CLAUDE") || name.startsWith("PARLEY") || name.equals("AI_AGENT"));
        builder.environment().putAll(environment);
        return builder;
    }

    static HookRun finish(Process process, String input) throws IOException, InterruptedException {
        return finish(process, input.getBytes(UTF_8));
    }

    private static HookRun finish(Process process, byte[] input) throws IOException, InterruptedException {
        CompletableFuture<String> out =
                CompletableFuture.supplyAsync(() -> drained(process.getInputStream()), ThreadPerTask.EXECUTOR);
        CompletableFuture<String> err =
                CompletableFuture.supplyAsync(() -> drained(process.getErrorStream()), ThreadPerTask.EXECUTOR);
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // It has read what it needs and has gone: the clients bear that, too.
            assertTrue(String.valueOf(e.getMessage()).matches("(?i).*(broken pipe|stream closed).*"), e.toString());
        }
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "the hook hangs");
        return new HookRun(process.exitValue(), out.join(), err.join());
    }

    private static String drained(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    HookRun silent() {
        assertEquals(new HookRun(0, "", ""), this);
        return this;
    }

    /** What it adds to the model's context at an event. */
    String context(String event) {
        JsonNode output = json().path("hookSpecificOutput");
        assertEquals(event, output.path("hookEventName").asString(""), out);
        return output.path("additionalContext").asString("");
    }

    /** Why it does not let the client stop. */
    String reason() {
        assertEquals("block", json().path("decision").asString(""), out);
        return json().path("reason").asString("");
    }

    JsonNode json() {
        assertEquals(0, exit, err);
        assertEquals("", err);
        return JSON.readTree(out);
    }
}
