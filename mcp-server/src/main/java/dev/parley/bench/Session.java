package dev.parley.bench;

import dev.parley.rpc.LineClient;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One running server of a candidate; what goes wrong with it is told with its last words. Belongs to one thread at a time. */
final class Session implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Candidate candidate;
    private final LineClient client;

    private Session(Candidate candidate, LineClient client) {
        this.candidate = candidate;
        this.client = client;
    }

    /** Starts it; it has answered nothing yet. */
    static Session start(Candidate candidate, Path directory, Map<String, String> environment, Duration limit)
            throws BenchException {
        ProcessBuilder builder = new ProcessBuilder(candidate.command()).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Session(candidate, LineClient.start(builder, LineClient.Dialect.STANDARD, limit, limit));
        } catch (IOException e) {
            throw new BenchException(candidate.label() + " cannot be started: " + Why.of(e));
        }
    }

    ProcessHandle process() {
        return client.process();
    }

    /** Shakes hands; on return the server may be called. */
    void initialize() throws BenchException, InterruptedException {
        try {
            var unused = client.initialize("parley-bench");
        } catch (IOException e) {
            throw failed(Why.of(e));
        }
    }

    /** Asks and waits. */
    JsonNode request(String method, JsonNode parameters) throws BenchException, InterruptedException {
        try {
            return client.request(method, parameters);
        } catch (IOException e) {
            throw failed(Why.of(e));
        }
    }

    /**
     * Calls a tool and gives the JSON in its answer.
     *
     * @throws BenchException also if the tool answered with an error
     */
    JsonNode call(String tool, Map<String, Object> arguments) throws BenchException, InterruptedException {
        ObjectNode parameters = LineClient.parameters().put("name", tool);
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

    /** The names of its tools. */
    Set<String> tools() throws BenchException, InterruptedException {
        Set<String> tools = new HashSet<>();
        request("tools/list", nothing())
                .path("tools")
                .forEach(tool -> tools.add(tool.path("name").asString("")));
        return tools;
    }

    static JsonNode nothing() {
        return LineClient.parameters();
    }

    private BenchException failed(@Nullable String what) {
        String said = client.lastWords();
        return new BenchException(candidate.label() + " " + what
                + (said.isEmpty() ? "" : "; its last words were: " + said) + "; its command is "
                + String.join(" ", candidate.command()));
    }

    /** Ends it as a client does, by closing its input; whoever does not leave, or stays behind, is killed. */
    @Override
    public void close() {
        client.close();
    }
}
