package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Gemini CLI's transcripts, as version 0.61.0 was seen to write them. */
final class GeminiTranscriptTest {

    private static final SessionId OWN = new SessionId("12db1c67-c3c9-41c8-9132-e62221163b22");
    private static final JsonMapper JSON = new JsonMapper();

    private final GeminiTranscript form = new GeminiTranscript();

    private static Path write(Path directory, String project, String id) throws IOException {
        Path chats = Files.createDirectories(directory.resolve("tmp/" + project + "/chats"));
        return Files.writeString(
                chats.resolve("session-2026-11-28T17-35-12db1c67.jsonl"),
                "{\"sessionId\":\"" + id + "\",\"kind\":\"main\"}\n");
    }

    private Optional<String> said(String line) {
        return form.turn(JSON.readTree(line)).map(turn -> turn.role() + ": " + turn.text());
    }

    @Test
    void itIsFoundByItsFirstLineNotByItsNameAlone(@TempDir Path directory) throws Exception {
        assertEquals(Optional.empty(), form.find(OWN, directory));
        write(directory, "z-other", "12db1c67-0000-41c8-9132-e62221163b22");
        assertEquals(Optional.empty(), form.find(OWN, directory));
        Path file = write(directory, "mine", OWN.value());
        assertEquals(Optional.of(file), form.find(OWN, directory));
        assertEquals(Optional.empty(), form.find(new SessionId("short"), directory));
    }

    /** Resumed, it begins a file with a later name, and goes on in the old one. */
    @Test
    void ofASessionsFilesTheOneThatWasWrittenLastCounts(@TempDir Path directory) throws Exception {
        Path old = write(directory, "mine", OWN.value());
        Path left = Files.copy(old, old.resolveSibling("session-2026-11-28T17-36-12db1c67.jsonl"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.parse("2026-11-28T17:36:00Z")));
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2026-11-28T17:36:01Z")));
        assertEquals(Optional.of(old), form.find(OWN, directory));
        Files.setLastModifiedTime(left, FileTime.from(Instant.parse("2026-11-28T17:36:02Z")));
        assertEquals(Optional.of(left), form.find(OWN, directory));
    }

    @Test
    void whatWasSaidAndWhichToolsWereCalledAreTurns() {
        assertEquals(
                Optional.of("user: hello\n<hook_context>x</hook_context>"),
                said(
                        "{\"type\":\"user\",\"content\":[{\"text\":\"hello\"},{\"text\":\"<hook_context>x</hook_context>\"}]}"));
        assertEquals(
                Optional.of("assistant: yes\n[tool mcp_a_b]"),
                said("{\"type\":\"gemini\",\"content\":\"yes\",\"toolCalls\":[{\"name\":\"mcp_a_b\"}]}"));
        assertEquals(Optional.of("assistant: no"), said("{\"type\":\"gemini\",\"content\":\"no\"}"));
    }

    @Test
    void bookkeepingIsNone() {
        assertEquals(Optional.empty(), said("{\"$set\":{\"lastUpdated\":\"x\"}}"));
        assertEquals(Optional.empty(), said("{\"type\":\"info\",\"content\":\"cancelled\"}"));
        assertEquals(Optional.empty(), said("{\"type\":\"gemini\",\"content\":\"\",\"thoughts\":[]}"));
        assertEquals(
                Optional.empty(), said("{\"type\":\"user\",\"content\":[{\"text\":\"<session_context>\\nThis\"}]}"));
        assertEquals(
                Optional.empty(),
                said("{\"type\":\"user\",\"content\":[{\"functionResponse\":{\"name\":\"x\",\"response\":{}}}]}"),
                "the result of a tool is no words of the user's");
    }
}
