package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/WINDOWS.md names every place that only a POSIX system has: whoever adds one, or takes one away, has to say so there. */
final class PosixOnlyTest {

    private static final Path CHECKOUT = Path.of("..");
    private static final List<String> MODULES =
            List.of("mailbox-core", "ledger-core", "wake-tmux", "mcp-server/hub", "mcp-server");

    /** What tells such a place in a source without its comments, by what the document calls it. */
    private static final Map<String, Pattern> KINDS = kinds();

    private static Map<String, Pattern> kinds() {
        Map<String, Pattern> kinds = new LinkedHashMap<>();
        kinds.put(
                "permissions and owners of files",
                Pattern.compile("PosixFile|\"posix:|\"unix:|FileOwnerAttributeView|Files\\.getOwner"));
        kinds.put("hard and symbolic links that it makes", Pattern.compile("Files\\.create(?:Symbolic)?Link\\("));
        kinds.put("a directory that is forced", Pattern.compile("\\bforceDirectory\\(Path [a-z]+\\)[^;]*\\{"));
        kinds.put("`/proc`", Pattern.compile("\"/proc\\b"));
        kinds.put("other fixed paths: `/dev`, `/tmp`, `/usr`, `/bin`", Pattern.compile("\"/(?:dev|tmp|usr|bin)\\b"));
        kinds.put("a POSIX shell", Pattern.compile("\"sh\"|\"bash\"|\"/bin/sh\"|#!/bin/"));
        kinds.put(
                "programs of the system",
                Pattern.compile(
                        "\"(?:kill|ps|stty|tty|less|lsof|setsid|nohup|xdg-open|open|notify-send|osascript|chmod|mkfifo)\""));
        kinds.put("tmux", Pattern.compile("\"tmux\"|\"TMUX(?:_PANE)?\"|^package dev\\.parley\\.wake\\.tmux;"));
        kinds.put("signals", Pattern.compile("\\bSignal\\b|\"SIG[A-Z]+\\b"));
        kinds.put("`PATH`, parted by `:`", Pattern.compile("(?s)PATH\".{0,80}split\\(\":\""));
        return kinds;
    }

    @Test
    void theDocumentNamesThemAll() throws IOException {
        Map<String, TreeSet<String>> found = new LinkedHashMap<>();
        KINDS.keySet().forEach(kind -> found.put(kind, new TreeSet<>()));
        forEachSource((name, source) -> KINDS.forEach((kind, pattern) -> {
            if (pattern.matcher(source).find()) {
                found.get(kind).add("`" + name + "`");
            }
        }));
        String table = found.entrySet().stream()
                .map(row -> "| " + row.getKey() + " | " + String.join(", ", row.getValue()) + " |\n")
                .collect(Collectors.joining("", "| what | classes |\n|---|---|\n", ""));
        found.forEach((kind, classes) -> assertTrue(!classes.isEmpty(), () -> "no class has " + kind));
        assertEquals(table, between("<!-- posix -->\n", "<!-- /posix -->"), "put this into docs/WINDOWS.md:\n" + table);
    }

    @Test
    void theDocumentNamesEveryScript() throws IOException {
        TreeSet<String> scripts = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CHECKOUT.resolve("assets"))) {
            for (Path file : files.filter(Files::isExecutable)
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                scripts.add("* `" + CHECKOUT.relativize(file).toString().replace('\\', '/') + "`: ");
            }
        }
        String listed = between("<!-- scripts -->\n", "<!-- /scripts -->")
                .lines()
                .map(line -> line.replaceFirst("(: ).*", "$1"))
                .sorted()
                .collect(Collectors.joining("\n"));
        assertEquals(String.join("\n", scripts), listed);
    }

    /** A pattern that finds nothing of its kind would let everything through. */
    @Test
    void aNewPlaceIsSeen() {
        Map<String, String> lines = Map.of(
                "permissions and owners of files", "Files.setAttribute(file, \"unix:mode\", 0600);",
                "hard and symbolic links that it makes", "Files.createLink(link, file);",
                "a directory that is forced", "public void forceDirectory(Path directory) throws IOException {",
                "`/proc`", "Path.of(\"/proc/self/stat\")",
                "other fixed paths: `/dev`, `/tmp`, `/usr`, `/bin`", "Path.of(\"/dev/null\")",
                "a POSIX shell", "List.of(\"/bin/sh\", \"-c\", text)",
                "programs of the system", "List.of(\"kill\", \"-9\")",
                "tmux", "List.of(\"tmux\", \"list-panes\")",
                "signals", "new sun.misc.Signal(name)",
                "`PATH`, parted by `:`", "environment.get(\"PATH\").split(\":\", -1)");
        assertEquals(KINDS.keySet(), lines.keySet());
        lines.forEach((kind, line) -> assertTrue(KINDS.get(kind).matcher(line).find(), kind));
    }

    private static String between(String begin, String end) throws IOException {
        String text = Files.readString(CHECKOUT.resolve("docs/WINDOWS.md"));
        return text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end));
    }

    private static void forEachSource(BiConsumer<String, String> each) throws IOException {
        int seen = 0;
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(CHECKOUT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String code = Files.readString(file)
                            .replaceAll("(?s)/\\*.*?\\*/", "")
                            .replaceAll("(?m)^\\s*//.*$", "")
                            .strip();
                    each.accept(file.getFileName().toString().replace(".java", ""), code);
                    seen++;
                }
            }
        }
        int count = seen;
        assertTrue(count > 300, () -> "only " + count + " sources were looked at");
    }
}
