package dev.parley.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * A TOML text of somebody else's that is changed only by adding whole tables at its end, cutting whole tables out, and
 * setting or removing single keys of a table. A parser checks every result: it must mean what the text meant before, but for
 * that table or key. Immutable.
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

    /** The value at a path in Java's own kinds: a map, a list, a text, a number, a truth value. */
    Optional<Object> meaningOf(List<String> path) {
        return Optional.ofNullable(parsed.get(path)).map(TomlText::meaning);
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
        String newline = newline();
        String block = "[" + String.join(".", path.stream().map(TomlText::key).toList()) + "]" + newline
                + String.join("", lines.stream().map(line -> line + newline).toList());
        Object wanted = Objects.requireNonNull(of(block).parsed.get(path));
        if (parsed.contains(path) && meaning(parsed.get(path)).equals(meaning(wanted))) {
            return this;
        }
        TomlText base = withoutTable(path);
        base.requireExtensible(path.get(0));
        return base.appended(path, block);
    }

    private TomlText appended(List<String> path, String block) throws NotEditableException {
        String newline = newline();
        String gap = text.isEmpty() ? "" : text.endsWith("\n") ? newline : newline + newline;
        TomlText next = of(text + gap + block);
        next.check(this, path);
        return next;
    }

    private String newline() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /**
     * With a key of a table set to a value, in its place, or below the table's other keys; the table is made if there is none.
     *
     * @param value the value as it is written
     * @throws NotEditableException if the table is written inline or with dotted keys
     */
    TomlText withKey(List<String> path, String key, String value) throws NotEditableException {
        String line = key(key) + " = " + value;
        if (!parsed.contains(path)) {
            return withTable(path, List.of(line));
        }
        Object wanted = meaning(Objects.requireNonNull(Toml.parse(line).get(List.of(key))));
        List<String> whole = new ArrayList<>(path);
        whole.add(key);
        if (parsed.contains(whole) && meaning(parsed.get(whole)).equals(wanted)) {
            return this;
        }
        return rewritten(path, key, line + newline(), whole);
    }

    /** Without a key of a table; nothing changes if there is none. */
    TomlText withoutKey(List<String> path, String key) throws NotEditableException {
        List<String> whole = new ArrayList<>(path);
        whole.add(key);
        return parsed.contains(whole) ? rewritten(path, key, "", whole) : this;
    }

    private TomlText rewritten(List<String> path, String key, String line, List<String> whole)
            throws NotEditableException {
        List<String> out = new ArrayList<>();
        // Where the line goes if the key is not there yet: behind the last one of the table.
        int end = -1;
        boolean inside = false;
        boolean replacing = false;
        boolean done = false;
        for (TomlLines.Line each : TomlLines.of(text)) {
            if (each.header().isPresent()) {
                inside = each.header().get().equals(path);
                end = inside ? out.size() + 1 : end;
            }
            replacing = each.continues() ? replacing : inside && each.key().equals(Optional.of(List.of(key)));
            if (replacing && !each.continues()) {
                out.add(line);
                done = true;
            } else if (!replacing) {
                out.add(each.text());
            }
            end = inside && !each.isSilent() ? out.size() : end;
        }
        if (!done && end < 0) {
            throw new NotEditableException("sets " + String.join(".", path)
                    + " inline or with dotted keys; write it as a table of its own, such as [" + String.join(".", path)
                    + "]");
        }
        if (!done) {
            String above = out.get(end - 1);
            out.set(end - 1, above.endsWith("\n") ? above : above + "\n");
            out.add(end, line);
        }
        TomlText next = of(String.join("", out));
        next.check(this, whole);
        return next;
    }

    /** Whether a table has a header of its own. */
    boolean hasHeader(List<String> path) {
        return TomlLines.of(text).stream()
                .anyMatch(line -> line.header().filter(path::equals).isPresent());
    }

    /** With a table as another text has it, comments and all, at the end, or without it if that has none. */
    TomlText withThatOf(TomlText other, List<String> path) throws NotEditableException {
        if (parsed.contains(path)
                && other.parsed.contains(path)
                && meaning(parsed.get(path)).equals(meaning(other.parsed.get(path)))) {
            return this;
        }
        TomlText base = withoutTable(path);
        if (!other.parsed.contains(path)) {
            return base;
        }
        base.requireExtensible(path.get(0));
        List<String> theirs = other.linesOf(path);
        if (theirs.isEmpty()) {
            throw new NotEditableException("had " + String.join(".", path)
                    + " inline or with dotted keys before Parley, and has changed since; the back-up has it");
        }
        return base.appended(path, String.join("", theirs));
    }

    private List<String> linesOf(List<String> path) {
        List<String> theirs = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        boolean ours = false;
        for (TomlLines.Line line : TomlLines.of(text)) {
            if (line.header().isPresent()) {
                boolean were = ours;
                ours = startsWith(line.header().get(), path);
                if (ours && were) {
                    theirs.addAll(behind);
                }
                behind.clear();
            }
            if (ours && line.isSilent()) {
                behind.add(line.text());
            } else if (ours) {
                theirs.addAll(behind);
                behind.clear();
                theirs.add(line.text().endsWith("\n") ? line.text() : line.text() + "\n");
            }
        }
        return theirs;
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
            boolean silent = line.isSilent();
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

    /** An array of strings. */
    static String array(List<String> values) {
        return values.stream().map(TomlText::string).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A value as it is written on one line. */
    static String value(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> key(String.valueOf(entry.getKey())) + " = " + value(entry.getValue()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(TomlText::value).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? string(text) : String.valueOf(value);
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
