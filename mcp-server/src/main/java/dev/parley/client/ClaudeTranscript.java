package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code projects/<directory>/<session id>.jsonl}, with a line
 * {@code {"type":"user"|"assistant","message":{"role","content"},"timestamp"}} for each turn; everything else is
 * bookkeeping. So Claude Code 2.1.332 was seen to write, see {@code docs/CLIENTS.md}.
 */
final class ClaudeTranscript implements TranscriptForm {

    /** One file is looked for in each. */
    private static final int MAX_PROJECTS = 20_000;

    @Override
    public Optional<Path> find(SessionId own, Path directory) throws IOException {
        List<Path> projects = Directories.newestFirst(directory.resolve("projects"));
        for (Path project : projects.subList(0, Math.min(projects.size(), MAX_PROJECTS))) {
            Path file = project.resolve(own + ".jsonl");
            if (TranscriptForm.isOf(own, file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Its user's lines have the mode, its model's the model; an answer that was made up has none. */
    @Override
    public Binding settings(JsonNode line) {
        if (line.path("isSidechain").asBoolean(false)) {
            return Binding.NONE;
        }
        return Binding.ofTurns(
                Turns.word(line.path("permissionMode")),
                Optional.empty(),
                Turns.word(line.path("message").path("model")));
    }

    @Override
    public Optional<Turn> turn(JsonNode line) {
        JsonNode message = line.path("message");
        String role = message.path("role").asString("");
        boolean spoken =
                role.equals(line.path("type").asString("-")) && (role.equals("user") || role.equals("assistant"));
        if (!spoken
                || line.path("isSidechain").asBoolean(false)
                || line.path("isMeta").asBoolean(false)) {
            return Optional.empty();
        }
        return Turns.said(role, Turns.text(message.path("content"), "text"), line);
    }

    /**
     * What the client says of an answer of the API that is an error: {@code {"isApiErrorMessage":true,"error":"rate_limit"}}, and,
     * where the provider told it, {@code apiErrorParams.rate_limit_info.resetsAt}. Seen but for that last part, which is in its
     * program only.
     */
    @Override
    public Optional<LimitSign> limit(JsonNode line) {
        if (!line.path("type").asString("").equals("assistant")
                || line.path("isSidechain").asBoolean(false)) {
            return Optional.empty();
        }
        if (!line.path("isApiErrorMessage").asBoolean(false)) {
            return Optional.of(new LimitSign.Free());
        }
        return line.path("error").asString("").equals("rate_limit")
                ? Optional.of(new LimitSign.Reached(
                        Turns.time(line),
                        Turns.seconds(line.path("apiErrorParams")
                                .path("rate_limit_info")
                                .path("resetsAt"))))
                : Optional.empty();
    }
}
