package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.ThreadPerTask;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley resume}, with scripts in the place of the clients. */
@Tag("slow")
final class ResumeStdioIT {

    private static final String CLAUDE = "0d80d7d3-b870-4f75-a807-43f541f7b15b";
    private static final String CODEX = "01a220de-a6aa-7ef1-8906-7640bfb2c758";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path root;

    private Path home;
    private Path project;
    private Path bin;
    private FilePeerDirectory peers;
    private Map<String, String> environment;

    @BeforeEach
    void setUp() throws Exception {
        home = root.resolve("home");
        project = Files.createDirectories(root.resolve("project")).toRealPath();
        bin = Files.createDirectories(root.resolve("bin"));
        peers = new FilePeerDirectory(Store.open(home, Durability.PROCESS, Trace.NONE), LocalProcessTable.INSTANCE);
        environment = Shell.environment(home);
        environment.put("PATH", bin + ":" + environment.get("PATH"));
        environment.put("XDG_STATE_HOME", root.resolve("state").toString());
        Files.createDirectories(root.resolve(".claude/sessions"));
        Files.createDirectories(root.resolve(".codex/thread-writer-locks"));
        said("[]");
        program("claude", "if [ \"$1\" = agents ]; then cat '" + root + "/agents'; exit; fi\n" + told());
        program("codex", told());
        // What it opens a window for holds the lock of the thread for as long as the test looks.
        program(
                "tmux",
                told() + "(sleep 0.5; exec flock '" + root
                        + "/.codex/thread-writer-locks/" + CODEX + ".lock' sh -c 'until [ -e \"" + root
                        + "/enough\" ]; do sleep 0.1; done') </dev/null >/dev/null 2>&1 &\necho main:3\n");
        transcript(".claude/projects/-p/" + CLAUDE + ".jsonl", "{\"permissionMode\":\"acceptEdits\"}");
        transcript(
                ".codex/sessions/2026/11/28/rollout-2026-11-28T10-00-00-" + CODEX + ".jsonl",
                "{\"type\":\"turn_context\",\"payload\":{\"approval_policy\":\"on-request\","
                        + "\"sandbox_policy\":{\"type\":\"workspace-write\"},\"model\":\"m\"}}");
        register(CLAUDE, Peer.CLAUDE_CODE, gone());
        register(CODEX, Peer.CODEX, gone());
    }

