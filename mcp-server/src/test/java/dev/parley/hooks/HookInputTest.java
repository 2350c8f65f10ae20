package dev.parley.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.store.peer.CardCodec;
import dev.parley.testing.Pipes;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the hook reads its input, and that nothing it finds breaks the client. */
class HookInputTest {

    private static final String BIG = "x\\\" {[,:".repeat(150_000);

    private HookFixture hook;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        hook = new HookFixture(root).started();
        hook.send("hello");
    }

    private String raw(String json) throws Exception {
        return HookRun.of(
                        hook.environment,
                        "claude-code",
                        json.replace("ID", hook.id.value()).replace("BIG", BIG))
                .out();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"session_id\":\"ID\",\"hook_event_name\":\"PreToolUse\",\"tool_input\":{\"a\":\"BIG\"}}",
                "{ \"session_id\" : \"ID\" ,\n\t\"hook_event_name\" : \"PreToolUse\" }",
                "{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"ID\"}",
                "{\"hook_event_name\":\"PreToolUse\",\"tool_input\":{\"a\":\"BIG\"},\"session_id\":\"ID\"}",
                "{\"tool_input\":{\"session_id\":\"decoy\"},\"session_id\":\"ID\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"a\":[{\"session_id\":\"decoy\",\"b\":\"}\"}],\n \"session_id\" :\"ID\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"cwd\":\"/a,\\\"session_id\\\":\\\"decoy\\\"\",\"session_id\":\"ID\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\"ID\",\"prompt\":\"\\\"hook_event_name\\\":\\\"Stop\\\"\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\"ID\",\"effort\":{\"level\":\"high\"},\"hook_event_name\":\"PreToolUse\",\"x\":null}",
                "{\"session_id\":\"ID\",\"agent_id\":\"\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\"ID\",\"agent_id\":null,\"hook_event_name\":\"PreToolUse\"}"
            })
    void findsTheSessionWhereverItStands(String json) throws Exception {
        assertTrue(raw(json).contains("\\nhello\\n"), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"session_id\":\"ID\",\"agent_id\":\"a1\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"tool_input\":{\"x\":\"BIG\"},\"agent_id\":\"a1\",\"session_id\":\"ID\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"tool_input\":{\"x\":1},\"session_id\":\"ID\",\"hook_event_name\":\"PreToolUse\",\"agent_id\" : \"a1\"}",
                "{\"session_id\":\"../ID\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\".\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\"a/b\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\"a\\u002fb\",\"hook_event_name\":\"PreToolUse\"}",
                "{\"session_id\":\"ID\",\"hook_event_name\":\"Unheard\"}",
                "{\"session_id\":\"ID\",\"hook_event_name\":\"$(touch x)\"}",
                "{\"session_id\":\"ID\"}",
                "{\"hook_event_name\":\"PreToolUse\"}",
                "{\"nested\":{\"session_id\":\"ID\",\"hook_event_name\":\"PreToolUse\"}}",
                "{\"nested\":{\"session_id\":\"ID\"},\"hook_event_name\":\"PreToolUse\"}",
                "",
                "{",
                "no JSON at all",
                "BIG"
            })
    void isSilentOnEverythingElse(String json) throws Exception {
        assertEquals("", raw(json), json);
        assertEquals(1, hook.names("new").size());
    }

    private Peer started(String path) throws Exception {
        SessionId id = new SessionId("started-here");
        raw("{\"session_id\":\"" + id + "\",\"transcript_path\":\"" + path + "\",\"cwd\":\"" + path
                + "\",\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}");
        Path card = hook.home.resolve("sessions/" + id + "/session.json");
        return CardCodec.decode(card, Files.readAllBytes(card), id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\\u,b", "/a\\u005", "/a\\x41", "/a\\u\\\\0041", "/a\tb", "/a\nb"})
    void aPathThatIsNoJsonStaysOutOfTheCard(String path) throws Exception {
        Peer peer = started(path);
        assertEquals("", peer.cwd());
        assertEquals(Optional.empty(), peer.transcript());
    }

    /** A card with one text that is too long could not be read at all. */
    @ParameterizedTest
    @CsvSource({"\\\\, 9001", "/, 4097", "\\u00e9, 4097", "é, 4097", "😀, 2049", "\\\\, 4097"})
    void aPathThatACardCannotHoldStaysOutOfIt(String part, int times) throws Exception {
        Peer peer = started(part.repeat(times));
        assertEquals("", peer.cwd());
        assertEquals(Optional.empty(), peer.transcript());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\\\", "/", "\\u00e9", "é", "\\u0000"})
    void aPathAsLongAsACardCanHoldIsInIt(String part) throws Exception {
        assertEquals(4096, started(part.repeat(4096)).cwd().length());
    }

    @Test
    void aPathInTheCardMeansWhatItMeantInTheInput() throws Exception {
        Peer peer = started("/\\u00e9\\\\u\\/\\\"ü");
        assertEquals("/é\\u/\"ü", peer.cwd());
        assertEquals(Optional.of("/é\\u/\"ü"), peer.transcript());
    }

    @Test
    void readsOnlyWhatItNeeds() throws Exception {
        Process process = HookRun.start(hook.environment, "claude-code");
        OutputStream input = process.getOutputStream();
        input.write(hook.input("PreToolUse").toString().replaceFirst("}$", ",").getBytes(UTF_8));
        input.flush();

        // Its input stays open and incomplete.
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertTrue(new String(process.getInputStream().readAllBytes(), UTF_8).contains("hello"));
    }

    @Test
    void startsNoProcessWhereNothingWaits() throws Exception {
        Files.delete(hook.mailbox("new").resolve(hook.names("new").get(0)));
        // Every command but the shell's own fails.
        hook.environment.put("PATH", "/nonexistent");

        for (String event : new String[] {"PreToolUse", "PostToolUse", "FileChanged", "Stop"}) {
            hook.run(event).silent();
        }
        assertEquals("idle", hook.activity());
        hook.run("UserPromptSubmit").silent();
        assertEquals("busy", hook.activity());
        hook.run("SessionEnd").silent();
        assertEquals("ended", hook.activity());
        hook.run("Interrupt").silent();
        assertEquals("held", hook.activity());
        hook.run("PermissionRequest").silent();
        assertEquals("asks", hook.activity());
        hook.run("PostToolUse").silent();
        assertEquals(
                "asks",
                hook.activity(),
                "Claude Code runs no hook when its user has answered; what tells is elsewhere");
        hook.client = "codex";
        hook.run("PostToolUse").silent();
        assertEquals("busy", hook.activity());
    }

    @Test
    void takesNothingWhereItCannotMove() throws Exception {
        hook.environment.put("PATH", "/nonexistent");

        hook.run("PreToolUse").silent();
        hook.run("Stop").silent();

        assertEquals(1, hook.names("new").size());
    }

    @Test
    void leavesAStoreAloneThatIsNotOne() throws Exception {
        for (String content : new String[] {"parley 2\n", "something\n", ""}) {
            Files.writeString(hook.home.resolve("format"), content);
            hook.run("PreToolUse").silent();
            hook.run(hook.input("SessionStart").with("source", "startup")).silent();
        }
        Files.delete(hook.home.resolve("format"));
        hook.run("PreToolUse").silent();
        assertFalse(Files.exists(hook.home.resolve("format")));
    }

    /** As a full disk, or a hook that was killed, leaves it. */
    @Test
    void aStoreThatWasOnlyBegunIsFinished(@TempDir Path root) throws Exception {
        for (String begun : new String[] {"", "clients", "format", "format clients sessions locks"}) {
            Path home = Files.createDirectory(
                    root.resolve("home of " + begun),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            for (String part : begun.split(" ", -1)) {
                if (part.equals("format")) {
                    Files.createFile(home.resolve(part));
                } else if (!part.isEmpty()) {
                    Files.createDirectory(home.resolve(part));
                }
            }
            hook.environment.put("PARLEY_HOME", home.toString());
            hook.run(hook.input("SessionStart").with("source", "startup")).context("SessionStart");
            assertEquals("parley 1\n", Files.readString(home.resolve("format")), begun);
        }
        Path foreign = Files.createDirectory(root.resolve("foreign"));
        Files.createFile(foreign.resolve(".hidden"));
        hook.environment.put("PARLEY_HOME", foreign.toString());
        hook.run(hook.input("SessionStart").with("source", "startup")).silent();
        assertFalse(Files.exists(foreign.resolve("format")));
    }

    /** Servers refuse it. */
    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwx-w----", "rwx----w-"})
    void aStoreThatOthersCanWriteToIsNotServed(String mode) throws Exception {
        Files.setPosixFilePermissions(hook.home, PosixFilePermissions.fromString(mode));
        for (String event : new String[] {"UserPromptSubmit", "PreToolUse", "FileChanged", "Stop"}) {
            hook.run(event).silent();
        }
        assertEquals(1, hook.names("new").size());
        assertEquals(
                "", raw("{\"session_id\":\"another\",\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}"));
        assertFalse(Files.exists(hook.home.resolve("sessions/another")));
    }

    /** Whoever opened one to read would wait for ever. */
    @Test
    void aPipeInThePlaceOfAFileStopsNothing() throws Exception {
        Path session = hook.store.session(hook.id);
        for (String file : new String[] {
            "session.json", "activity", "stops", "doorbell", "wakes", "mailbox/new/0000000000000001-m-0123456789abcdef"
        }) {
            makePipe(session.resolve(file));
        }
        assertTrue(hook.run("UserPromptSubmit").context("UserPromptSubmit").contains("hello"));
        hook.send("more");
        assertTrue(hook.run("Stop").reason().contains("more"));
        hook.run(hook.input("SessionStart").with("source", "resume")).context("SessionStart");
        makePipe(session.resolve("moved_to"));
        hook.run("UserPromptSubmit");
    }

    private static void makePipe(Path place) throws Exception {
        Files.deleteIfExists(place);
        Pipes.make(place);
    }

    @Test
    void followsNoLinks(@TempDir Path elsewhere) throws Exception {
        Path real = elsewhere.resolve("moved");
        Files.move(hook.store.session(hook.id), real);
        Files.createSymbolicLink(hook.store.session(hook.id), real);

        hook.run("PreToolUse").silent();
        hook.run(hook.input("SessionStart").with("source", "startup")).silent();

        try (var waiting = Files.list(real.resolve("mailbox/new"))) {
            assertEquals(1, waiting.count());
        }
    }

    @Test
    void bearsANewlineInTheHomesName(@TempDir Path root) throws Exception {
        hook.environment.put("PARLEY_HOME", root.resolve("a\nb").toString());
        HookRun run = hook.run(hook.input("SessionStart").with("source", "startup"));
        assertFalse(run.json().path("hookSpecificOutput").has("watchPaths"));
    }

    @Test
    void whatItMakesIsPrivate(@TempDir Path root) throws Exception {
        hook.environment.put("PARLEY_HOME", root.resolve("fresh").toString());
        hook.run(hook.input("SessionStart").with("source", "startup"));

        try (var all = Files.walk(root.resolve("fresh"))) {
            for (Path path : all.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertEquals(Files.isDirectory(path) ? "rwx------" : "rw-------", mode, path.toString());
            }
        }
    }

    @Test
    void anUnknownClientIsNoClient() throws Exception {
        hook.client = "other";
        hook.run("PreToolUse").silent();
    }
}
