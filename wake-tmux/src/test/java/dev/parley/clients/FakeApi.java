package dev.parley.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A scripted stand-in for a model's API on loopback: {@code clients/fake_*.mjs}, where the scenario format is told. */
public final class FakeApi implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final String base;

    /** The only script whose requests are looked at; empty: all. */
    private final Optional<String> script;

    private FakeApi(Process process, String base, Optional<String> script) {
        this.process = process;
        this.base = base;
        this.script = script;
    }

    /** The same stand-in, seen by the one client whose requests name this script of the scenario. */
    public FakeApi of(String name) {
        return new FakeApi(process, base, Optional.of(name));
    }

    /** The Anthropic Messages API. */
    public static FakeApi anthropic(Path directory, String scenario) {
        return start("fake_anthropic.mjs", directory, scenario);
    }

    /** The OpenAI Responses API, Chat Completions, and the Gemini API. */
    public static FakeApi models(Path directory, String scenario) {
        return start("fake_models.mjs", directory, scenario);
    }

    private static FakeApi start(String script, Path root, String scenario) {
        try (InputStream source = FakeApi.class.getResourceAsStream("/clients/" + script)) {
            if (source == null) {
                throw new AssertionError("no such script: " + script);
            }
            Path directory = Files.createTempDirectory(root, "api");
            Path program = directory.resolve(script);
            Path port = directory.resolve(script + ".port");
            Files.write(program, source.readAllBytes());
            Path scenarioFile = Files.writeString(directory.resolve(script + ".json"), scenario, UTF_8);
            Process process = new ProcessBuilder(
                            "node",
                            program.toString(),
                            "--scenario",
                            scenarioFile.toString(),
                            "--port",
                            "0",
                            "--port-file",
                            port.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    // Not ours: whoever keeps that open keeps the build from ending.
                    .redirectError(directory.resolve(script + ".log").toFile())
                    .start();
            try {
                await().pollInterval(Duration.ofMillis(20))
                        .atMost(LIMIT)
                        .until(() -> Files.exists(port) && Files.size(port) > 0);
            } catch (ConditionTimeoutException e) {
                process.destroyForcibly();
                throw new AssertionError(
                        script + " does not listen; it said: " + Files.readString(directory.resolve(script + ".log")),
                        e);
            }
            return new FakeApi(
                    process, "http://127.0.0.1:" + Files.readString(port).strip(), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("this test needs node", e);
        }
    }

    /** Where it listens, without a final slash. */
    public String url() {
        return base;
    }

    /** Every request so far that asked the model to go on with a conversation, oldest first. */
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (JsonNode entry : requests()) {
            JsonNode body = entry.path("body");
            if (isMain(entry)) {
                lastSaid(body.path(conversation(body))).ifPresent(said -> turns.add(new Turn(said)));
            }
        }
        return turns;
    }

    /** All that the model was given, request by request, oldest first: what has entered its context. */
    public List<String> conversations() {
        return given().stream().map(Given::conversation).toList();
    }

    /**
     * One request for the model to go on.
     *
     * @param at when it came
     * @param conversation all texts in it, in their order
     */
    public record Given(Instant at, String conversation) {}

    /** The same, with the time of each. */
    public List<Given> given() {
        List<Given> given = new ArrayList<>();
        for (JsonNode entry : requests()) {
            JsonNode body = entry.path("body");
            if (isMain(entry)) {
                StringBuilder texts = new StringBuilder();
                appendTexts(body.path(conversation(body)), texts);
                String at = entry.path(entry.has("time") ? "time" : "at").asString();
                given.add(new Given(Instant.parse(at), texts.toString()));
            }
        }
        return given;
    }

    /** Whether it asked the model to go on; clients also ask for titles and the like. */
    private static boolean isMain(JsonNode entry) {
        if (entry.path("path").asString("").endsWith("/messages")) {
            return entry.path("body").path("tools").size() > 0;
        }
        return !Set.of("", "thread_title", "side").contains(entry.path("via").asString(""));
    }

    /** The member of a request that holds what was said: each API has its own. */
    private static String conversation(JsonNode body) {
        return Stream.of("messages", "input", "contents")
                .filter(body::has)
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> requests() {
        return get("/__log")
                .valueStream()
                .filter(entry -> script.filter(
                                name -> !name.equals(entry.path("session").asString("")))
                        .isEmpty())
                .toList();
    }

    private static void appendTexts(JsonNode node, StringBuilder out) {
        if (node.isString()) {
            out.append(node.asString()).append('\n');
        }
        for (JsonNode child : node) {
            appendTexts(child, out);
        }
    }

    /**
     * One request for the model to go on.
     *
     * @param said the last thing that the user said, without what the client added of its own
     */
    public record Turn(String said) {}

    private static Optional<String> lastSaid(JsonNode messages) {
        String said = null;
        for (JsonNode message : messages) {
            if (!message.path("role").asString("").equals("user")) {
                continue;
            }
            JsonNode content = message.path("content");
            if (content.isString()) {
                said = content.asString();
            }
            for (JsonNode block : content.isMissingNode() ? message.path("parts") : content) {
                String text = block.path("text").asString("");
                if (!text.isEmpty() && !text.startsWith("<")) {
                    said = text;
                }
            }
        }
        return Optional.ofNullable(said);
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create(base + path))
                            .timeout(LIMIT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString(UTF_8));
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
