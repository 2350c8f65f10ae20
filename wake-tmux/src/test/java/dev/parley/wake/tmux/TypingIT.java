package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.peer.Peer;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeOutcome.Unknown;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import dev.parley.wake.tmux.FakeClient.Manner;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole rung over a real tmux, with a client that misbehaves in every way that matters. */
@Tag("tmux")
final class TypingIT {

    private static final int WIDTH = 120;
    private static final int HEIGHT = 30;
    private static final String PASTED = "paste " + WakeOnce.TEXT;

    @TempDir
    Path directory;

    private final PrivateTmux tmux = new PrivateTmux();
    private Path log;
    private Waker waker;

    @BeforeEach
    void start() throws IOException {
        log = directory.resolve("keys");
        waker = WakeOnce.waker(directory.resolve("store"));
    }

    @AfterEach
    void end() {
        tmux.close();
    }

    @Test
    void submitsWithOnePasteAndOneEnter() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        assertInstanceOf(Accepted.class, wake(pane));
        assertEquals(List.of(PASTED, "enter"), keys());
        assertEquals("", tmux.run("list-buffers"), "no buffer stays behind");
    }

    @Test
    void pressesEnterOnceMoreWhenTheFirstIsLost() throws Exception {
        TmuxPane pane = open(Manner.DEAF_ONCE);
        assertInstanceOf(Accepted.class, wake(pane));
        assertEquals(List.of(PASTED, "enter", "enter"), keys());
    }

    @Test
    void takesTheTextBackWhenItDoesNotGo() throws Exception {
        TmuxPane pane = open(Manner.DEAF);
        assertRefused(Reason.FAILED, "taken back", wake(pane));
        List<String> expected = new ArrayList<>(List.of(PASTED, "enter", "enter"));
        expected.addAll(Collections.nCopies(WakeOnce.TEXT.length(), "backspace"));
        assertEquals(expected, keys());
    }

    @Test
    void takesTheTextBackFromAClientThatBeganToWork() throws Exception {
        TmuxPane pane = open(Manner.BEGINS_TO_WORK);
        assertRefused(Reason.BUSY, "taken back", wake(pane));
        List<String> expected = new ArrayList<>(List.of(PASTED));
        expected.addAll(Collections.nCopies(WakeOnce.TEXT.length(), "backspace"));
        assertEquals(expected, keys());
    }

    @Test
    void pressesNothingWhenADialogOpensOverThePaste() throws Exception {
        TmuxPane pane = open(Manner.OPENS_DIALOG);
        assertInstanceOf(Unknown.class, wake(pane));
        assertEquals(List.of(PASTED), keys());
    }

    @Test
    void pressesNothingWhenAUserTypesAlong() throws Exception {
        TmuxPane pane = open(Manner.USER_TYPES_ALONG);
        assertInstanceOf(Unknown.class, wake(pane));
        assertEquals(List.of(PASTED), keys());
    }

    @Test
    void pressesNothingWhenThePasteIsNotSeen() throws Exception {
        TmuxPane pane = open(Manner.SWALLOWS_PASTE);
        assertInstanceOf(Unknown.class, wake(pane));
        assertEquals(List.of(PASTED), keys());
    }

    @Test
    void refusesADialog() throws Exception {
        TmuxPane pane = open(Manner.IN_DIALOG);
        assertUntouched(Reason.UNSAFE, "not in a composer", wake(pane));
    }

    @Test
    void refusesADraft() throws Exception {
        TmuxPane pane = open(Manner.HAS_DRAFT);
        assertUntouched(Reason.UNSAFE, "draft", wake(pane));
    }

    /** Gemini CLI shows a hook for 3 s after it has ended: what it shows then is what counts. */
    @Test
    void waitsForWhatGoesByItself() throws Exception {
        Path settling = screen("settling-after-a-hook");
        Path working = screen("working");
        TmuxPane pane = tmux.open(
                100,
                HEIGHT,
                directory,
                Map.of("PATH", System.getenv("PATH")),
                List.of(
                        "sh",
                        "-c",
                        "stty -echo; cat " + settling + "; sleep 0.5; cat " + working + "; exec cat >" + log));
        pane.awaitText("Type your message");
        WakeRequest request = new WakeRequest(
                new SessionId("s-1"),
                Peer.GEMINI_CLI,
                LocalProcessTable.INSTANCE.identify(pane.process()),
                WakeOnce.TEXT,
                Duration.ofSeconds(8));
        assertUntouched(Reason.BUSY, "the client is at work", waker.wake(request));
    }

    @Test
    void refusesWhatDoesNotGoByItself() throws Exception {
        Path settling = screen("settling-after-a-hook");
        TmuxPane pane = tmux.open(
                100,
                HEIGHT,
                directory,
                Map.of("PATH", System.getenv("PATH")),
                List.of("sh", "-c", "stty -echo; cat " + settling + "; exec cat >" + log));
        pane.awaitText("Type your message");
        WakeOutcome outcome = WakeOnce.wake(waker, Peer.GEMINI_CLI, pane.process());
        assertUntouched(Reason.BUSY, "Executing Hook", outcome);
    }

    /** A file that draws a recorded screen of Gemini CLI. */
    private Path screen(String name) throws IOException {
        Recordings.Recording recording = Recordings.of(Peer.GEMINI_CLI, name);
        PaneState state = recording.snapshot().state();
        return Files.writeString(
                directory.resolve(name),
                "\u001b[?2004h\u001b[0m\u001b[2J\u001b[H" + recording.capture().stripTrailing() + "\u001b["
                        + (state.cursorRow() + 1) + ";" + (state.cursorColumn() + 1) + "H",
                UTF_8);
    }

    @Test
    void refusesCopyMode() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        pane.command("copy-mode");
        assertUntouched(Reason.UNSAFE, "copy mode", wake(pane));
    }

    @Test
    void refusesSynchronisedPanes() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        pane.command("set-window-option", "synchronize-panes", "on");
        assertUntouched(Reason.UNSAFE, "synchronised", wake(pane));
    }

    @Test
    void refusesAPaneWhoseInputIsOff() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        pane.command("select-pane", "-d");
        assertUntouched(Reason.UNSAFE, "switched off", wake(pane));
    }

    /** Below a parent that does not watch: tmux itself, and an interactive shell, would see it stop and act. */
    @Test
    void refusesAStoppedClient() throws Exception {
        List<String> behind = new ArrayList<>(List.of("sh", "-c", "\"$@\"; exit", "sh"));
        behind.addAll(FakeClient.command(Manner.SUBMITS, log, WIDTH));
        TmuxPane pane = tmux.open(WIDTH, HEIGHT, directory, Map.of("PATH", System.getenv("PATH")), behind);
        pane.awaitText("manual mode on");
        long client = childOf(pane.process());
        signal("STOP", client);
        await().until(() -> ProcessTree.local().entry(client).orElseThrow().isStopped());
        assertUntouched(Reason.UNSAFE, "stopped", wake(client));
        signal("CONT", client);
        assertInstanceOf(Accepted.class, wake(client), "the same client, going on");
    }

    @Test
    void refusesAClientBehindAShell() throws Exception {
        TmuxPane pane = openShell();
        long client = startBehind(pane);
        assertInstanceOf(Accepted.class, wake(client), "in front, below a shell");
        List<String> before = keys();
        signal("STOP", client);
        pane.awaitText("Stopped");
        assertRefused(Reason.UNSAFE, "foreground", wake(client));
        assertEquals(before, keys());
    }

    @Test
    void refusesAShellThatTheClientHasLeft() throws Exception {
        TmuxPane pane = openShell();
        long shell = pane.process();
        long client = startBehind(pane);
        var identity = RealClient.identity(client);
        signal("KILL", client);
        pane.awaitText("Killed");
        assertInstanceOf(NotApplicable.class, waker.wake(WakeOnce.request(Peer.CLAUDE_CODE, identity)));
        assertUntouched(Reason.UNSAFE, "not in a composer", wake(shell));
    }

    @Test
    void refusesAPaneThatIsUsedAgain() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        var identity = RealClient.identity(pane.process());
        List<String> again = new ArrayList<>(List.of("-k", "--"));
        again.addAll(FakeClient.command(Manner.SUBMITS, log, WIDTH));
        pane.command("respawn-pane", again.toArray(String[]::new));
        await().until(() -> pane.process() != identity.pid());
        pane.awaitText("manual mode on");
        assertInstanceOf(NotApplicable.class, waker.wake(WakeOnce.request(Peer.CLAUDE_CODE, identity)));
        assertEquals(List.of(), keys());
    }

    @Test
    void leavesAPaneToWhoeverIsTypingThere() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        Locks locks = new Locks(
                Store.open(directory.resolve("store"), Durability.PROCESS, Trace.NONE), LocalProcessTable.INSTANCE);
        String name = "pane-" + RealClient.identity(Long.parseLong(pane.ask("#{pid}"))) + "-"
                + pane.id().substring(1);
        FileLease lease = locks.named(name).acquire(Duration.ofSeconds(2));
        assertUntouched(Reason.TAKEN, lease.token().toString(), wake(pane));
        lease.close();
        assertInstanceOf(Accepted.class, wake(pane));
    }

    @Test
    void typesNothingWithoutAStoreToLockIn() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        assertUntouched(Reason.FAILED, "no store", WakeOnce.wake(new TmuxWaker(), Peer.CLAUDE_CODE, pane.process()));
    }

    @Test
    void typesNothingWithoutTheTimeToTakeItBack() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        WakeRequest hurried = new WakeRequest(
                new SessionId("s-1"),
                Peer.CLAUDE_CODE,
                Optional.of(RealClient.identity(pane.process())),
                WakeOnce.TEXT,
                Duration.ofMillis(1_999));
        assertUntouched(Reason.FAILED, "2000 ms", waker.wake(hurried));
    }

    @Test
    void twoProcessesAtOnceAreOneWakeAndNothingInterleaved() throws Exception {
        TmuxPane pane = open(Manner.SUBMITS);
        List<Process> senders = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            senders.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            FakeClient.classPath(),
                            WakeOnce.class.getName(),
                            directory.resolve("store").toString(),
                            Long.toString(pane.process()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        List<String> outcomes = new ArrayList<>();
        List<BufferedReader> outputs =
                senders.stream().map(p -> p.inputReader(UTF_8)).toList();
        for (BufferedReader output : outputs) {
            assertEquals("ready", output.readLine());
        }
        for (Process sender : senders) {
            sender.getOutputStream().write('\n');
            sender.getOutputStream().flush();
        }
        for (BufferedReader output : outputs) {
            outcomes.add(output.readLine());
        }
        assertAll(
                () -> assertEquals(
                        1,
                        outcomes.stream().filter(o -> o.startsWith("Accepted")).count(),
                        outcomes::toString),
                () -> assertEquals(
                        1, outcomes.stream().filter(o -> o.contains("TAKEN")).count(), outcomes::toString),
                () -> assertEquals(List.of(PASTED, "enter"), keys()));
    }

    @Test
    void worksUnderAServerThatKnowsAsciiOnly() throws Exception {
        try (PrivateTmux ascii = new PrivateTmux("C")) {
            TmuxPane pane = ascii.open(
                    WIDTH,
                    HEIGHT,
                    directory,
                    Map.of("PATH", System.getenv("PATH")),
                    FakeClient.command(Manner.SUBMITS, log, WIDTH));
            pane.awaitText("manual mode on");
            assertInstanceOf(Accepted.class, wake(pane));
        }
    }

    private TmuxPane open(Manner manner) {
        TmuxPane pane = tmux.open(
                WIDTH,
                HEIGHT,
                directory,
                Map.of("PATH", System.getenv("PATH")),
                FakeClient.command(manner, log, WIDTH));
        pane.awaitText("manual mode on|Do you want");
        return pane;
    }

    private TmuxPane openShell() {
        TmuxPane pane = tmux.open(
                WIDTH,
                HEIGHT,
                directory,
                Map.of("PATH", System.getenv("PATH"), "PS1", "shell> "),
                List.of("bash", "--norc", "--noprofile", "-i"));
        pane.awaitText("shell>");
        return pane;
    }

    /** Starts the client from the pane's shell, and tells its process. */
    private long startBehind(TmuxPane pane) throws IOException {
        Path script = directory.resolve("client.sh");
        StringBuilder line = new StringBuilder("exec");
        FakeClient.command(Manner.SUBMITS, log, WIDTH)
                .forEach(word -> line.append(" '").append(word).append('\''));
        Files.writeString(script, line.append('\n'), UTF_8);
        pane.submit("bash client.sh");
        pane.awaitText("manual mode on");
        return childOf(pane.process());
    }

    private static long childOf(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private WakeOutcome wake(TmuxPane pane) throws InterruptedException {
        return wake(pane.process());
    }

    private WakeOutcome wake(long pid) throws InterruptedException {
        return WakeOnce.wake(waker, Peer.CLAUDE_CODE, pid);
    }

    private List<String> keys() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log, UTF_8) : List.of();
    }

    private void assertUntouched(Reason reason, String why, WakeOutcome outcome) throws IOException {
        assertRefused(reason, why, outcome);
        assertEquals(List.of(), keys());
        assertEquals("", tmux.run("list-buffers"), "no buffer stays behind");
    }

    private static void assertRefused(Reason reason, String why, WakeOutcome outcome) {
        Refused refused = assertInstanceOf(Refused.class, outcome);
        assertEquals(reason, refused.reason(), refused.detail());
        assertTrue(refused.detail().contains(why), refused.detail());
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }
}
