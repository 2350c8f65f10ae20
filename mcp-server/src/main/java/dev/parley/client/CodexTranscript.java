package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code sessions/YYYY/MM/DD/rollout-…-<thread id>.jsonl}, with a line
 * {@code {"type":"response_item","payload":{"type":"message"|"function_call",...},"timestamp"}} for each turn. So Codex
 * 0.171.0 was seen to write, see {@code docs/CLIENTS.md}.
 */
final class CodexTranscript implements TranscriptForm {

    /** How far back a search goes, in directories of a day. */
    private static final int MAX_DAYS = 400;

    /** After so many files a search ends with the day that it is at. */
    private static final int MAX_FILES = 20_000;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT);

    private static final double FULL = 100;

    @Override
    public Optional<Path> find(SessionId own, Path directory) throws IOException {
        int days = 0;
        int files = 0;
        for (Path year : Directories.newestFirst(directory.resolve("sessions"))) {
            for (Path month : Directories.newestFirst(year)) {
                for (Path day : Directories.newestFirst(month)) {
                    if (days++ >= MAX_DAYS || files > MAX_FILES) {
                        return Optional.empty();
                    }
                    List<Path> rollouts = Directories.newestFirst(day);
                    files += rollouts.size();
                    Optional<Path> file = rollouts.stream()
                            .filter(path -> TranscriptForm.isOf(own, path))
                            .findFirst();
                    if (file.isPresent()) {
                        return file;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a thread waits for its first prompt: with that Codex makes its rollout, in the directory of the day on which the
     * thread was made. False also where its id does not tell that day.
     */
    static boolean isUnprompted(SessionId thread, Path directory) throws IOException {
        Optional<LocalDate> made = Uuids.madeAt(thread.value())
                .map(at -> at.atOffset(ZoneOffset.UTC).toLocalDate());
        if (made.isEmpty()) {
            return false;
        }
        // The day is that of the local time of Codex.
        for (int days = -1; days <= 1; days++) {
            Path day =
                    directory.resolve("sessions").resolve(DAY.format(made.get().plusDays(days)));
            if (Directories.newestFirst(day).stream().anyMatch(path -> TranscriptForm.isOf(thread, path))) {
                return false;
            }
        }
        return true;
    }

    /** Each turn begins with a line of its settings. */
    @Override
    public Binding settings(JsonNode line) {
        JsonNode payload = line.path("payload");
        return line.path("type").asString("").equals("turn_context")
                ? Binding.ofTurns(
                        Turns.word(payload.path("approval_policy")),
                        Turns.word(payload.path("sandbox_policy").path("type")),
                        Turns.word(payload.path("model")))
                : Binding.NONE;
    }

    @Override
    public Optional<Turn> turn(JsonNode line) {
        JsonNode payload = line.path("payload");
        if (!line.path("type").asString("").equals("response_item")) {
            return Optional.empty();
        }
        if (payload.path("type").asString("").equals("function_call")) {
            return Turns.said("assistant", "[tool " + payload.path("name").asString("?") + "]", line);
        }
        String role = payload.path("role").asString("");
        if (!payload.path("type").asString("").equals("message")
                || !(role.equals("user") || role.equals("assistant"))) {
            return Optional.empty();
        }
        String text = Turns.text(payload.path("content"), role.equals("user") ? "input_text" : "output_text");
        // The client puts its own notes about the machine before the user's first words.
        return text.startsWith("<environment_context>") ? Optional.empty() : Turns.said(role, text, line);
    }

    /** {@code {"type":"session_meta","payload":{"originator":"codex_exec"}}}. */
    @Override
    public boolean isUnattended(JsonNode firstLine) {
        return firstLine.path("type").asString("").equals("session_meta")
                && firstLine.path("payload").path("originator").asString("").equals("codex_exec");
    }

    /**
     * A turn's end, {@code {"type":"event_msg","payload":{"type":"task_complete","error":{"codex_error_info"}}}}, and before it the
     * limits, {@code {"type":"token_count","rate_limits":{"primary":{"used_percent","resets_at"},"secondary"}}}.
     */
    @Override
    public Optional<LimitSign> limit(JsonNode line) {
        JsonNode payload = line.path("payload");
        if (!line.path("type").asString("").equals("event_msg")) {
            return Optional.empty();
        }
        return switch (payload.path("type").asString("")) {
            case "task_complete" -> turnEnd(line, payload.path("error"));
            case "token_count" -> usedUp(payload.path("rate_limits"));
            default -> Optional.empty();
        };
    }

    private static Optional<LimitSign> turnEnd(JsonNode line, JsonNode error) {
        if (!error.isObject()) {
            return Optional.of(new LimitSign.Free());
        }
        return error.path("codex_error_info").asString("").equals("usage_limit_exceeded")
                ? Optional.of(new LimitSign.Reached(Turns.time(line), Optional.empty()))
                : Optional.empty();
    }

    private static Optional<LimitSign> usedUp(JsonNode limits) {
        Optional<Instant> latest = Optional.empty();
        for (String name : new String[] {"primary", "secondary"}) {
            JsonNode limit = limits.path(name);
            Optional<Instant> until = Turns.seconds(limit.path("resets_at"));
            if (limit.path("used_percent").asDouble(0) >= FULL
                    && until.isPresent()
                    && (latest.isEmpty() || until.get().isAfter(latest.get()))) {
                latest = until;
            }
        }
        return latest.map(LimitSign.Until::new);
    }
}
