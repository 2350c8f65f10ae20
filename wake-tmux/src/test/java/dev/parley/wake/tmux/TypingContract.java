package dev.parley.wake.tmux;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.FakeApi.Turn;
import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.Waker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tmux rung does with a real client, whichever it is. */
abstract class TypingContract {

    static final int WIDTH = 120;
    static final int HEIGHT = 40;
    private static final Duration TO_BE_IDLE = Duration.ofSeconds(30);
    private static final Duration TO_BE_DRAWN = Duration.ofMillis(200);
    private static final Turn WOKEN = new Turn(WakeOnce.TEXT);

    @TempDir
    Path directory;

    final PrivateTmux tmux = new PrivateTmux();
    RealClient client;
    private Waker waker;

    /** How often its model had been asked before this case. */
    private int asked;

    abstract RealClient client(Path where);

    /** How often it is woken in a row. */
    int tries() {
        return 40;
    }

    @BeforeEach
    final void begin() throws IOException {
        start(directory.resolve("client"));
        asked = client.api.turns().size();
        waker = WakeOnce.waker(directory.resolve("store"));
    }

    @AfterEach
    final void end() {
        stop();
    }

    /** Sees to it that there is a client. */
    void start(Path where) {
        client = client(where);
    }

    /** Ends what was started for this case. */
    void stop() {
        tmux.close();
        client.close();
    }

    /** What its model was asked in this case. */
    final List<Turn> turns() {
        List<Turn> all = client.api.turns();
        return all.subList(asked, all.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 120, 220})
    void wakesAnIdleClientOfAnyWidth(int width) throws Exception {
        TmuxPane pane = open(width);
        assertWakes(pane);
        pane.awaitText("pong");
    }

    @Test
    void manyTriesAreAsManySubmissionsAndNotOneStrayKey() throws Exception {
        TmuxPane pane = open();
        int tries = Integer.getInteger("parley.wakes", tries());
        List<Long> millis = new ArrayList<>();
        for (int n = 1; n <= tries; n++) {
            int expected = n;
            long before = System.nanoTime();
            WakeOutcome outcome = wake(pane);
            millis.add(Duration.ofNanos(System.nanoTime() - before).toMillis());
            assertInstanceOf(Accepted.class, outcome, () -> outcome + "\n" + pane.styled());
            await().until(() -> turns().size() == expected);
            awaitIdle(pane);
        }
        Collections.sort(millis);
        Files.writeString(
                Path.of("target", "tmux-wake-" + client.type() + ".txt"),
                "wake() in ms: least " + millis.get(0) + ", median " + millis.get(tries / 2) + ", most "
                        + millis.get(tries - 1) + "\n");
        assertEquals(Collections.nCopies(tries, WOKEN), turns());
    }

    /** The worst that typing could do: what is typed is swallowed, and Enter says yes. */
    @Test
    void approvesNothing() throws Exception {
        TmuxPane pane = open();
        pane.submit(RealClient.ASK_PERMISSION);
        pane.awaitText(client.permissionAsked());
        assertUntouched(pane, Reason.UNSAFE, "not in a composer");
        assertFalse(Files.exists(client.made()));
        pane.answer(client.permissionAsked(), "Escape");
        awaitIdle(pane);
        assertWakesAmongOthers(pane);
        assertFalse(Files.exists(client.made()));
    }

    @Test
    void leavesADraftAlone() throws Exception {
        TmuxPane pane = open();
        awaitIdle(pane);
        String start = pane.ask("#{cursor_x}");
        pane.type("half a thought");
        pane.awaitText("half a thought");
        assertUntouched(pane, Reason.UNSAFE, "draft");
        pane.press("Home");
        await().until(() -> pane.ask("#{cursor_x}").equals(start));
        assertUntouched(pane, Reason.UNSAFE, "draft");
        pane.press("End", "C-u");
        pane.awaitNoText("half a thought");
        assertWakes(pane);
    }

    @Test
    void leavesCopyModeAlone() throws Exception {
        TmuxPane pane = open();
        pane.command("copy-mode");
        assertUntouched(pane, Reason.UNSAFE, "copy mode");
        pane.command("send-keys", "-X", "cancel");
        assertWakes(pane);
    }

