package dev.parley.transcript;

import dev.parley.peer.Peer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/**
 * How one client writes what was said. The forms are those that Claude Code 2.1.332 and Codex 0.171.0 were seen to write
 * ({@code docs/CLIENTS.md}); a line that is not understood is no turn.
 */
enum TurnFormat {
    /** {@code {"type":"user"|"assistant","message":{"role","content"},"timestamp"}}; everything else is bookkeeping. */
    CLAUDE_CODE {
        @Override
        Optional<Turn> turn(JsonNode line) {
            JsonNode message = line.path("message");
            String role = message.path("role").asString("");
            boolean spoken =
                    role.equals(line.path("type").asString("-")) && (role.equals("user") || role.equals("assistant"));
            if (!spoken
                    || line.path("isSidechain").asBoolean(false)
                    || line.path("isMeta").asBoolean(false)) {
                return Optional.empty();
            }
            return said(role, text(message.path("content"), "text"), line);
        }
    },
    /** {@code {"type":"response_item","payload":{"type":"message"|"function_call",...},"timestamp"}}. */
    CODEX {
        @Override
        Optional<Turn> turn(JsonNode line) {
            JsonNode payload = line.path("payload");
            if (!line.path("type").asString("").equals("response_item")) {
                return Optional.empty();
            }
            if (payload.path("type").asString("").equals("function_call")) {
                return said("assistant", "[tool " + payload.path("name").asString("?") + "]", line);
            }
            String role = payload.path("role").asString("");
            if (!payload.path("type").asString("").equals("message")
                    || !(role.equals("user") || role.equals("assistant"))) {
                return Optional.empty();
            }
            String text = text(payload.path("content"), role.equals("user") ? "input_text" : "output_text");
            // The client puts its own notes about the machine before the user's first words.
            return text.startsWith("<environment_context>") ? Optional.empty() : said(role, text, line);
        }
    };

    /** The turn that a line holds; empty if it is none. */
    abstract Optional<Turn> turn(JsonNode line);

    /** The format of a client; empty if it writes none that is known. */
    static Optional<TurnFormat> of(String client) {
        return switch (client) {
            case Peer.CLAUDE_CODE -> Optional.of(CLAUDE_CODE);
            case Peer.CODEX -> Optional.of(CODEX);
            default -> Optional.empty();
        };
    }

    private static Optional<Turn> said(String role, String text, JsonNode line) {
        return text.isBlank()
                ? Optional.empty()
                : Optional.of(new Turn(role, text, time(line.path("timestamp").asString(""))));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The text of a message: a string, or the parts of one kind; the use of a tool by its name. */
    private static String text(JsonNode content, String kind) {
        if (content.isString()) {
            return content.asString();
        }
        StringJoiner text = new StringJoiner("\n");
        for (JsonNode part : content) {
            String type = part.path("type").asString("");
            if (type.equals(kind)) {
                text.add(part.path("text").asString(""));
            } else if (type.equals("tool_use")) {
                text.add("[tool " + part.path("name").asString("?") + "]");
            }
        }
        return text.toString();
    }
}
