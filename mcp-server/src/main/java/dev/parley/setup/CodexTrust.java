package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.rpc.LineClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks Codex itself for the fingerprints under which it will run Parley's hooks, and nobody else's: what its review screen would
 * write down when the user chooses "Trust all". Codex runs for this in a home of its own, so that nothing of the user's
 * changes; the fingerprint does not depend on where the file is.
 */
final class CodexTrust {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private CodexTrust() {}

    /** The table of {@code config.toml} for one hook. */
    static List<String> table(Path hooksFile, HookEntries.Place place) {
        String event = place.event().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        return List.of("hooks", "state", hooksFile + ":" + event + ":" + place.index() + ":" + place.handler());
    }

    /**
     * The fingerprints of Parley's hooks in a file, by table.
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
        try (LineClient server = LineClient.start(builder, LineClient.Dialect.BARE, LIMIT, PATIENCE)) {
            ObjectNode client = LineClient.parameters();
            client.putObject("clientInfo").put("name", "parley-setup").put("version", "1");
            client.putObject("capabilities").put("experimentalApi", true);
            var unused = server.request("initialize", client);
            server.tell("initialized");
            ObjectNode where = LineClient.parameters();
            where.putArray("cwds").add(scratch.path().toString());
            return server.request("hooks/list", where).path("data").path(0).path("hooks");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
