package dev.parley.hooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.office.Finding;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.store.upkeep.StoreCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever a client may write to the hook, meant well or not: it ends at once and in peace, says nothing but what an event
 * is answered with, touches nothing outside the store, and loses no mail.
 */
class HookInputPropertyTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ID = "0d80d7d3-b870-4f75-a807-43f541f7b15b";
    private static final List<String> EVENTS = List.of(
            "SessionStart",
            "UserPromptSubmit",
            "PreToolUse",
            "PostToolUse",
            "FileChanged",
            "Stop",
            "Interrupt",
            "SessionEnd");
    private static final List<String> FIELDS = List.of(
            "session_id",
            "hook_event_name",
            "cwd",
            "transcript_path",
            "prompt_id",
            "turn_id",
            "agent_id",
            "source",
            "prompt",
            "background_tasks",
            "tool_input");

    /**
     * What is written to the hook.
     *
     * @param latin its bytes, one character each
     */
    private record Input(String latin) {

        static Input of(String text) {
            return of(text.getBytes(UTF_8));
        }

        static Input of(byte[] bytes) {
            return new Input(new String(bytes, ISO_8859_1));
        }

        Input cut(int length) {
            return new Input(latin.substring(0, Math.min(length, latin.length())));
        }

        byte[] bytes() {
            return latin.getBytes(ISO_8859_1);
        }
    }

    private static Path root;
    private static HookFixture hook;
    private static Map<String, String> outside;
    private static int sent;

    @BeforeContainer
    static void prepare() throws Exception {
        root = Files.createTempDirectory("parley-hook-input");
        hook = new HookFixture(root);
        // What a client's environment may hold; without a terminal no process stays behind to ring again.
        hook.environment.put("CLAUDE_CODE_SESSION_ATTENDED", "0");
        hook.environment.put("OLDPWD", root.toString());
        hook.environment.put("CDPATH", root.toString());
        hook.started();
        Files.writeString(hook.project.resolve("transcript.jsonl"), "{\"type\":\"assistant\"}\n");
        Files.writeString(root.resolve("precious"), "precious");
        Path pointing = Files.createDirectory(root.resolve("pointing"));
        Files.writeString(pointing.resolve(".git"), "gitdir: -\n");
        Path relative = Files.createDirectory(root.resolve("relative"));
        Files.writeString(relative.resolve(".git"), "gitdir: project\n");
        outside = outside();
        sent = 0;
    }

    @AfterContainer
    static void remove() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Every file that is not the store's, with its content. */
    private static Map<String, String> outside() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(file -> !file.startsWith(hook.home)).toList()) {
                boolean isFile = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                files.put(root.relativize(path).toString(), isFile ? Files.readString(path, ISO_8859_1) : "");
            }
        }
        return files;
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> odd = Arbitraries.of(
                ID,
                ID.toUpperCase(Locale.ROOT),
                "another-session",
                "..",
                "../../precious",
                "-",
                "-rf",
                "--help",
                "",
                "$(touch " + root + "/pwned)",
                "`touch " + root + "/pwned`",
                "';touch " + root + "/pwned;'",
                "a[$(touch " + root + "/pwned)]",
                "x\ntouch " + root + "/pwned\n",
                "*",
                "~",
                "/",
                "/dev/zero",
                "/dev/tty",
                "/proc/self/environ",
                "project",
                root + "/project",
                root + "/pointing",
                root + "/relative",
                root + "/project/transcript.jsonl",
                root + "/nowhere",
                "clear",
                "startup",
                "%s%n\\n\\\\",
                "\",\"session_id\":\"decoy\",\"x\":\"",
                "\\\",\\\"hook_event_name\\\":\\\"Stop\\\"",
                "\u0000\u0001\u001b[2J\u007f",
                "\ud83d\ude00\u202e\u2028",
                "x".repeat(20_000),
                "\\".repeat(9_001),
                "\"".repeat(3_000));
        return Arbitraries.oneOf(
                odd, Arbitraries.of(EVENTS), Arbitraries.strings().ofMaxLength(40));
    }

    /** A field as JSON: its name is one the hook looks for, its value may be of any kind. */
    private Arbitrary<String> fields() {
        Arbitrary<String> texts = values().map(JSON::writeValueAsString);
        Arbitrary<String> others = Arbitraries.of(
                "null", "true", "[]", "{}", "-1e999", "[[[[{\"session_id\":\"decoy\"}]]]]", "{\"a\":\"}\"}", "\"\\u00");
        Arbitrary<String> names = Arbitraries.oneOf(Arbitraries.of(FIELDS), values());
        return Combinators.combine(names, Arbitraries.frequencyOf(Tuple.of(5, texts), Tuple.of(1, others)))
                .as((name, value) -> JSON.writeValueAsString(name) + ":" + value);
    }

    /** Well-formed for the most part, so that much of it gets past the door. */
    @Provide
    Arbitrary<Input> inputs() {
        Arbitrary<String> head = Combinators.combine(
                        Arbitraries.of(ID, ID, "another-session"), Arbitraries.of(EVENTS), values())
                .as((id, event, cwd) -> "\"session_id\":\"" + id + "\",\"cwd\":" + JSON.writeValueAsString(cwd)
                        + ",\"hook_event_name\":\"" + event + "\"");
        Arbitrary<String> spaces = Arbitraries.of("", " ", "\n\t ");
        Arbitrary<String> plausible = Combinators.combine(head, fields().list().ofMaxSize(6), spaces)
                .as((start, more, space) -> {
                    List<String> all = Stream.concat(more.stream().limit(2), Stream.of(start))
                            .toList();
                    String rest = String.join(",", more.stream().skip(2).toList());
                    return space + "{" + space + String.join("," + space, all) + (rest.isEmpty() ? "" : "," + rest)
                            + "}";
                });
        Arbitrary<String> wild = fields().list().ofMaxSize(8).map(all -> "{" + String.join(",", all) + "}");
        Arbitrary<Input> whole = Arbitraries.frequencyOf(Tuple.of(3, plausible), Tuple.of(1, wild))
                .map(Input::of);
        Arbitrary<Input> cut = Combinators.combine(whole, Arbitraries.integers().between(0, 500))
                .as(Input::cut);
        Arbitrary<Input> noise =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Input::of);
        return Arbitraries.frequencyOf(Tuple.of(8, whole), Tuple.of(1, cut), Tuple.of(1, noise));
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void nothingAClientWritesDoesHarm(@ForAll("inputs") Input input, @ForAll boolean isCodex) throws Exception {
        endsInPeace(input, isCodex);
    }

    @Tag("slow")
    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void nothingAClientWritesEverDoesHarm(@ForAll("inputs") Input input, @ForAll boolean isCodex) throws Exception {
        endsInPeace(input, isCodex);
    }

    private static void endsInPeace(Input input, boolean isCodex) throws Exception {
        if (hook.names("new").isEmpty()) {
            hook.send("number " + ++sent);
        }
        HookRun run = HookRun.of(hook.environment, isCodex ? "codex" : "claude-code", input.bytes(), hook.project);

        boolean isBell = run.exit() == 2 && run.err().equals("Mail from a peer session waits.\n");
        assertTrue(isBell || (run.exit() == 0 && run.err().isEmpty()), run::toString);
        if (!run.out().isEmpty()) {
            assertTrue(run.out().endsWith("}\n"), run.out());
            JsonNode answer = JSON.readTree(run.out());
            assertTrue(answer.has("hookSpecificOutput") || answer.has("decision"), run.out());
            assertFalse(isBell, run.out());
        }
        assertEquals(outside, outside());
    }

    @AfterTry
    void nothingIsLost() throws Exception {
        int there = hook.names("new").size()
                + hook.names("cur").size()
                + hook.names("shown").size();
        assertEquals(sent, there);
        assertEquals(
                List.of(),
                new StoreCheck(hook.store, LocalProcessTable.INSTANCE)
                        .check().stream()
                                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                                .toList());
    }
}
