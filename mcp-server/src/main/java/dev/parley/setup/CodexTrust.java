package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks Codex itself for the fingerprints under which it will run our hooks, and nobody else's: what its review screen would
 * write down when the user chooses "Trust all". Codex runs for this in a home of its own, so that nothing of the user's
 * changes; the fingerprint does not depend on where the file is.
 */
final class CodexTrust {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LIMIT_SECONDS = 20;

    private CodexTrust() {}

    /** The table of {@code config.toml} for one hook. */
    static List<String> table(Path hooksFile, HookEntries.Place place) {
        String event = place.event().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        return List.of("hooks", "state", hooksFile + ":" + event + ":" + place.index() + ":" + place.handler());
    }

    /**
     * The fingerprints of our hooks in a file, by table.
     *
     * @throws IOException if Codex does not tell
     */
    static Map<List<String>, String> of(
            ClientProgram codex, Map<String, String> environment, Path hooksFile, String hooksText) throws IOException {
        try (ScratchHome scratch = ScratchHome.make()) {
            Path copy = Files.writeString(scratch.path().resolve("hooks.json"), hooksText, UTF_8);
            JsonNode listed = ask(codex, environment, scratch);
            Map<List<String>, String> trusted = new LinkedHashMap<>();
            for (HookEntries.Place place : HookEntries.places(HookEntries.of(Content.of(hooksText)))) {
                String there = table(copy.toRealPath(), place).get(2);
                for (JsonNode hook : listed) {
                    boolean same = hook.path("key").asString("").equals(there)
                            && hook.path("command").asString("").equals(place.command());
                    String hash = hook.path("currentHash").asString("");
                    if (same && hash.startsWith("sha256:")) {
                        trusted.put(table(hooksFile, place), hash);
                    }
                }
            }
            if (trusted.isEmpty()) {
                throw new IOException("it listed none of them");
            }
            return trusted;
        }
    }

    private static JsonNode ask(ClientProgram codex, Map<String, String> environment, ScratchHome scratch)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(codex.path().toString(), "app-server")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        scratch.apply(builder, environment);
        Process process = builder.start();
        try (Writer in = process.outputWriter(UTF_8);
                BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> answerTo(1, out));
            ObjectNode client = JSON.createObjectNode();
            client.putObject("clientInfo").put("name", "parley-setup").put("version", "1");
            client.putObject("capabilities").put("experimentalApi", true);
            in.write(call(0, "initialize", client));
            in.write("{\"method\":\"initialized\"}\n");
            ObjectNode where = JSON.createObjectNode();
            where.putArray("cwds").add(scratch.path().toString());
            in.write(call(1, "hooks/list", where));
            in.flush();
            return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .path("result")
                    .path("data")
                    .path(0)
                    .path("hooks");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("it did not answer", e);
        } finally {
            process.destroy();
        }
    }

    private static String call(int id, String method, ObjectNode parameters) {
        ObjectNode call = JSON.createObjectNode();
        call.put("id", id).put("method", method).set("params", parameters);
        return JSON.writeValueAsString(call) + "\n";
    }

    private static JsonNode answerTo(int id, BufferedReader out) {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                JsonNode message = JSON.readTree(line);
                if (message.path("id").asInt(-1) == id) {
                    return message;
                }
            }
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("it ended");
    }
}
