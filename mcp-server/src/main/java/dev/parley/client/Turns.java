package dev.parley.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the forms of the clients' transcripts have in common. */
final class Turns {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]{0,99}");
    private static final long END_OF_CENTURY = 4_102_444_800L;

    private Turns() {}

    /** A turn, at the time that its line has; empty if nothing was said. */
    static Optional<Turn> said(String role, String text, JsonNode line) {
        return text.isBlank() ? Optional.empty() : Optional.of(new Turn(role, text, time(line)));
    }

    /** A word of a client's, such as the name of a mode or a model: nothing else is taken for one. */
    static Optional<String> word(JsonNode node) {
        return Optional.of(node.asString("")).filter(text -> WORD.matcher(text).matches());
    }

    /** The time that a line has. */
    static Optional<Instant> time(JsonNode line) {
        try {
            return Optional.of(Instant.parse(line.path("timestamp").asString("")));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A time in seconds since the epoch; empty if it is none of this century. */
    static Optional<Instant> seconds(JsonNode number) {
        long value = number.isNumber() ? number.asLong() : 0;
        return value > 0 && value < END_OF_CENTURY ? Optional.of(Instant.ofEpochSecond(value)) : Optional.empty();
    }

    /** The text of a message: a string, or the parts of one kind; the use of a tool by its name. */
    static String text(JsonNode content, String kind) {
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