    @Test
    void leavesShellModeAlone() throws Exception {
        TmuxPane pane = open();
        pane.type("!");
        pane.awaitText("(?i)shell mode");
        assertUntouched(pane, Reason.UNSAFE, "");
        pane.press(client.outOfShellMode());
        pane.awaitNoText("(?i)shell mode");
        assertWakes(pane);
    }

    @Test
    void leavesAMenuAlone() throws Exception {
        TmuxPane pane = open();
        pane.submit(client.modelMenu());
        pane.awaitText("(?i)select model");
        assertUntouched(pane, Reason.UNSAFE, "not in a composer");
        pane.press("Escape");
        pane.awaitNoText("(?i)select model");
        assertWakes(pane);
    }

    @Test
    void leavesAClientAtWorkAlone() throws Exception {
        TmuxPane pane = open();
        pane.submit(RealClient.HANG);
        pane.awaitText(client.atWork());
        Refused refused = assertInstanceOf(Refused.class, wake(pane));
        assertEquals(Reason.BUSY, refused.reason(), refused.detail());
        pane.answer(client.atWork(), "Escape");
        assertFalse(turns().contains(WOKEN));
    }

    @Test
    void wakesAClientBelowAShellAndTypesIntoNoShell() throws Exception {
        TmuxPane pane = openShell();
        long shell = pane.process();
        startBelow(pane);
        var process = RealClient.identity(clientBelow(pane));
        assertInstanceOf(Accepted.class, wake(process.pid()));
        await().until(() -> turns().equals(List.of(WOKEN)));
        awaitIdle(pane);
        pane.press("C-c", "C-c", "C-d", "C-d");
        await().until(() -> ProcessHandle.of(process.pid()).isEmpty());
        // A client leaves the conversation on the screen, or what it drew when it was killed.
        pane.submit("clear");
        pane.awaitText("(?s)\\Ashell>\\s*\\z");
        assertInstanceOf(NotApplicable.class, waker.wake(WakeOnce.request(client.type(), process)));
        assertInstanceOf(Refused.class, wake(shell));
        pane.submit("echo $?is clean");
        pane.awaitText("(?m)^\\d+is clean");
        assertFalse(pane.text().contains(WakeOnce.TEXT.substring(0, 6)), pane::text);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void typesIntoNoPaneThatIsUsedAgain() throws Exception {
        TmuxPane pane = open();
        var process = RealClient.identity(pane.process());
        pane.command("respawn-pane", "-k", "--", "cat");
        await().until(() -> pane.process() != process.pid());
        assertInstanceOf(NotApplicable.class, waker.wake(WakeOnce.request(client.type(), process)));
        pane.type("end");
        pane.awaitText("(?s)\\Aend");
    }

    /** A card can name any process. It only ever leads to that process' own pane, and what is there must prove itself. */
    @Test
    void aForgedCardOpensNoOtherPane() throws Exception {
        TmuxPane pane = open();
        TmuxPane other = tmux.open(80, 24, directory, Map.of("PATH", System.getenv("PATH")), List.of("cat"));
        assertInstanceOf(Refused.class, wake(other));
        assertInstanceOf(NotApplicable.class, wake(ProcessHandle.current().pid()));
        assertInstanceOf(NotApplicable.class, wake(Long.parseLong(pane.ask("#{pid}"))));
        other.type("end");
        other.awaitText("(?s)\\Aend");
        assertEquals(List.of(), turns());
        assertWakes(pane);
    }

    @Test
    void twoSendersAtOnceAreOneWake() throws Exception {
        TmuxPane pane = open();
        CyclicBarrier together = new CyclicBarrier(2);
        Callable<WakeOutcome> sender = () -> {
            Waker own = WakeOnce.waker(directory.resolve("store"));
            together.await();
            return WakeOnce.wake(own, client.type(), pane.process());
        };
        ExecutorService senders = Executors.newFixedThreadPool(2);
        List<WakeOutcome> outcomes = new ArrayList<>();
        for (Future<WakeOutcome> future : senders.invokeAll(List.of(sender, sender))) {
            outcomes.add(future.get());
        }
        senders.shutdown();
        long taken = outcomes.stream()
                .filter(o -> o instanceof Refused refused && refused.reason() == Reason.TAKEN)
                .count();
        assertAll(
                () -> assertEquals(
                        1, outcomes.stream().filter(Accepted.class::isInstance).count(), outcomes::toString),
                () -> assertEquals(1, taken, outcomes::toString));
        await().until(() -> turns().equals(List.of(WOKEN)));
    }

    final TmuxPane open() {
        return open(WIDTH);
    }

    /** The client in a pane of this width, at rest. */
    TmuxPane open(int width) {
        return client.open(tmux, width, HEIGHT);
    }

    WakeOutcome wake(TmuxPane pane) throws InterruptedException {
        return wake(pane.process());
    }

    WakeOutcome wake(long pid) throws InterruptedException {
        return WakeOnce.wake(waker, client.type(), pid);
    }

    /** The only thing the model ever was asked is our text. */
    void assertWakes(TmuxPane pane) throws Exception {
        awaitIdle(pane);
        WakeOutcome outcome = wake(pane);
        assertInstanceOf(Accepted.class, outcome, () -> outcome + "\n" + pane.styled());
        await().until(() -> turns().equals(List.of(WOKEN)));
    }

    private void assertWakesAmongOthers(TmuxPane pane) throws Exception {
        WakeOutcome outcome = wake(pane);
        assertInstanceOf(Accepted.class, outcome, () -> outcome + "\n" + pane.styled());
        await().until(() -> turns().contains(WOKEN));
    }

    /** Refused, with nothing on the screen changed and nothing asked of the model. */
    void assertUntouched(TmuxPane pane, Reason reason, String why) throws Exception {
        List<Turn> turns = turns();
        String before = settled(pane, TO_BE_DRAWN);
        Refused refused = assertInstanceOf(Refused.class, wake(pane));
        assertEquals(reason, refused.reason(), refused.detail());
        assertTrue(refused.detail().contains(why), refused.detail());
        assertEquals(before, substance(pane));
        assertEquals(turns, turns());
        assertEquals("", tmux.run("list-buffers"));
    }

    /** What it shows once that stays the same: a client may draw a dialog first and place the cursor later. */
    static String settled(TmuxPane pane, Duration lasting) {
        AtomicReference<String> last = new AtomicReference<>("");
        await().pollDelay(Duration.ZERO)
                .pollInterval(lasting)
                .atMost(TO_BE_IDLE)
                .until(() -> {
                    String now = substance(pane);
                    return now.equals(last.getAndSet(now));
                });
        return last.get();
    }

    /** What it shows, without what a client changes by itself: its logo moves, and hints come and go. */
    private static String substance(TmuxPane pane) {
        return pane.ask("#{cursor_x},#{cursor_y}")
                + pane.text()
                        .lines()
                        .skip(5)
                        .filter(line -> !line.startsWith("  ⏸"))
                        .collect(joining("\n"));
    }

    /** Waits until the composer is read as empty: what the tests want to know is what a wake does then. */
    final void awaitIdle(TmuxPane pane) {
        TmuxServer server = new TmuxServer(new Subprocess(), PrivateTmux.PROGRAM, Path.of(pane.ask("#{socket_path}")));
        Composer composer = Composer.of(client.type()).orElseThrow();
        await().pollInterval(Duration.ofMillis(50)).atMost(TO_BE_IDLE).untilAsserted(() -> {
            Snapshot seen = server.look(pane.id()).orElseThrow();
            assertEquals(Optional.empty(), seen.state().obstacle());
            Composer.Reading reading = composer.read(seen);
            assertInstanceOf(Composer.Empty.class, reading, () -> reading + "\n" + pane.styled());
        });
    }

    private TmuxPane openShell() {
        TmuxPane pane = tmux.open(
                WIDTH,
                HEIGHT,
                client.project,
                // It must not end with the client, whose exit may take fewer keys than are pressed.
                Map.of("PATH", System.getenv("PATH"), "PS1", "shell> ", "TERM", "tmux-256color", "IGNOREEOF", "100"),
                List.of("bash", "--norc", "--noprofile", "-i"));
        pane.awaitText("shell>");
        return pane;
    }

    private void startBelow(TmuxPane shell) {
        StringBuilder line = new StringBuilder("env -i");
        client.environment()
                .forEach((name, value) ->
                        line.append(" '").append(name).append('=').append(value).append('\''));
        client.command().forEach(word -> line.append(" '").append(word).append('\''));
        Path script = directory.resolve("client.sh");
        try {
            Files.writeString(script, line.append('\n'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell.submit("source " + script);
        shell.awaitText(client.ready());
    }

    private static long clientBelow(TmuxPane shell) {
        return ProcessHandle.of(shell.process())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }
}
