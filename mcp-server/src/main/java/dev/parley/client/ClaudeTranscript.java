package dev.parley.client;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code projects/<directory>/<session id>.jsonl}, with a line
 * {@code {"type":"user"|"assistant","message":{"role","content"},"timestamp"}} for each turn; everything else is
 * bookkeeping. So Claude Code 2.1.332 was seen to write, see {@code docs/CLIENTS.md}.
 */
final class ClaudeTranscript implements TranscriptForm {

    @Override
    public Optional<Path> find(SessionId own, Path directory) throws IOException {
        for (Path project : Directories.newestFirst(directory.resolve("projects"))) {
            Path file = project.resolve(own + ".jsonl");
            if (TranscriptForm.isOf(own, file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
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
