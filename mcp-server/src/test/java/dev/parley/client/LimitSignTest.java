package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the clients' transcripts tell of limits, in lines as they were seen but for what does not matter. */
class LimitSignTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Optional<Instant> AT = Optional.of(Instant.parse("2026-11-28T17:29:22.177Z"));

    private static Optional<LimitSign> claude(String line) {
        return new ClaudeTranscript().limit(JSON.readTree(line));
    }

    private static Optional<LimitSign> codex(String line) {
        return new CodexTranscript().limit(JSON.readTree(line));
    }

    @Test
    void claudeNamesItAsTheErrorOfAnAnswer() {
        String said = "{\"type\":\"assistant\",\"timestamp\":\"2026-11-28T17:29:22.177Z\",\"isApiErrorMessage\":true,"
                + "\"apiErrorStatus\":429,\"error\":\"";
        assertEquals(Optional.of(new LimitSign.Reached(AT, Optional.empty())), claude(said + "rate_limit\"}"));
        assertEquals(
                Optional.of(new LimitSign.Reached(AT, Optional.of(Instant.ofEpochSecond(1_795_890_560)))),
                claude(said + "rate_limit\",\"apiErrorParams\":{\"rate_limit_info\":{\"resetsAt\":1795890560}}}"));
        assertEquals(Optional.empty(), claude(said + "overloaded\"}"));
        assertEquals(Optional.empty(), claude(said + "rate_limit\",\"isSidechain\":true}"));
        assertEquals(
                Optional.of(new LimitSign.Free()),
                claude("{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\"}}"));
        assertEquals(
                Optional.empty(), claude("{\"type\":\"user\",\"error\":\"rate_limit\",\"isApiErrorMessage\":true}"));
    }

    @Test
    void codexNamesItAtTheEndOfATurn() {
        String end =
                "{\"timestamp\":\"2026-11-28T17:29:22.177Z\",\"type\":\"event_msg\",\"payload\":{\"type\":\"task_complete\"";
        assertEquals(
                Optional.of(new LimitSign.Reached(AT, Optional.empty())),
                codex(end + ",\"error\":{\"message\":\"m\",\"codex_error_info\":\"usage_limit_exceeded\"}}}"));
        assertEquals(Optional.empty(), codex(end + ",\"error\":{\"codex_error_info\":\"other\"}}}"));
        assertEquals(Optional.of(new LimitSign.Free()), codex(end + ",\"last_agent_message\":\"done\"}}"));
        assertEquals(Optional.of(new LimitSign.Free()), codex(end + ",\"error\":null}}"));
    }

    @Test
    void codexTellsWhenWhatIsUsedUpEnds() {
        String limits = "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"rate_limits\":";
        assertEquals(
                Optional.of(new LimitSign.Until(Instant.ofEpochSecond(1_795_890_560))),
                codex(limits + "{\"primary\":{\"used_percent\":100.0,\"resets_at\":1795890560},\"secondary\":null}}}"));
        assertEquals(
                Optional.of(new LimitSign.Until(Instant.ofEpochSecond(1_796_000_000))),
                codex(limits + "{\"primary\":{\"used_percent\":100,\"resets_at\":1795890560},"
                        + "\"secondary\":{\"used_percent\":100,\"resets_at\":1796000000}}}}"));
        assertEquals(
                Optional.empty(), codex(limits + "{\"primary\":{\"used_percent\":99.9,\"resets_at\":1795890560}}}}"));
        assertEquals(Optional.empty(), codex(limits + "{\"primary\":{\"used_percent\":100,\"resets_at\":\"x\"}}}}"));
        assertEquals(Optional.empty(), codex(limits + "{\"primary\":{\"used_percent\":100,\"resets_at\":-5}}}}"));
        assertEquals(Optional.empty(), codex(limits + "null}}"));
    }
}
