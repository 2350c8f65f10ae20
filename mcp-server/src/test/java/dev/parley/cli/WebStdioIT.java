package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import dev.parley.testing.Timing;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code parley web} as a process: what it prints, and that it ends with whatever it hangs on. */
@Tag("slow")
@Timeout(120)
class WebStdioIT {

    private static final int BUSY = 3;
    private static final int USAGE = 2;

    @TempDir
    private Path root;

    private Peers peers;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        peers = new Peers(root);
        peers.join("ann");
    }

    @AfterEach
    void stop() throws Exception {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        peers.close();
        peers.assertSound();
    }

    /** A running command and the address that it has printed. */
    private record Web(Process process, URI address, BufferedReader out) {

        int ask(String path) throws IOException, InterruptedException {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(address.resolve(path))
                                    .header("Authorization", "Bearer " + address.getFragment())
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }

        boolean listens() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        void awaitEnd() {
            await().atMost(Timing.patience(Duration.ofSeconds(5))).until(() -> !listens());
        }
    }

    private Web start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(peers.project().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        BufferedReader out = process.inputReader(UTF_8);
        String address = out.readLine();
        assertTrue(
                address.strip().matches("http://127\\.0\\.0\\.1:[0-9]+/#[A-Za-z0-9_-]{43}"),
                "the first line is the address and nothing else: " + address);
        return new Web(process, URI.create(address.strip()), out);
    }

    private Web web(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("web"));
        arguments.addAll(List.of(options));
        return start(Distribution.command(arguments.toArray(String[]::new)), Shell.environment(peers.home()));
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM", "KILL"})
    void aSignalEndsIt(String signal) throws Exception {
        Web web = web();
        assertEquals(200, web.ask("/api/overview"));
        signal(
                signal.equals("INT") && !Shell.canBeInterrupted() ? "TERM" : signal,
                web.process().pid());
        assertTrue(web.process().waitFor(ServerProcess.LIMIT_SECONDS, TimeUnit.SECONDS));
        assertFalse(web.listens());
    }

    /** Where no signal says so, as behind a wrapper that was killed. */
    @Test
    void itEndsWithTheProcessThatStartedIt() throws Exception {
        Web web = start(
                List.of(
                        "/bin/sh",
                        "-c",
                        "\"$0\" web; exit $?",
                        Distribution.launcher().toString()),
                Shell.environment(peers.home()));
        assertEquals(200, web.ask("/api/overview"));
        signal("KILL", web.process().pid());
        web.awaitEnd();
    }

    /** A shell that ignores SIGHUP passes that on, as nohup does; its terminal goes all the same. */
    @Test
    void itEndsWithItsTerminalAlsoWhereNoSignalReachesIt() throws Exception {
        Web web = start(
                List.of("script", "-qec", "trap '' HUP; '" + Distribution.launcher() + "' web; exit $?", "/dev/null"),
                Shell.environment(peers.home()));
        assertEquals(200, web.ask("/api/overview"));
        List<ProcessHandle> below = web.process().descendants().toList();
        signal("KILL", web.process().pid());
        web.awaitEnd();
        below.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void itSaysWhetherItWrites() throws Exception {
        assertTrue(web().out().readLine().startsWith("The page only shows; --write lets it send."));
    }

    /** The test is the parent of the command and of the server of this client, as a client is of its shell. */
    @Test
    void anAgentCannotWriteAsTheOperator() throws Exception {
        Agent clara = peers.keep(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", "0b0e3d9e-5c1a-4b7f-8f21-2a6f0d2b7c11")
                .start());
        clara.call("set_my_state", "name", "clara").ok();
        Shell.parley(peers, "web", "--write").exited(1).says("'parley web --write' is for a person", "clara");
    }

    @Test
    void aPortThatIsTakenOrIsNoneIsAnError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Shell shell = Shell.parley(peers, "web", "--port", Integer.toString(taken.getLocalPort()))
                    .exited(BUSY)
                    .says("port " + taken.getLocalPort() + " of 127.0.0.1 is taken", "leave --port out");
            assertEquals("", shell.out());
        }
        Shell.parley(peers, "web", "--port", "65536").exited(USAGE).says("--port takes 1 to 65535");
        Shell.parley(peers, "web", "--project", root.resolve("none").toString()).exited(1);
    }

    /** What the opener is given leads to the address, and is gone afterwards. */
    @Test
    void itOpensTheBrowserIfItIsTold() throws Exception {
        Path told = root.resolve("told");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Path opener = Files.writeString(
                bin.resolve("xdg-open"),
                "#!/bin/sh\necho \"$*\" > '" + told + ".new'\nmv '" + told + ".new' '" + told + "'\n");
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));
        Files.copy(opener, bin.resolve("open"));
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("PATH", bin + ":" + environment.get("PATH"));
        Web web = start(Distribution.command("web", "--open"), environment);
        await().atMost(Timing.patience(Duration.ofSeconds(10))).until(() -> Files.exists(told));
        Path page = Path.of(Files.readString(told).strip());
        assertTrue(Files.readString(page).contains("url=" + web.address() + "\""));
        signal("TERM", web.process().pid());
        assertTrue(web.process().waitFor(ServerProcess.LIMIT_SECONDS, TimeUnit.SECONDS));
        assertFalse(Files.exists(page.getParent()));
    }

    /** What only the page needs, a server never loads. */
    @Test
    void aServerLoadsNothingOfIt() throws Exception {
        Path loaded = root.resolve("loaded");
        Agent agent = peers.agent()
                .with("PARLEY_JVM_OPTS", "-Xlog:class+load:file=" + loaded)
                .start();
        agent.call("list_project_sessions").ok();
        agent.close();
        String classes = Files.readString(loaded);
        assertTrue(classes.contains("dev.parley.tools.ListProjectSessions"), "nothing was noted");
        assertFalse(classes.contains("dev.parley.cockpit"));
        assertFalse(classes.contains("httpserver"));
    }
}
