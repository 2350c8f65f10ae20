package dev.parley.cockpit.watch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.cockpit.Cells;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley watch} in a real terminal, over real servers. */
@Tag("tmux")
class WatchTmuxStdioIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SHELL = "person\\$\\s*$";

    @TempDir
    private Path root;

    private final PrivateTmux tmux = new PrivateTmux();
    private Peers peers;

    @BeforeEach
    void start() throws Exception {
        peers = new Peers(root);
    }

    @AfterEach
    void stop() throws Exception {
        tmux.close();
        peers.close();
    }

    /** A shell of a person, with a prompt that nothing else looks like. */
    private TmuxPane shell(int width, int height, Map<String, String> more) throws Exception {
        Map<String, String> environment = new TreeMap<>(Shell.environment(peers.home()));
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TERM", "tmux-256color");
        environment.put("PS1", "person$ ");
        environment.putAll(more);
        TmuxPane pane =
                tmux.open(width, height, peers.project(), environment, List.of("bash", "--norc", "--noprofile"));
        pane.awaitText("person\\$");
        return pane;
    }

    private TmuxPane shell(int width, int height) throws Exception {
        return shell(width, height, Map.of());
    }

    private static String watch(String... more) {
        return "'" + Distribution.launcher() + "' watch " + String.join(" ", more);
    }

    private static void run(TmuxPane pane, String line) {
        pane.type(line);
        pane.press("Enter");
    }

    private TmuxPane watching(int width, int height) throws Exception {
        TmuxPane pane = shell(width, height);
        run(pane, watch());
        pane.awaitText("══▶ Sessions");
        return pane;
    }

    private static List<String> lines(TmuxPane pane) {
        return pane.text().lines().toList();
    }

    /** The terminal's own settings, as {@code stty} prints them. */
    private String settings(TmuxPane pane, String file) throws Exception {
        Path out = root.resolve(file);
        run(pane, "clear; stty -g > '" + out + ".new' && mv '" + out + ".new' '" + out + "'");
        await().atMost(LIMIT).until(() -> Files.exists(out));
        return Files.readString(out);
    }

    private static String modes(TmuxPane pane) {
        return pane.ask("#{alternate_on} #{cursor_flag} #{wrap_flag} #{keypad_cursor_flag} #{mouse_any_flag}");
    }

    @Test
    void atBothSizesEveryPaneIsUsableAndAResizeIsFollowed() throws Exception {
        peers.joinAll("alice", "bob");
        TmuxPane pane = watching(80, 24);
        pane.awaitText("> alice");
        assertEquals(24, lines(pane).size());
        assertTrue(lines(pane).get(23).endsWith("? help  q quit"), pane::text);
        assertFalse(pane.text().contains("│"), pane::text);
        pane.press("Tab", "Tab");
        pane.awaitText("══▶ Who waits for whom");

        pane.command("resize-window", "-x", "200", "-y", "60");
        pane.awaitText("│──  Messages of alice");
        assertEquals(60, lines(pane).size());
        assertTrue(lines(pane).get(59).endsWith("? help  q quit"), pane::text);
        assertTrue(pane.text().contains("Who waits for whom"), pane::text);

        pane.command("resize-window", "-x", "80", "-y", "24");
        await().atMost(LIMIT).until(() -> !pane.text().contains("│"));
        pane.awaitText("══▶ Who waits for whom");
        pane.press("?");
        pane.awaitText("answer the selected message, as the operator");
        pane.press("Escape");
        pane.awaitNoText("answer the selected message, as the operator");
    }

    @Test
    void aPeerThatIsKilledWhileItIsShownIsSaidToHaveEnded() throws Exception {
        Agent alice = peers.join("alice");
        Agent bob = peers.keep(peers.agent().underOwnParent().start());
        bob.call("claim_session", "session_id", "bob-session").ok();
        bob.call("set_my_state", "name", "bob").ok();
        Path sent = root.resolve("sent");
        TmuxPane pane = shell(80, 24);
        pane.command("pipe-pane", "-o", "cat > '" + sent + "'");
        run(pane, watch("--notify=terminal"));
        pane.awaitText("bob +running");
        Agent.Calling asking = alice.begin("ask_peer", "target", "bob", "body", "are you there?", "timeout_ms", 60_000);
        pane.awaitText("alice +waits for bob");
        ProcessHandle shell = ProcessHandle.of(bob.server().pid()).orElseThrow();
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
        pane.awaitText("bob +ended");
        String notice = "\u001b]9;Parley: project: bob has ended and still owes an answer to alice\u001b\\\u0007";
        await().atMost(LIMIT).until(() -> Files.readString(sent).contains(notice));
        asking.cancel();
        pane.press("q");
        pane.awaitText(SHELL);
    }

    @Test
    void aFloodOfMessagesIsShownToItsEndAndLeavesTheKeysAlive() throws Exception {
        Agent alice = peers.join("alice");
        peers.join("bob");
        TmuxPane pane = watching(80, 24);
        pane.press("j");
        pane.awaitText("> bob");
        for (int i = 1; i <= 200; i++) {
            alice.call("send_message", "target", "bob", "body", "message number " + i + ".")
                    .ok();
        }
        pane.awaitText("200 unread");
        pane.awaitText("message number 200\\.");
        pane.press("Enter", "/");
        pane.awaitText("search messages>");
        pane.type("number 17.");
        pane.press("Enter");
        pane.awaitText("with \"number 17\\.\"");
        pane.awaitText("message number 17\\.");
        pane.awaitNoText("message number 18\\.");
    }

    @Test
    void whatPeersWriteMovesNothing() throws Exception {
        Agent alice = peers.join("alice");
        peers.join("bob");
        String nasty =
                "\u001b[2J\u001b[1;1Hgone\u001b]0;title\u0007\u009b31m \u202eevil\u202c 日本語日本語 👩\u200d👩\u200d👧"
                        + " e\u0301 \r overwritten\u0000";
        alice.call("set_my_state", "purpose", "\u001b[31mred\u001b[0m 日本語 \u202ertl")
                .ok();
        alice.call("send_message", "target", "bob", "body", nasty).ok();
        alice.call("send_message", "target", "bob", "body", "after it").ok();
        TmuxPane pane = watching(130, 34);
        pane.awaitText("after it");
        List<String> lines = lines(pane);
        assertTrue(lines.get(1).contains("Sessions"), pane::text);
        assertTrue(lines.get(33).endsWith("? help  q quit"), pane::text);
        for (String line : lines.subList(2, 31)) {
            assertEquals(
                    52, Cells.of(line.substring(0, line.indexOf('│'))), () -> "moved: " + line + "\n" + pane.text());
        }
        String text = pane.text();
        assertTrue(text.contains("?[2J?[1;1Hgone?]0;title??31m ?evil? 日本語日本語"), text);
        assertTrue(text.contains(" [31mred [0"), text);
        assertFalse(pane.styled().contains("\u001b[31m "), "no colour of a peer's");
        assertFalse(pane.ask("#{pane_title}").contains("title"), "no title of a peer's");
    }

    /** As {@code java -jar} and as jbang start it: without the launcher's options. */
    @Test
    void fromTheOneJarItTakesTheTerminalAndGivesItBackWithoutAWord() throws Exception {
        peers.join("alice");
        String jar = "'" + Distribution.directory().resolve("parley-all.jar") + "'";
        TmuxPane pane = shell(80, 24);
        String before = settings(pane, "before");
        for (String how : List.of("-jar " + jar, "-cp " + jar + " dev.parley.cli.Main")) {
            run(pane, "clear; '" + Distribution.java() + "' " + how + " watch");
            pane.awaitText("> alice");
            pane.press("?");
            pane.awaitText("answer the selected message, as the operator");
            pane.press("Escape");
            pane.awaitNoText("answer the selected message, as the operator");
            pane.press("q");
            pane.awaitText(SHELL);
            assertFalse(pane.text().contains("WARNING"), pane::text);
            assertEquals(before, settings(pane, "after" + how.length()));
        }
    }

    @Test
    void quittingGivesTheTerminalBackAsItWas() throws Exception {
        peers.join("alice");
        TmuxPane pane = shell(80, 24);
        run(pane, "echo of-before");
        pane.awaitText("\nof-before");
        String settings = settings(pane, "before");
        String modes = modes(pane);
        for (String how : List.of("q", "C-c")) {
            run(pane, "clear; echo stays; " + watch() + "; echo status=$?");
            pane.awaitText("══▶ Sessions");
            assertEquals("1", pane.ask("#{alternate_on}"));
            assertEquals("0", pane.ask("#{cursor_flag}"));
            pane.command("resize-window", "-x", "100", "-y", "30");
            pane.press(how);
            pane.awaitText("status=0");
            assertEquals(modes, modes(pane));
            assertTrue(lines(pane).contains("stays"), pane::text);
            assertFalse(pane.text().contains("Sessions"), pane::text);
            assertEquals(settings, settings(pane, "after-" + how));
        }
    }

    @Test
    void aSignalThatEndsItGivesTheTerminalBackToo() throws Exception {
        peers.join("alice");
        TmuxPane pane = shell(80, 24);
        String settings = settings(pane, "before");
        String modes = modes(pane);
        for (String signal : List.of("TERM", "HUP", "INT")) {
            run(pane, "clear; " + watch() + "; echo status=$?");
            pane.awaitText("══▶ Sessions");
            long watch = ProcessHandle.of(pane.process())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            new ProcessBuilder("kill", "-" + signal, Long.toString(watch))
                    .start()
                    .waitFor();
            // An interrupt is what Ctrl-C is.
            pane.awaitText("status=" + Map.of("TERM", 143, "HUP", 129, "INT", 0).get(signal) + "\n");
            assertEquals(modes, modes(pane), () -> signal + pane.text());
            assertFalse(pane.text().contains("Sessions"), pane::text);
            assertFalse(pane.text().contains("parley: "), pane::text);
            assertEquals(settings, settings(pane, "after-" + signal));
        }
    }

    /** The store goes away: that is said, the keys live, and nothing is left on the terminal. */
    @Test
    void aStoreThatCannotBeReadIsSaidAndIsNoEnd() throws Exception {
        peers.join("alice").close();
        TmuxPane pane = watching(80, 24);
        pane.awaitText("> alice +ended");
        Path sessions = peers.home().resolve("sessions");
        Files.move(sessions, sessions.resolveSibling("away"));
        pane.awaitText("the sessions cannot be looked at");
        Files.move(sessions.resolveSibling("away"), sessions);
        pane.awaitNoText("the sessions cannot be looked at");
        pane.awaitText("> alice +ended");
        pane.press("q");
        pane.awaitText(SHELL);
    }

    @Test
    void whatAPersonWritesArrivesAsTheOperators() throws Exception {
        Agent alice = peers.join("alice");
        TmuxPane pane = watching(80, 24);
        pane.awaitText("> alice");
        pane.press("m");
        pane.awaitText("message to alice>");
        // A paste with a line end sends nothing by itself.
        tmux.run("set-buffer", "two\nlines");
        pane.command("paste-buffer", "-p");
        pane.awaitText("two↵lines");
        pane.press("Enter");
        pane.awaitText("stored m-");
        var read = alice.awaitMail();
        assertEquals("operator", read.text("/messages/0/origin"));
        assertEquals("two\nlines", read.text("/messages/0/body"));
    }

    @Test
    void withoutColourNoneIsSent() throws Exception {
        peers.join("alice");
        TmuxPane pane = shell(80, 24, Map.of("NO_COLOR", "1"));
        run(pane, watch());
        pane.awaitText("> alice");
        assertFalse(pane.styled().matches("(?s).*\u001b\\[([\\d;]*;)?([34][0-8]|9\\d|10\\d)[;m].*"), pane::styled);
        pane.press("q");
        pane.awaitText(SHELL);
    }

    @Test
    void aPlainViewHasNoSequencesAndSaysWhatHappens() throws Exception {
        Agent alice = peers.join("alice");
        peers.join("bob");
        Path log = root.resolve("log");
        TmuxPane pane = shell(80, 24);
        run(pane, watch("--plain") + " > '" + log + "'");
        await().atMost(LIMIT)
                .until(() -> Files.exists(log) && Files.readString(log).contains("alice: running"));
        alice.call("send_message", "target", "bob", "body", "hello\u001b[2J").ok();
        await().atMost(LIMIT).until(() -> Files.readString(log).contains("    hello?[2J"));
        pane.press("C-c");
        pane.awaitText(SHELL);
        assertTrue(Files.readString(log).codePoints().noneMatch(c -> c != '\n' && Character.isISOControl(c)));
    }

    /** Inside a tmux the view stays where it is, and the person's client goes to the session's pane. */
    @Test
    void theKeyForAPaneLeadsThere() throws Exception {
        TmuxPane client = client(tmux, "7b1f0c4e-52a1-4c3e-9a55-0123456789ab");
        TmuxPane pane = shell(
                80,
                24,
                Map.of(
                        "TMUX",
                        tmux.run("display-message", "-p", "#{socket_path},#{pid},0")
                                .strip()));
        run(pane, watch());
        pane.awaitText("o tmux");
        pane.press("o");
        await().atMost(LIMIT).until(() -> client.ask("#{window_active}").equals("1"));
    }

    /** Outside of a tmux the pane takes the terminal over, with every key, until the person detaches. */
    @Test
    void theKeyForAPaneLendsTheTerminalAndTakesItBack() throws Exception {
        try (PrivateTmux other = new PrivateTmux()) {
            TmuxPane client = client(other, "8c1f0c4e-52a1-4c3e-9a55-0123456789ab");
            TmuxPane pane = watching(80, 24);
            pane.awaitText("o tmux");
            pane.press("o");
            await().atMost(LIMIT).until(() -> other.run("list-clients").lines().count() == 1);
            pane.awaitNoText("Sessions");
            pane.type("every key arrives");
            client.awaitText("every key arrives");
            assertEquals("every key arrives", client.text().strip(), "also what the terminal itself says");
            pane.press("C-b", "d");
            pane.awaitText("══▶ Sessions");
            pane.press("Tab");
            pane.awaitText("══▶ Messages");
            pane.press("q");
            pane.awaitText(SHELL);
        }
    }

    /** A client as its server sees it: the pane's shell is its parent, and has shaken hands. */
    private TmuxPane client(PrivateTmux in, String session) throws Exception {
        Path hello = Files.writeString(root.resolve("hello"), """
                {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
                "clientInfo":{"name":"claude-code","version":"1"}}}
                {"jsonrpc":"2.0","method":"notifications/initialized"}
                """);
        Map<String, String> environment = new TreeMap<>(Shell.environment(peers.home()));
        environment.put("CLAUDE_CODE_SESSION_ID", session);
        String serve = "(cat " + hello + "; sleep 300) | " + String.join(" ", Distribution.command()) + " > "
                + root.resolve("out-" + session) + "; :";
        TmuxPane pane = in.open(80, 20, peers.project(), environment, List.of("sh", "-c", serve));
        Path card = peers.session(session).resolve("session.json");
        await().atMost(LIMIT).until(() -> Files.exists(card));
        return pane;
    }
}