    /** A script that writes down what it was started with, and ends with 7 if it is told to. */
    private String told() {
        return """
                cd '%s' && pwd -P >/dev/null
                printf '%%s\\n' "$@" >'%s/arguments'
                env >'%s/environment'
                echo $$ >'%s/pid'
                echo said-by-client
                """.formatted(root, root, root, root)
                + "[ ! -e '" + root + "/reads' ] || cat >'" + root + "/input'\n"
                + "while [ -e '" + root + "/stays' ]; do sleep 0.1; done\n"
                + "[ ! -e '" + root + "/fails' ] || exit 7\n";
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void said(String agents) throws IOException {
        Files.writeString(root.resolve("agents"), agents);
    }

    private void transcript(String name, String line) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, line + "\n");
    }

    private void register(String id, String client, ProcessIdentity process) throws Exception {
        peers.register(new Registration(
                new SessionId(id),
                client,
                project.toString(),
                Project.of(project).key(),
                Optional.of(process),
                Optional.of(process),
                Optional.of(new SessionId(id)),
                Optional.empty(),
                false,
                Binding.ofClient(Optional.empty(), Optional.of(root + "/." + client.replace("-code", "")))));
    }

    private static ProcessIdentity gone() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity =
                LocalProcessTable.INSTANCE.identify(process.pid()).orElseThrow();
        process.destroyForcibly();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return identity;
    }

    private Shell parley(String input, String... arguments) throws Exception {
        return Shell.parley(environment, project, input, arguments);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(root.resolve(file));
    }

    private void assertNothingStarted() {
        assertFalse(Files.exists(root.resolve("arguments")), "nothing was started");
    }

    @Test
    void aDryRunSaysWhatItWouldDoAndDoesNothing() throws Exception {
        parley("", "resume", "--dry-run", CLAUDE)
                .exited(0)
                .says("command: cd -- " + project, "--permission-mode acceptEdits --resume " + CLAUDE, "verdict: free");
        parley("", "resume", "--dry-run", "--headless", CODEX)
                .exited(0)
                .says("exec resume --json", "'sandbox_mode=\"workspace-write\"' " + CODEX + " -", "verdict: free");
        Files.delete(bin.resolve("claude"));
        environment.put("PATH", bin + ":/usr/bin:/bin");
        parley("", "resume", "--dry-run", CLAUDE)
                .exited(0)
                .says("verdict: owner_unknown", "'claude' is not on the PATH", " claude --permission-mode");
        assertNothingStarted();
    }

    @Test
    void isRefusedWhereSomebodyRunsItOrThatCannotBeTold() throws Exception {
        said("[{\"pid\":7,\"sessionId\":\"" + CLAUDE + "\"}]");
        parley("", "resume", CLAUDE).exited(3).says("held_elsewhere", "claude agents", "Nothing was started");
        parley("", "resume", "--dry-run", CLAUDE).exited(0).says("verdict: held_elsewhere");
        said("error");
        parley("", "resume", "--headless", CLAUDE).exited(3).says("owner_unknown", "cannot be understood");
        said("[]");
        Files.writeString(root.resolve(".claude/sessions/1.json"), "{\"pid\":1,\"sess");
        parley("", "resume", "--tmux", CLAUDE).exited(3).says("owner_unknown", "claude agents");
        Files.delete(root.resolve(".claude/sessions/1.json"));
        Files.createDirectory(root.resolve(".claude/sessions/1.json"));
        parley("", "resume", "--dry-run", CLAUDE)
                .exited(0)
                .says("verdict: owner_unknown: what tells who runs it cannot be read", "Is a directory");
        Files.delete(root.resolve(".claude/sessions/1.json"));
        Process owner = new ProcessBuilder("sleep", "60").start();
        try {
            register(
                    CLAUDE,
                    Peer.CLAUDE_CODE,
                    LocalProcessTable.INSTANCE.identify(owner.pid()).orElseThrow());
            parley("", "resume", CLAUDE).exited(3).says("held_elsewhere", "its process " + owner.pid() + " runs");
        } finally {
            owner.destroyForcibly();
        }
        Files.delete(root.resolve(".codex/thread-writer-locks"));
        parley("", "resume", CODEX).exited(3).says("owner_unknown", "thread-writer-locks");
        assertNothingStarted();
    }

    @Test
    void isRefusedWhereAnotherHoldsTheThreadsLock() throws Exception {
        Path lock = root.resolve(".codex/thread-writer-locks").resolve(CODEX + ".lock");
        Process holder = new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo held; cat").start();
        try {
            assertEquals("held", new String(holder.getInputStream().readNBytes(4), UTF_8));
            parley("", "resume", "--headless", CODEX).exited(3).says("held_elsewhere", "holds its lock");
        } finally {
            holder.getOutputStream().close();
            assertTrue(holder.waitFor(10, TimeUnit.SECONDS));
        }
        assertNothingStarted();
        parley("", "resume", "--headless", CODEX).exited(0).says("ended with 0");
    }

    @Test
    void isRefusedWhereThereIsNothingToGoOnWith() throws Exception {
        Files.delete(root.resolve(".claude/projects/-p/" + CLAUDE + ".jsonl"));
        parley("", "resume", CLAUDE).exited(3).says("unknown_session", "no transcript");
        register("p-0123456789abcdef", "other-client", gone());
        parley("", "resume", "p-0123456789abcdef").exited(3).says("unknown_session", "other-client");
        parley("", "resume", "nobody-here").exited(1).says("is not one session of this project");
        Files.delete(bin.resolve("codex"));
        environment.put("PATH", bin + ":/usr/bin:/bin");
        parley("", "resume", CODEX).exited(3).says("not_here", "'codex' is not on the PATH");
        assertNothingStarted();
    }

    @Test
    void inATerminalTheLauncherBecomesTheClient() throws Exception {
        environment.put("CLAUDE_CODE_SESSION_ID", "stale");
        environment.put("CLAUDE_CODE_MESSAGING_TOKEN", "secret-token");
        environment.put("JAVA_TOOL_OPTIONS", "-Dusers=own");
        environment.put("LANG", "C");
        Files.createFile(root.resolve("reads"));
        Files.createFile(root.resolve("fails"));

        parley("typed by its user", "resume", CLAUDE).exited(7).says("said-by-client");

        assertEquals(List.of("--permission-mode", "acceptEdits", "--resume", CLAUDE), lines("arguments"));
        assertEquals(List.of("typed by its user"), lines("input"));
        List<String> given = lines("environment");
        assertTrue(given.contains("JAVA_TOOL_OPTIONS=-Dusers=own"), given::toString);
        assertTrue(given.contains("PWD=" + root.toRealPath()) || given.contains("PWD=" + root), given::toString);
        for (String line : given) {
            assertFalse(line.matches("(CLAUDE_CODE_|PARLEY_KEPT|LC_ALL|CLAUDE_CONFIG_DIR).*"), line);
        }
    }

    @Test
    void aTmuxWindowIsGivenACleanedEnvironment() throws Exception {
        Shell opened = parley("", "resume", "--tmux", CODEX).exited(0).says("in the tmux window", "main:3");
        Files.createFile(root.resolve("enough"));
        assertFalse(opened.toString().contains("not seen yet"), opened::toString);
        List<String> arguments = lines("arguments");
        assertEquals("new-window", arguments.get(0));
        assertTrue(arguments.containsAll(List.of("-c", project.toString(), "--", "env", "-u", "CLAUDECODE")));
        int at = arguments.indexOf("resume");
        assertEquals(
                List.of("resume", "-s", "workspace-write", "-a", "on-request", CODEX),
                arguments.subList(at, arguments.size()));
        assertEquals(bin.resolve("codex").toString(), arguments.get(at - 1));
    }

    /** What is private is in no process's arguments: neither of ours nor of the client's. */
    @Test
    void oneTurnTakesItsMessageFromStandardInputAndLogsForItsUserAlone() throws Exception {
        Files.createFile(root.resolve("reads"));
        Files.createFile(root.resolve("stays"));
        environment.put("ANTHROPIC_AUTH_TOKEN", "secret-token");
        environment.put("TMUX_PANE", "%1");
        ProcessBuilder builder = new ProcessBuilder(
                        Distribution.command("resume", "--headless", "--message", "-", CLAUDE))
                .directory(project.toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().write("the secret-body\nin two lines\n".getBytes(UTF_8));
            process.getOutputStream().close();
            await().atMost(LIMIT)
                    .until(() -> Files.exists(root.resolve("input"))
                            && !lines("input").isEmpty());
            List<String> started = arguments(process.toHandle());
            assertTrue(started.stream().anyMatch(line -> line.contains(CLAUDE)), started::toString);
            assertTrue(started.size() >= 3, started::toString);
            for (String line : started) {
                assertFalse(line.contains("secret"), line);
            }
            Files.delete(root.resolve("stays"));
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), said);
            assertTrue(said.contains("what would ask for permission is denied"), said);
        } finally {
            Files.deleteIfExists(root.resolve("stays"));
            process.destroyForcibly();
        }
        assertEquals(List.of("the secret-body", "in two lines"), lines("input"));
        assertFalse(lines("environment").contains("TMUX_PANE=%1"));
        assertTrue(lines("environment").contains("ANTHROPIC_AUTH_TOKEN=secret-token"), "the client's own");
        Path logs = root.resolve("state/parley/resume");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(logs)));
        try (Stream<Path> files = Files.list(logs)) {
            Path log = files.findFirst().orElseThrow();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
            assertEquals("said-by-client\n", Files.readString(log));
        }
    }

    /** Its text is the message, not more of the command line. */
    @Test
    void aMessageIsReadFromAFile() throws Exception {
        Files.createFile(root.resolve("reads"));
        Path task = Files.writeString(root.resolve("task.md"), "--dry-run 'two words'\nand a line\n");

        parley("", "resume", "--headless", "--message", "@" + task, CLAUDE).exited(0);

        assertEquals(List.of("--dry-run 'two words'", "and a line"), lines("input"));
    }

    @Test
    void ofTwoAtOnceOneStartsTheClientAndTheOtherIsRefused() throws Exception {
        String list = "'" + root + "/agents'";
        program(
                "claude",
                "if [ \"$1\" = agents ]; then cat " + list + "; exit; fi\n"
                        + "echo start >>'" + root + "/starts'\nsleep 0.5\n"
                        + "echo '[{\"pid\":1,\"sessionId\":\"" + CLAUDE + "\"}]' >" + list + "\n"
                        + "until [ -e '" + root + "/enough' ]; do sleep 0.1; done\necho '[]' >" + list + "\n");
        List<CompletableFuture<Shell>> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            runs.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return parley("", "resume", "--headless", CLAUDE);
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    },
                    ThreadPerTask.EXECUTOR));
        }
        Shell refused = (Shell) CompletableFuture.anyOf(runs.toArray(new CompletableFuture<?>[0]))
                .join();
        refused.exited(3).says("held_elsewhere");
        Files.createFile(root.resolve("enough"));
        List<Integer> exits =
                runs.stream().map(run -> run.join().exit()).sorted().toList();
        assertEquals(List.of(0, 3), exits);
        assertEquals(List.of("start"), lines("starts"));
    }

    private static List<String> arguments(ProcessHandle top) {
        List<String> found = new ArrayList<>();
        Stream.concat(Stream.of(top), top.descendants()).forEach(process -> {
            try {
                found.add(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), UTF_8)
                        .replace('\0', ' '));
            } catch (IOException e) {
                // It has just ended.
            }
        });
        return found;
    }

    @Test
    void aClientThatFailsIsToldOf() throws Exception {
        Files.createFile(root.resolve("fails"));
        parley("", "resume", "--headless", CLAUDE).exited(1).says("the client ended with 7", "log: ");
    }

    /** Nobody refused it. */
    @Test
    void aClientThatCannotBeStartedIsAFailure() throws Exception {
        environment.put("XDG_STATE_HOME", root.resolve("agents").toString());
        parley("", "resume", "--headless", CLAUDE).exited(1).says("could not be started", root + "/agents");
        assertNothingStarted();
    }

    @Test
    void insideAnAgentsClientOnlyADryRunWorks() throws Exception {
        register(CODEX, Peer.CODEX, LocalProcessTable.INSTANCE.self());
        parley("", "resume", CLAUDE).exited(1).says("is for a person");
        parley("", "resume", "--dry-run", CLAUDE).exited(0).says("verdict: free");
        assertNothingStarted();
    }

    @Test
    void badInputIsNamedAndStartsNothing() throws Exception {
        parley("", "resume", "--message", "hi", CLAUDE).exited(2).says("--message takes --headless");
        parley("", "resume", "--headless", "--tmux", CLAUDE).exited(2).says("exclude each other");
        parley("", "resume", "--headless", "--message", "@/no/such/file", CLAUDE)
                .exited(1)
                .says("/no/such/file");
        parley(" \n", "resume", "--headless", "--message", "-", CLAUDE)
                .exited(2)
                .says("has none");
        parley("x".repeat(8193), "resume", "--headless", "--message", "-", CLAUDE)
                .exited(2)
                .says("has more");
        assertNothingStarted();
    }

    @Test
    void statusShowsWhatIsKept() throws Exception {
        Shell status = parley("", "status", "--all", "--json").exited(0);
        status.says("\"binding\":{\"session_id\":\"" + CODEX + "\"", "\"config_home\":\"" + root + "/.codex\"");
    }
}
