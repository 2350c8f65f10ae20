package dev.parley.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;

/**
 * The lines of a TOML text, each with the name of the table whose header it is, if it is one: a line that begins with a
 * bracket and is not inside of a string or an array that began above it.
 */
final class TomlLines {

    private static final int NOT_INSIDE = 0;

    private final List<Line> lines = new ArrayList<>();
    /** Three quotes of the kind that began a string over several lines; empty outside of one. */
    private String quotes = "";

    private int depth = NOT_INSIDE;

    private TomlLines() {}

    /**
     * One line.
     *
     * @param text it, with what ends it
     * @param header the name of the table that it opens
     * @param continues whether it goes on with a value that began above it
     */
    record Line(String text, Optional<List<String>> header, boolean continues) {

        /** Nothing but space or a comment, and no part of a value. */
        boolean isSilent() {
            return !continues && (text.isBlank() || text.stripLeading().startsWith("#"));
        }

        /** The key whose value begins here; empty if none does. */
        Optional<List<String>> key() {
            if (continues || header.isPresent() || isSilent()) {
                return Optional.empty();
            }
            return Optional.of(Toml.parseDottedKey(text.substring(0, endOfKey())));
        }

        private int endOfKey() {
            char quote = 0;
            for (int at = 0; at < text.length(); at++) {
                char c = text.charAt(at);
                if (quote == 0 && c == '=') {
                    return at;
                }
                if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else if (quote == '"' && c == '\\') {
                    at++;
                } else if (c == quote) {
                    quote = 0;
                }
            }
            return text.length();
        }
    }

    static List<Line> of(String text) {
        TomlLines all = new TomlLines();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from) + 1;
            String line = end == 0 ? text.substring(from) : text.substring(from, end);
            all.add(line);
            from += line.length();
        }
        return all.lines;
    }

    private void add(String line) {
        String stripped = line.strip();
        boolean continues = !quotes.isEmpty() || depth != NOT_INSIDE;
        boolean header = !continues && stripped.startsWith("[");
        lines.add(new Line(line, header ? Optional.of(name(stripped)) : Optional.empty(), continues));
        if (!header) {
            scan(line);
        }
    }

    private static List<String> name(String header) {
        int open = header.startsWith("[[") ? 2 : 1;
        int at = open;
        char quote = 0;
        while (at < header.length() && (quote != 0 || header.charAt(at) != ']')) {
            char c = header.charAt(at);
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote == '"' && c == '\\') {
                at++;
            } else if (c == quote) {
                quote = 0;
            }
            at++;
        }
        return Toml.parseDottedKey(header.substring(open, Math.min(at, header.length())));
    }

    /** Follows strings, brackets and comments through a line that is no header. */
    private void scan(String line) {
        int at = 0;
        while (at < line.length()) {
            if (!quotes.isEmpty()) {
                at = endOfLongString(line, at);
                continue;
            }
            char c = line.charAt(at);
            if (c == '#') {
                return;
            }
            if (line.startsWith("\"\"\"", at) || line.startsWith("'''", at)) {
                quotes = line.substring(at, at + 3);
                at += 3;
            } else if (c == '"' || c == '\'') {
                at = endOfString(line, at, c);
            } else {
                depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
                at++;
            }
        }
    }

    private int endOfLongString(String line, int from) {
        int at = from;
        while (at < line.length()) {
            if (quotes.charAt(0) == '"' && line.charAt(at) == '\\') {
                at += 2;
            } else if (line.startsWith(quotes, at)) {
                char quote = quotes.charAt(0);
                quotes = "";
                at += 3;
                // Up to two more quotes belong to the string.
                while (at < line.length() && line.charAt(at) == quote) {
                    at++;
                }
                return at;
            } else {
                at++;
            }
        }
        return line.length();
    }

    private static int endOfString(String line, int from, char quote) {
        int at = from + 1;
        while (at < line.length() && line.charAt(at) != quote) {
            at += quote == '"' && line.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
