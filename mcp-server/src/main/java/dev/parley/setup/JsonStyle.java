package dev.parley.setup;

import dev.parley.setup.JsonSpan.Child;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a JSON text is laid out.
 *
 * @param unit one step of indentation
 * @param newline what ends a line
 */
record JsonStyle(String unit, String newline) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The style of a text, as its first member shows it; two spaces if nothing does. */
    static JsonStyle of(String text, JsonSpan root) {
        String newline = text.contains("\r\n") ? "\r\n" : "\n";
        for (Child child : root.children()) {
            int line = text.lastIndexOf('\n', child.start()) + 1;
            String indent = text.substring(line, child.start());
            if (line > root.start() && !indent.isEmpty() && indent.isBlank()) {
                return new JsonStyle(indent, newline);
            }
        }
        return new JsonStyle("  ", newline);
    }

    /** A value over several lines, for a place whose line is indented so far. */
    static String render(JsonNode value, JsonStyle style, String indent) {
        if (value.isEmpty()) {
            return JSON.writeValueAsString(value);
        }
        String inner = indent + style.unit;
        StringBuilder out = new StringBuilder();
        if (value.isObject()) {
            out.append('{');
            for (Iterator<Map.Entry<String, JsonNode>> all = value.properties().iterator(); all.hasNext(); ) {
                Map.Entry<String, JsonNode> member = all.next();
                out.append(style.newline).append(inner);
                out.append(JSON.writeValueAsString(member.getKey())).append(": ");
                out.append(render(member.getValue(), style, inner)).append(all.hasNext() ? "," : "");
            }
            return out.append(style.newline).append(indent).append('}').toString();
        }
        out.append('[');
        for (Iterator<JsonNode> all = value.iterator(); all.hasNext(); ) {
            out.append(style.newline).append(inner).append(render(all.next(), style, inner));
            out.append(all.hasNext() ? "," : "");
        }
        return out.append(style.newline).append(indent).append(']').toString();
    }

    /** A value on one line. */
    static String inline(JsonNode value) {
        return JSON.writeValueAsString(value);
    }

    /** Where the comma behind a value stands, past space and comments; -1 if there is none. */
    static int commaBehind(String text, int from, int limit) {
        int at = from;
        while (at < limit) {
            if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? limit : end;
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at) + 1;
            } else if (text.charAt(at) == ',') {
                return at;
            }
            at++;
        }
        return -1;
    }
}
