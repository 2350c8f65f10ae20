package dev.parley.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * A TOML text of somebody else's that is changed only by adding whole tables at its end and cutting whole tables out. A
 * parser checks every result: it must mean what the text meant before, but for that table. Immutable.
 */
final class TomlText {

    private final String text;
    private final TomlParseResult parsed;

    private TomlText(String text, TomlParseResult parsed) {
        this.text = text;
        this.parsed = parsed;
    }

    /**
     * Reads it.
     *
     * @throws NotEditableException if it is no TOML
     */
    static TomlText of(String text) throws NotEditableException {
        TomlParseResult parsed = Toml.parse(text);
        if (parsed.hasErrors()) {
            throw new NotEditableException(
                    "is not valid TOML: " + parsed.errors().get(0).toString());
        }
        return new TomlText(text, parsed);
    }

    /** Whether there is anything at a path. */
    boolean has(List<String> path) {
        return parsed.contains(path);
    }

    /** The value at a path: text, number, truth value, table or array. */
    Optional<Object> get(List<String> path) {
        return Optional.ofNullable(parsed.get(path));
    }

    /**
     * With a table at the end, in place of the one at that path.
     *
     * @param lines the lines below the table's header
     */
    TomlText withTable(List<String> path, List<String> lines) throws NotEditableException {
        String newline = text.contains("\r\n") ? "\r\n" : "\n";
        String block = "[" + String.join(".", path.stream().map(TomlText::key).toList()) + "]" + newline
                + String.join("", lines.stream().map(line -> line + newline).toList());
        Object wanted = Objects.requireNonNull(of(block).parsed.get(path));
        if (parsed.contains(path) && meaning(parsed.get(path)).equals(meaning(wanted))) {
            return this;
        }
        TomlText base = withoutTable(path);
        base.requireExtensible(path.get(0));
        String gap = base.text.isEmpty() ? "" : base.text.endsWith("\n") ? newline : newline + newline;
        TomlText next = of(base.text + gap + block);
        next.check(base, path);
        return next;
    }

    /** A table that is written inline, or with dotted keys, is closed: a header below it would be an error to its reader. */
    private void requireExtensible(String top) throws NotEditableException {
        boolean opened = TomlLines.of(text).stream()
                .anyMatch(line ->
                        line.header().filter(name -> name.get(0).equals(top)).isPresent());
        if (parsed.contains(List.of(top)) && !opened) {
            throw new NotEditableException(
                    "sets " + top + " inline or with dotted keys; write it as a table, such as [" + top + ".name]");
        }
    }

    /** Without the table at a path and those below it; nothing changes if there is none. */
    TomlText withoutTable(List<String> path) throws NotEditableException {
        if (!parsed.contains(path)) {
            return this;
        }
        TomlText next = of(String.join("", linesWithout(path)));
        next.check(this, path);
        if (next.has(path)) {
            throw new NotEditableException("sets " + String.join(".", path)
                    + " inline or with dotted keys; write it as a table of its own, or remove it");
        }
        return next;
    }

    /** Blank lines and comments behind the last key of a table belong to what follows, and stay. */
    private List<String> linesWithout(List<String> path) {
        List<String> kept = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        boolean ours = false;
        for (TomlLines.Line line : TomlLines.of(text)) {
            boolean silent = line.text().isBlank() || line.text().stripLeading().startsWith("#");
            if (line.header().isPresent()) {
                boolean wereOurs = ours;
                ours = startsWith(line.header().get(), path);
                if (!ours || !behind.stream().allMatch(String::isBlank)) {
                    kept.addAll(behind);
                }
                behind.clear();
                if (ours
                        && !wereOurs
                        && !kept.isEmpty()
                        && kept.get(kept.size() - 1).isBlank()) {
                    kept.remove(kept.size() - 1);
                }
            }
            if (!ours) {
                kept.add(line.text());
            } else if (silent) {
                behind.add(line.text());
            } else {
                behind.clear();
            }
        }
        kept.addAll(behind);
        return kept;
    }

    private static boolean startsWith(List<String> name, List<String> path) {
        return name.size() >= path.size() && name.subList(0, path.size()).equals(path);
    }

    /** The net under the splicing: apart from that one table nothing may mean anything else than before. */
    private void check(TomlText before, List<String> except) throws NotEditableException {
        if (!without(meaning(parsed), except).equals(without(meaning(before.parsed), except))) {
            throw new NotEditableException("is written in a way that cannot be edited safely around "
                    + String.join(".", except) + "; change it by hand");
        }
    }

    /** The meaning without one path, and without tables that are only there because of it. */
    private static Map<String, Object> without(Object table, List<String> path) {
        Map<String, Object> copy = new TreeMap<>();
        if (table instanceof Map<?, ?> map) {
            map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        }
        Object child = copy.get(path.get(0));
        if (path.size() == 1 || child == null) {
            copy.remove(path.get(0));
        } else if (child instanceof Map) {
            Map<String, Object> rest = without(child, path.subList(1, path.size()));
            if (rest.isEmpty()) {
                copy.remove(path.get(0));
            } else {
                copy.put(path.get(0), rest);
            }
        }
        return copy;
    }

    private static Object meaning(@Nullable Object value) {
        if (value instanceof TomlTable table) {
            Map<String, Object> map = new TreeMap<>();
            for (Map.Entry<String, Object> entry : table.entrySet()) {
                map.put(entry.getKey(), meaning(entry.getValue()));
            }
            return map;
        }
        if (value instanceof TomlArray array) {
            return array.toList().stream().map(TomlText::meaning).toList();
        }
        return Objects.requireNonNull(value);
    }

    /** A key as it must be written. */
    static String key(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : string(name);
    }

    /** A basic string. */
    static String string(String value) {
        return "\"" + Toml.tomlEscape(value) + "\"";
    }

    @Override
    public String toString() {
        return text;
    }
}
