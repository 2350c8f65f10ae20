package dev.parley.transcript;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.client.Turn;
import dev.parley.peer.Peer;
import dev.parley.transcript.Transcript.Count;
import dev.parley.transcript.Transcript.Tail;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transcripts in the forms that the two clients were seen to write. */
final class TranscriptTest {

    private static final String ID = "57faf1b5-1be8-42af-9942-9f190dba4ee0";

    private static final String GOOD =
            "{\"type\":\"event_msg\",\"payload\":{\"type\":\"task_complete\",\"last_agent_message\":\"ok\"}}";
    private static final String FULL = "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"rate_limits\":{"
            + "\"primary\":{\"used_percent\":100.0,\"resets_at\":1795890560}}}}";
    private static final String REACHED =
            "{\"timestamp\":\"2026-11-28T17:29:22.177Z\",\"type\":\"event_msg\",\"payload\":{"
                    + "\"type\":\"task_complete\",\"error\":{\"codex_error_info\":\"usage_limit_exceeded\"}}}";

    @TempDir
    private Path home;

    private static Peer peer(String client, Optional<String> transcript) {
        return new Peer(
                new SessionId(ID),
                "calm-otter",
                client,
                Optional.empty(),
                Optional.empty(),
                "/",
                "/",
                Optional.empty(),
                List.of(),
                transcript,
                false,
                Instant.EPOCH,
                Optional.empty());
    }

    private Path write(String relative, String... lines) throws Exception {
        Path file = home.resolve(relative);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private Path claude(String... lines) throws Exception {
        return write(".claude/projects/-proj/" + ID + ".jsonl", lines);
    }

    private Transcript found(String client, Optional<String> transcript) throws Exception {
        return Transcript.of(peer(client, transcript), Map.of("HOME", home.toString()))
                .orElseThrow();
    }

    private static String claudeTurn(String role, String content) {
        return "{\"isSidechain\":false,\"type\":\"" + role + "\",\"message\":{\"role\":\"" + role + "\",\"content\":"
                + content + "},\"timestamp\":\"2026-11-20T10:47:41.695Z\"}";
    }

    @Test
    void readsWhatClaudeCodeWrites() throws Exception {
        claude(
                "{\"type\":\"queue-operation\",\"content\":\"go\"}",
                claudeTurn("user", "\"please fix it\""),
                claudeTurn(
                        "assistant",
                        "[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"On it.\"},"
                                + "{\"type\":\"tool_use\",\"name\":\"Bash\",\"input\":{}}]"),
                claudeTurn("user", "[{\"type\":\"tool_result\",\"content\":\"ok\"}]"),
                "{\"isSidechain\":true,\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"content\":\"aside\"}}",
                claudeTurn("assistant", "[{\"type\":\"text\",\"text\":\"Done.\"}]"),
                "{\"type\":\"assistant\",\"message\":{\"role\":\"assis");
        Tail tail = found(Peer.CLAUDE_CODE, Optional.empty()).tail(20, 24_000, Count.ALL);
        assertEquals(
                List.of("user: please fix it", "assistant: On it.\n[tool Bash]", "assistant: Done."),
                tail.turns().stream().map(t -> t.role() + ": " + t.text()).toList());
        assertEquals(
                Optional.of(Instant.parse("2026-11-20T10:47:41.695Z")),
                tail.turns().get(0).at());
        assertEquals(3, tail.total());
        assertTrue(tail.totalExact());
        assertFalse(tail.countTruncated() || tail.bytesTruncated());
    }

    @Test
    void readsWhatCodexWrites() throws Exception {
        write(
                ".codex/sessions/2026/11/20/rollout-2026-11-20T10-46-37-" + ID + ".jsonl",
                "{\"type\":\"session_meta\",\"payload\":{\"id\":\"" + ID + "\"}}",
                item(
                        "\"type\":\"message\",\"role\":\"developer\",\"content\":[{\"type\":\"input_text\",\"text\":\"rules\"}]"),
                item(
                        "\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"<environment_context>x\"}]"),
                item(
                        "\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hello\"}]"),
                item("\"type\":\"function_call\",\"name\":\"exec_command\",\"arguments\":\"{}\""),
                item(
                        "\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\"}]"));
        Tail tail = found(Peer.CODEX, Optional.empty()).tail(20, 24_000, Count.TAIL);
        assertEquals(
                List.of("user: hello", "assistant: [tool exec_command]", "assistant: hi"),
                tail.turns().stream().map(t -> t.role() + ": " + t.text()).toList());
    }

    private static String item(String payload) {
        return "{\"timestamp\":\"2026-11-20T10:46:37.166Z\",\"type\":\"response_item\",\"payload\":{" + payload + "}}";
    }

    @Test
    void anAddressThatWasPinnedByHandIsNoIdOfATranscript() throws Exception {
        claude(claudeTurn("user", "\"not for others\""));
        Peer own = peer(Peer.CLAUDE_CODE, Optional.empty());
        for (String client : List.of(Peer.CLAUDE_CODE, Peer.CODEX)) {
            Peer pinned = new Peer(
                    own.id(),
                    "eve",
                    client,
                    Optional.empty(),
                    Optional.empty(),
                    "/",
                    "/",
                    Optional.empty(),
                    List.of(),
                    Optional.of(home + "/.claude/projects/-proj/" + ID + ".jsonl"),
                    true,
                    Instant.EPOCH,
                    Optional.empty());
            assertEquals(Optional.empty(), Transcript.of(pinned, Map.of("HOME", home.toString())));
        }
        Peer renamed = new Peer(
                new SessionId("pinned"),
                "eve",
                Peer.CLAUDE_CODE,
                Optional.empty(),
                Optional.empty(),
                "/",
                "/",
                Optional.empty(),
                List.of(),
                Optional.of(own.id()),
                Optional.empty(),
                true,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                dev.parley.peer.Binding.NONE);
        assertTrue(
                Transcript.of(renamed, Map.of("HOME", home.toString())).isPresent(), "its own, under another address");
    }

    @Test
    void theNewestCountMost() throws Exception {
        String[] lines = new String[100];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = claudeTurn("user", "\"turn " + i + "\"");
        }
        claude(lines);
        Transcript transcript = found(Peer.CLAUDE_CODE, Optional.empty());
        Tail tail = transcript.tail(3, 24_000, Count.TAIL);
        assertEquals(
                List.of("turn 97", "turn 98", "turn 99"),
                tail.turns().stream().map(Turn::text).toList());
        assertTrue(tail.countTruncated());
        assertFalse(tail.totalExact());
        assertEquals(100, transcript.tail(3, 24_000, Count.ALL).total());
        Tail few = transcript.tail(20, 15, Count.TAIL);
        assertEquals(
                List.of("turn 98", "turn 99"),
                few.turns().stream().map(Turn::text).toList());
        assertTrue(few.bytesTruncated());
    }

