package dev.parley.wake.tmux;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.wake.tmux.PaneFinder.Finding;
import dev.parley.wake.tmux.PaneFinder.Found;
import dev.parley.wake.tmux.PaneFinder.None;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which pane a process is found in, and which processes are found in none. */
@Tag("tmux")
final class PaneFinderIT {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"), "TMUX_PANE", "%0");

    @TempDir
    Path directory;

    private final PrivateTmux tmux = new PrivateTmux();

    @AfterEach
    void end() {
        tmux.close();
    }

    static Stream<ProcessTree> trees() {
        return Stream.of(new ProcfsTree(Path.of("/proc")), new PsTree(new Subprocess(), "ps", PrivateTmux.PROGRAM));
    }

    @ParameterizedTest
    @MethodSource("trees")
    void findsEachProcessInItsOwnPane(ProcessTree tree) throws Exception {
        TmuxPane first = sleeping();
        TmuxPane second = sleeping();
        assertAll(
                () -> assertFound(first, find(tree, first.process())),
                () -> assertFound(second, find(tree, second.process())));
    }

    @ParameterizedTest
    @MethodSource("trees")
    void findsADescendantOfThePanesProcess(ProcessTree tree) throws Exception {
        TmuxPane pane = open("sh -c 'sh -c \"sleep 60; :\"; :'; :");
        await().until(() -> descendants(pane) == 3);
        long deepest = ProcessHandle.of(pane.process())
                .orElseThrow()
                .descendants()
                .filter(p -> p.children().findAny().isEmpty())
                .findFirst()
                .orElseThrow()
                .pid();
        assertFound(pane, find(tree, deepest));
    }

    /** As a client's daemon: a child of the pane once, with the pane in its environment for ever. */
    @ParameterizedTest
    @MethodSource("trees")
    void findsNoDaemonWhoseEnvironmentNamesAPane(ProcessTree tree) throws Exception {
        long daemon = started("setsid sleep 60 & echo $! > started; wait");
        assertNone("no terminal", find(tree, daemon));
    }

    /** As a session that its client has moved to the background: a descendant of the pane, on a terminal of its own. */
    @ParameterizedTest
    @MethodSource("trees")
    void findsNoDescendantOnAnotherTerminal(ProcessTree tree) throws Exception {
        long elsewhere = started("script -qec 'echo $$ > started; exec sleep 60' /dev/null");
        assertNone("not that of a pane", find(tree, elsewhere));
    }

    @ParameterizedTest
    @MethodSource("trees")
    void findsNoProcessOutsideOfTmux(ProcessTree tree) throws Exception {
        Process outside = new ProcessBuilder("script", "-qec", "sleep 60", "/dev/null").start();
        try {
            await().until(() -> outside.descendants().count() > 0);
            long pid = outside.descendants().reduce((a, b) -> b).orElseThrow().pid();
            assertNone("does not run in tmux", find(tree, pid));
        } finally {
            outside.descendants().forEach(ProcessHandle::destroy);
            outside.destroy();
        }
    }

    @Test
    void findsAServerWithASocketOfItsOwn() throws Exception {
        Path socket = Files.createDirectory(directory.resolve("deep down")).resolve("a socket");
        new ProcessBuilder(
                        PrivateTmux.PROGRAM,
                        "-S",
                        socket.toString(),
                        "-f",
                        "/dev/null",
                        "new-session",
                        "-d",
                        "sleep 60")
                .start()
                .waitFor();
        try {
            TmuxServer server = new TmuxServer(new Subprocess(), PrivateTmux.PROGRAM, socket);
            long pid = server.look("%0").orElseThrow().state().process();
            ProcessTree tree = new ProcfsTree(Path.of("/proc"));
            await().until(() -> !tree.entry(pid).orElseThrow().terminal().isEmpty());
            Finding finding = find(tree, pid);
            Found found = assertInstanceOf(Found.class, finding, finding::toString);
            assertEquals("%0 of " + socket, found.pane().toString());
        } finally {
            new ProcessBuilder(PrivateTmux.PROGRAM, "-S", socket.toString(), "kill-server")
                    .start()
                    .waitFor();
        }
    }

