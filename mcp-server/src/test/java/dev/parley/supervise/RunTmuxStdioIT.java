package dev.parley.supervise;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley run} in a real terminal, with a client that is a script. */
@Tag("tmux")
class RunTmuxStdioIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration BACK = Duration.ofSeconds(5);
    private static final String ID = FakeClient.SESSION;
    private static final Pattern BEGUN = Pattern.compile("begun as (\\d+) with");

    @TempDir
    private Path root;

    private final PrivateTmux tmux = new PrivateTmux();
    private final Map<String, String> environment = new TreeMap<>();
    private Path project;
    private Path temporary;

    @BeforeEach
    void place() throws Exception {
        root = root.toRealPath();
        project = Files.createDirectories(root.resolve("project"));
        temporary = Files.createDirectories(root.resolve("tmp"));
        environment.putAll(Shell.environment(root.resolve("store")));
        FakeClient.install(root.resolve("programs"), environment);
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TERM", "tmux-256color");
        environment.put("PS1", "person$ ");
        environment.put("TMPDIR", temporary.toString());
    }

    @AfterEach
    void stop() {
        tmux.close();
    }

    private TmuxPane shell() {
        TmuxPane pane = tmux.open(120, 50, project, environment, List.of("bash", "--norc", "--noprofile"));
        pane.awaitText("person\\$");
        return pane;
    }

    private static void line(TmuxPane pane, String text) {
        pane.type(text);
        pane.press("Enter");
    }

    private static String command(String arguments) {
        return "'" + Distribution.launcher() + "' run -- claude " + arguments + "; echo status=$?";
    }

    private TmuxPane running(String arguments) {
        TmuxPane pane = shell();
        line(pane, command(arguments));
        pane.awaitText("ready ");
        return pane;
    }

    /** The process of the newest client in a pane. */
    private long client(TmuxPane pane) {
        Matcher begun = BEGUN.matcher(all(pane));
        long pid = -1;
        while (begun.find()) {
            pid = Long.parseLong(begun.group(1));
        }
        assertTrue(pid > 0, pane::text);
        return pid;
    }

    /** The shell that stands between a pane's own shell and the client. */
    private long launcher(TmuxPane pane) {
        return ProcessHandle.of(client(pane))
                .flatMap(ProcessHandle::parent)
                .orElseThrow()
                .pid();
    }

    private long supervisor(TmuxPane pane) {
        long client = client(pane);
        return ProcessHandle.of(launcher(pane))
                .orElseThrow()
                .children()
                .mapToLong(ProcessHandle::pid)
                .filter(pid -> pid != client && commandLine(pid).contains("--beside="))
                .findFirst()
                .orElseThrow();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static void awaitEnd(long pid) {
        await().atMost(LIMIT).until(() -> !lives(pid));
    }

    /** What a pane shows and has shown. */
    private String all(TmuxPane pane) {
        return tmux.run("capture-pane", "-p", "-S", "-", "-t", pane.id());
    }

    /** How often something was said. */
    private int count(TmuxPane pane, String text) {
        return all(pane).replace("\n", "").split(Pattern.quote(text), -1).length - 1;
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("parley-run."))
                    .toList();
        }
    }

    /** The supervisor has found the session out. */
    private void awaitKnown(String session) {
        Path lock = root.resolve("store/locks/resume-" + session);
        await().atMost(LIMIT).until(() -> Files.exists(lock));
    }

    @Test
    void aKilledClientsSessionIsBackAtOnceWithItsOptionsAndALine() throws Exception {
        TmuxPane pane = running("--model x 'a prompt'");
        awaitKnown(ID);
        long first = client(pane);
        signal("KILL", first);
        await().atMost(BACK).pollInterval(Duration.ofMillis(50)).until(() -> count(pane, "begun as") == 2);

        await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == 2);
        assertEquals(1, count(pane, "with <--model x a prompt>"), pane::text);
        assertEquals(1, count(pane, "with <--model x --resume " + ID + ">"), pane::text);
        String said = all(pane).replace("\n", "");
        assertTrue(said.contains("is resumed: its client was killed by signal 9 (start 1 of 5 in 10 minutes)"), said);
        assertFalse(first == client(pane));
        line(pane, "and now");
        pane.awaitText("heard and now");
        line(pane, "exit 0");
        pane.awaitText("status=0");
        assertEquals(1, count(pane, "is resumed"));
        assertEquals(List.of(), left());
    }

    @Test
    void whoeverEndedItselfOrWasEndedByHandIsNotResumed() throws Exception {
        environment.put("FAKE_DEAF", "no");
        TmuxPane pane = running("");
        awaitKnown(ID);
        line(pane, "exit 0");
        pane.awaitText("status=0");
        line(pane, "clear; " + command(""));
        pane.awaitText("ready ");
        awaitKnown(ID);
        pane.press("C-c");
        pane.awaitText("status=130");
        line(pane, "clear; " + command(""));
        pane.awaitText("ready ");
        awaitKnown(ID);
        signal("TERM", client(pane));
        pane.awaitText("status=143");
        assertEquals(0, count(pane, "parley:"), pane::text);
        assertEquals(List.of(), left());
    }

    @Test
    void theExitCodeIsTheClientsAndASessionThatNobodyKnowsIsSaid() throws Exception {
        environment.put("FAKE_UNKNOWN", "yes");
        TmuxPane pane = running("");
        line(pane, "exit 7");
        pane.awaitText("status=7");
        assertEquals(1, count(pane, "ended with exit code 7 and is not resumed: no hook and no"), pane::text);
        line(pane, "clear; PATH=/usr/bin:/bin " + command(""));
        pane.awaitText("status=127");
        assertEquals(1, count(pane, "parley: there is no program 'claude' on the PATH"), pane::text);
        line(pane, "clear; " + command("").replace("claude", "vim"));
        pane.awaitText("status=2");
        assertEquals(1, count(pane, "'vim' cannot be supervised; it takes claude or codex"), pane::text);
    }

    @Test
    void anInterruptFromTheKeyboardReachesTheClientAlone() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        long client = client(pane);
        long supervisor = supervisor(pane);
        for (int i = 1; i <= 3; i++) {
            int times = i;
            pane.press("C-c");
            await().atMost(LIMIT).until(() -> count(pane, "interrupted") == times);
        }
        assertTrue(lives(client) && lives(supervisor), pane::text);
        line(pane, "and on");
        pane.awaitText("heard and on");
        pane.press("C-\\");
        await().atMost(LIMIT).until(() -> count(pane, "told to quit") == 1);
        // Who stands between is there as before.
        signal("KILL", client);
        await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == 2);
        assertEquals(supervisor, supervisor(pane));
    }

    @Test
    void jobControlAndSizeAreTheClients() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        long client = client(pane);
        long supervisor = supervisor(pane);
        pane.press("C-z");
        pane.awaitText("Stopped");
        line(pane, "echo a shell");
        pane.awaitText("\na shell");
        assertTrue(lives(supervisor));
        line(pane, "fg");
        await().atMost(LIMIT).until(() -> count(pane, "run -- claude") >= 3);
        line(pane, "again");
        pane.awaitText("heard again");
        pane.command("resize-window", "-x", "100", "-y", "40");
        line(pane, "size");
        pane.awaitText("\nsize 40 100");
        assertEquals(client, client(pane));
        signal("KILL", client);
        await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == 2);
    }

    @Test
    void theTerminalIsGivenToTheNextClientAsItWas() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        line(pane, "raw");
        pane.awaitText("raw *\n? *$|raw");
        await().atMost(LIMIT).until(() -> count(pane, "raw") == 2);
        signal("KILL", client(pane));
        await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == 2);
        line(pane, "settings");
        pane.awaitText("\nicanon,echo");
    }

    @Test
    void aKilledSupervisorDisturbsNobody() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        signal("KILL", supervisor(pane));
        line(pane, "still here");
        pane.awaitText("heard still here");
        line(pane, "exit 0");
        pane.awaitText("status=0");
        assertEquals(0, count(pane, "parley:"), pane::text);

        line(pane, "clear; " + command("--resume " + ID));
        pane.awaitText("ready ");
        signal("KILL", supervisor(pane));
        signal("KILL", client(pane));
        pane.awaitText("status=137");
        assertEquals(
                1,
                count(
                        pane,
                        "parley: the client has ended with exit code 137 and is not resumed: its supervisor had been ended"),
                pane::text);
        assertEquals(List.of(), left());
    }

    @Test
    void withoutAJavaTheClientRunsAllTheSame() throws Exception {
        environment.put("PARLEY_JAVA", "/no/java");
        environment.put("FAKE_UNKNOWN", "yes");
        environment.put("FAKE_DEAF", "no");
        TmuxPane pane = running("hello");
        assertEquals(
                1,
                count(pane, "parley: claude runs without supervision: PARLEY_JAVA=/no/java is not a program"),
                pane::text);
        line(pane, "on its own");
        pane.awaitText("heard on its own");
        // In place of the shell: so it is the client itself that an interrupt ends, and with it a list of commands.
        pane.press("C-c");
        pane.awaitText("\\^C\\nperson");
        line(pane, "echo status=$?");
        pane.awaitText("status=130");
        assertEquals(List.of(), left());
    }

    /** Its shell is the one that waits; nothing is left of the session's own names in what it starts. */
    @Test
    void theClientsEnvironmentIsItsOwn() throws Exception {
        environment.put("CLAUDE_PID", "17");
        environment.put("CODEX_THREAD_ID", "x");
        environment.put("PARLEY_KEPT_LC_ALL", "y");
        environment.put("KEPT", "kept");
        TmuxPane pane = running("");
        line(pane, "stale");
        pane.awaitText("stale <> kept <C.UTF-8 kept>");
    }

    @Test
    void aSupervisorThatIsToldToEndEndsItsClientInOrderAndNobodyElse() throws Exception {
        environment.put("PARLEY_STOP_INT_MS", "300");
        environment.put("PARLEY_STOP_TERM_MS", "300");
        environment.put("FAKE_DEAF", "yes");
        TmuxPane deaf = running("");
        awaitKnown(ID);
        environment.remove("FAKE_DEAF");
        environment.put("FAKE_SESSION", "8c1f0c4e-52a1-4c3e-9a55-0123456789ab");
        TmuxPane other = running("");
        long bystander = client(other);
        signal("TERM", supervisor(deaf));
        deaf.awaitText("status=137");
        assertEquals(0, count(deaf, "parley:"), deaf::text);
        line(other, "nothing seen");
        other.awaitText("heard nothing seen");
        assertTrue(lives(bystander));
    }

    @Test
    void aClientWhoseShellWasKilledIsEnded() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        long client = client(pane);
        long supervisor = supervisor(pane);
        signal("KILL", launcher(pane));
        awaitEnd(client);
        awaitEnd(supervisor);
        assertEquals(List.of(), left());
    }

    @Test
    void aSecondSupervisorOfALivingSessionIsRefused() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        TmuxPane second = shell();
        line(second, command("--resume " + ID));
        second.awaitText("status=3");
        assertEquals(
                1, count(second, "runs already, its process " + client(pane) + " runs: a second client"), second::text);
        assertEquals(0, count(second, "begun as"), second::text);
    }

    /** The first sleeps through its lease; when it wakes up, what runs is another's. */
    @Test
    void aStalledSupervisorIsTakenOverAndLeavesTheOthersClientAlone() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        long stalled = supervisor(pane);
        signal("STOP", stalled);
        signal("KILL", client(pane));
        TmuxPane second = shell();
        line(second, command("--resume " + ID));
        second.awaitText("ready " + ID);
        long client = client(second);
        signal("CONT", stalled);
        pane.awaitText("status=137");
        awaitEnd(stalled);
        assertEquals(1, count(pane, "begun as"), pane::text);
        assertEquals(1, count(pane, "is not resumed"), pane::text);
        line(second, "mine");
        second.awaitText("heard mine");
        signal("KILL", client);
        await().atMost(LIMIT).until(() -> count(second, "ready " + ID) == 2);
    }

    @Test
    @Tag("slow")
    void afterFiveCrashesInTenMinutesItIsLeft() throws Exception {
        TmuxPane pane = running("");
        for (int crashes = 1; crashes <= 6; crashes++) {
            awaitKnown(ID);
            signal("KILL", client(pane));
            int times = crashes + 1;
            if (crashes < 6) {
                await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == times);
            }
        }
        pane.awaitText("status=137");
        assertEquals(1, count(pane, "(start 5 of 5 in 10 minutes)"), pane::text);
        assertEquals(1, count(pane, "is not resumed: session"), pane::text);
        assertEquals(1, count(pane, "was started again 5 times in 10 minutes"), pane::text);
        assertEquals(6, count(pane, "begun as"), pane::text);
    }

    @Test
    void whoWaitsForALimitIsToldToWhoeverAsksAndTheUserCanEndTheWait() throws Exception {
        TmuxPane pane = running("");
        awaitKnown(ID);
        long supervisor = supervisor(pane);
        line(pane, "limit 3600");
        await().atMost(LIMIT).until(() -> count(pane, "ended on a limit of its provider, which ends") == 1);
        Shell.parley(environment, project, "", "status", "--json")
                .exited(0)
                .says("\"supervision\":{\"last\":\"parked\"", "\"exit_code\":1", "\"supervisor_pid\":" + supervisor);
        Shell.parley(environment, project, "", "status")
                .exited(0)
                .says("is parked: rate_limited until ", ", by process " + supervisor);
        assertEquals(1, count(pane, "begun as"), "it waits");
        pane.press("C-c");
        pane.awaitText("status=130");
        awaitEnd(supervisor);
        assertEquals(List.of(), left());
        assertEquals(1, count(pane, "begun as"), pane::text);
    }

    /** So long that it is not over before it has been read, on a busy machine either. */
    @Test
    @Tag("slow")
    void afterALimitOfTheProviderItGoesOn() throws Exception {
        environment.put("PARLEY_TRACE", root.resolve("trace").toString());
        TmuxPane pane = running("");
        awaitKnown(ID);
        line(pane, "limit 10");
        await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == 2);
        assertEquals(1, count(pane, "is resumed: its provider's limit has ended"), pane::text);
        line(pane, "exit 0");
        pane.awaitText("status=0");
        Shell.parley(environment, project, "", "status", "--all", "--json")
                .exited(0)
                .says("\"supervision\":{\"last\":\"ended\"", "\"resumed\":1", "\"supervisor_pid\":null");
        Shell.parley(environment, project, "", "log")
                .exited(0)
                .says("parked: rate_limited until", " resumed: its client had ended with 1");
        Shell.parley(environment, project, "", "diagnose", root.resolve("trace").toString())
                .exited(0)
                .says("supervised sessions:", "1 began", "1 parked", "1 resumed", "1 ended");
    }

    /** Neither of what is started, nor of what starts it; a session's own token goes to no other. */
    @Test
    void nothingPrivateIsInAnyProcessNorInAnyFileOfTheRun() throws Exception {
        environment.put("CLAUDE_CODE_MESSAGING_TOKEN", "token-of-the-parent");
        environment.put("ANTHROPIC_API_KEY", "key-of-the-user");
        TmuxPane pane = running("'a first prompt'");
        awaitKnown(ID);
        Shell.parley(environment, project, "a private body", "send", ID, "-").exited(0);
        signal("KILL", client(pane));
        await().atMost(LIMIT).until(() -> count(pane, "ready " + ID) == 2);

        List<ProcessHandle> started = Stream.concat(
                        Stream.of(ProcessHandle.of(launcher(pane)).orElseThrow()),
                        ProcessHandle.of(launcher(pane)).orElseThrow().descendants())
                .toList();
        assertTrue(started.size() >= 4, started::toString);
        for (ProcessHandle each : started) {
            String words = commandLine(each.pid());
            for (String secret : List.of("private", "token-of", "key-of")) {
                assertFalse(words.contains(secret), words);
            }
            String given = each.pid() == launcher(pane) ? "" : proc(each.pid(), "environ");
            assertFalse(given.contains("private") || given.contains("token-of"), given);
        }
        assertTrue(proc(client(pane), "environ").contains("key-of-the-user"), "the client's own");
        assertFalse(commandLine(client(pane)).contains("first prompt"), "it has had that");
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                assertFalse(text.contains("private") || text.contains("-of-the-"), file + ": " + text);
            }
        }
    }

    private static String proc(long pid, String name) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/" + name), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    @Tag("slow")
    void twelveAtOnceAndTheEndOfOneByForceIsNoneOfTheOthers() throws Exception {
        List<TmuxPane> panes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            environment.put("FAKE_SESSION", "%08d-52a1-4c3e-9a55-0123456789ab".formatted(i));
            panes.add(running(""));
            awaitKnown(environment.get("FAKE_SESSION"));
        }
        TmuxPane ended = panes.remove(5);
        List<Long> clients = panes.stream().map(this::client).toList();
        long supervisor = supervisor(ended);
        signal("KILL", supervisor);
        signal("KILL", client(ended));
        ended.awaitText("status=137");
        for (TmuxPane pane : panes) {
            line(pane, "well");
            pane.awaitText("heard well");
            assertEquals(0, count(pane, "parley:"), pane::text);
        }
        assertEquals(clients, panes.stream().map(this::client).toList());
    }
}