    @Test
    void aSingleTurnThatIsTooLongIsCutBetweenCharacters() throws Exception {
        claude(claudeTurn("user", "\"" + "ü".repeat(50) + "\""));
        Tail tail = found(Peer.CLAUDE_CODE, Optional.empty()).tail(20, 11, Count.TAIL);
        assertEquals("ü".repeat(5), tail.turns().get(0).text());
        assertTrue(tail.bytesTruncated());
    }

    @Test
    void aForgedPathIsNeverOpened() throws Exception {
        Path secret = write("secret.txt", claudeTurn("user", "\"the password\""));
        Path link = home.resolve(ID + ".jsonl");
        Files.createSymbolicLink(link, secret);
        for (Path forged : List.of(secret, link, Path.of("/etc/passwd"), Path.of("relative-" + ID + ".jsonl"))) {
            assertTrue(Transcript.of(
                            peer(Peer.CLAUDE_CODE, Optional.of(forged.toString())), Map.of("HOME", home.toString()))
                    .isEmpty());
        }
        assertTrue(Transcript.of(
                        peer(Peer.CLAUDE_CODE, Optional.of("\0" + ID + ".jsonl")), Map.of("HOME", home.toString()))
                .isEmpty());
    }

    @Test
    void aHugeFileIsReadFromItsEnd() throws Exception {
        Path file = claude("");
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            // Two gigabytes that are nowhere on the disk.
            huge.setLength(2L << 30);
            huge.seek(huge.length());
            huge.write(("\n" + claudeTurn("user", "\"the end\"") + "\n").getBytes(UTF_8));
        }
        Tail tail = found(Peer.CLAUDE_CODE, Optional.empty()).tail(1, 24_000, Count.TAIL);
        assertEquals("the end", tail.turns().get(0).text());
        assertFalse(tail.totalExact());
    }

    @Test
    void otherClientsHaveNone() throws Exception {
        assertTrue(Transcript.of(peer("inspector", Optional.empty()), Map.of("HOME", home.toString()))
                .isEmpty());
    }

    private Optional<Transcript.Limit> limit(String... lines) throws Exception {
        Path file = write("sessions/2026/11/28/rollout-2026-11-28T17-29-22-" + ID + ".jsonl", lines);
        return found(Peer.CODEX, Optional.of(file.toString())).limit();
    }

    @Test
    void aLimitIsThatOfTheNewestTurn() throws Exception {
        Optional<Instant> at = Optional.of(Instant.parse("2026-11-28T17:29:22.177Z"));
        Optional<Transcript.Limit> told =
                Optional.of(new Transcript.Limit(at, Optional.of(Instant.ofEpochSecond(1795890560))));
        Optional<Transcript.Limit> untold = Optional.of(new Transcript.Limit(at, Optional.empty()));

        assertEquals(told, limit(GOOD, FULL, REACHED, "{\"type\":\"other\"}", "{\"half"));
        assertEquals(untold, limit(REACHED));
        assertEquals(untold, limit(FULL, GOOD, REACHED), "what was used up before a good turn says nothing");
        assertEquals(Optional.empty(), limit(FULL, REACHED, GOOD));
        assertEquals(Optional.empty(), limit(FULL), "a turn that goes on");
        assertEquals(Optional.empty(), limit("{\"type\":\"other\"}"));
    }

    /** A session of gigabytes is not searched for what ended it. */
    @Test
    void aLimitFarFromTheEndIsNotLookedFor() throws Exception {
        String[] lines = new String[100];
        Arrays.fill(lines, "{\"type\":\"other\",\"text\":\"" + "x".repeat(10_000) + "\"}");
        lines[0] = REACHED;

        assertEquals(Optional.empty(), limit(lines));
    }
}