    @Test
    void findsNoProcessThatIsGoneOrCannotBeTold() throws Exception {
        TmuxPane pane = sleeping();
        ProcessIdentity client = RealClient.identity(pane.process());
        ProcessTree tree = ProcessTree.local();
        ProcessIdentity unknownStart = new ProcessIdentity(client.pid(), 0, client.scope());
        ProcessIdentity earlier = new ProcessIdentity(client.pid(), client.start() - 1, client.scope());
        ProcessIdentity elsewhere = new ProcessIdentity(client.pid(), client.start(), "anotherboot");
        for (ProcessIdentity not : List.of(unknownStart, earlier, elsewhere)) {
            assertNone("gone, or cannot be told", finder(tree).find(not));
        }
    }

    @Test
    void showsTheLastLinesOfThePane() throws Exception {
        TmuxPane pane = open("for n in 1 2 3 4 5; do echo line $n; done; exec sleep 60");
        pane.awaitText("line 5");
        assertEquals(Optional.of("line 4\nline 5"), PaneText.of(RealClient.identity(pane.process()), 2));
        assertEquals(Optional.empty(), PaneText.of(LocalProcessTable.INSTANCE.self(), 2));
    }

    @Test
    void aServerThatHangsCostsLittleTime() throws Exception {
        TmuxPane pane = sleeping();
        ProcessIdentity client = RealClient.identity(pane.process());
        long server = Long.parseLong(pane.ask("#{pid}"));
        signal("STOP", server);
        try {
            long before = System.nanoTime();
            assertNone("does not answer", finder(ProcessTree.local()).find(client));
            assertTrue(Duration.ofNanos(System.nanoTime() - before).compareTo(Duration.ofSeconds(4)) < 0);
        } finally {
            signal("CONT", server);
        }
    }

    @Test
    void bothTablesSayTheSame() throws Exception {
        TmuxPane pane = sleeping();
        List<ProcessTree> trees = trees().toList();
        for (long pid : List.of(
                pane.process(),
                Long.parseLong(pane.ask("#{pid}")),
                ProcessHandle.current().pid())) {
            ProcessEntry procfs = trees.get(0).entry(pid).orElseThrow();
            ProcessEntry ps = trees.get(1).entry(pid).orElseThrow();
            assertEquals(
                    List.of(procfs.pid(), procfs.parent(), procfs.group(), procfs.terminal(), procfs.foreground()),
                    List.of(ps.pid(), ps.parent(), ps.group(), ps.terminal(), ps.foreground()));
        }
        assertTrue(trees.stream().allMatch(tree -> isAbsent(tree)));
    }

    /** No process has the highest number there can be. */
    private static boolean isAbsent(ProcessTree tree) {
        try {
            return tree.entry(4_194_304).isEmpty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TmuxPane sleeping() {
        return tmux.open(80, 24, directory, ENVIRONMENT, List.of("sleep", "60"));
    }

    private TmuxPane open(String script) {
        return tmux.open(80, 24, directory, ENVIRONMENT, List.of("sh", "-c", script));
    }

    /** A process that a script in a pane has started and written down. */
    private long started(String script) throws Exception {
        open(script);
        Path file = directory.resolve("started");
        await().until(() -> Files.exists(file) && !Files.readString(file).isBlank());
        long pid = Long.parseLong(Files.readString(file).strip());
        await().until(() -> ProcessHandle.of(pid)
                .flatMap(p -> p.info().command())
                .filter(command -> command.endsWith("sleep"))
                .isPresent());
        return pid;
    }

    private static long descendants(TmuxPane pane) {
        return ProcessHandle.of(pane.process()).orElseThrow().descendants().count();
    }

    private static PaneFinder finder(ProcessTree tree) {
        return new PaneFinder(LocalProcessTable.INSTANCE, tree, new Subprocess());
    }

    private static Finding find(ProcessTree tree, long pid) throws InterruptedException {
        return finder(tree).find(RealClient.identity(pid));
    }

    private static void assertFound(TmuxPane pane, Finding finding) {
        Found found = assertInstanceOf(Found.class, finding, finding::toString);
        assertEquals(
                pane.id() + " of " + pane.ask("#{socket_path}"), found.pane().toString());
    }

    private static void assertNone(String why, Finding finding) {
        None none = assertInstanceOf(None.class, finding, finding::toString);
        assertTrue(none.why().contains(why), none.why());
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }
}
