package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley spawn}, with scripts in the place of the clients, each with a real server below it. */
@Tag("slow")
final class SpawnStdioIT {

    private static final String THREAD = "01a220de-a6aa-7ef1-8906-7640bfb2c758";
    private static final String BODY = "the secret-body of the task";

    @TempDir
    private Path root;

    private Path project;
    private Path bin;
    private PostOffice office;
    private Map<String, String> environment;

    @BeforeEach
    void setUp() throws Exception {
        root = root.toRealPath();
        Path home = root.resolve("home");
        project = Files.createDirectories(root.resolve("project"));
        bin = Files.createDirectories(root.resolve("bin"));
        office = new FilePostOffice(
                Store.open(home, Durability.PROCESS, Trace.NONE), LocalProcessTable.INSTANCE, Retention.DEFAULT);
        environment = Shell.environment(home);
        environment.put("PATH", bin + ":" + environment.get("PATH"));
        environment.put("XDG_STATE_HOME", root.resolve("state").toString());
        Files.writeString(root.resolve("task.md"), BODY + "\n");
        // Claude Code tells its server the session by the environment; its process is what is in front of the server.
        program(
                "claude",
                "#!/bin/bash\n" + told()
                        + "while (($# > 0)); do [[ $1 != --session-id ]] || id=$2; shift; done\n"
                        + "export CLAUDE_CODE_SESSION_ID=$id\n" + server("claude-code", ""));
        program("tmux", "#!/bin/sh\n" + told() + "[ ! -e '" + root + "/fails' ] || exit 1\necho main:3\n");
        // Codex is told apart by the name of its program, and says with a call which thread it is.
        Path shell = Files.createDirectories(root.resolve("native")).resolve("codex");
        Files.copy(Path.of("/bin/bash"), shell, StandardCopyOption.COPY_ATTRIBUTES);
        program(
                "codex",
                "#!" + shell + "\n" + told()
                        + server("codex-mcp-client", ",\"_meta\":{\"threadId\":\"" + THREAD + "\"}"));
    }

    /** Writes down what it was started with. */
    private String told() {
        return """
                printf '%%s\\n' "$@" >'%1$s/arguments'
                env >'%1$s/environment'
                """.formatted(root);
    }

    /** Its server is asked who it is, and what mail there is, while the client reads its prompt; then the client ends. */
    private String server(String name, String meta) {
        return """
                cat >'%1$s/input'
                [ ! -e '%1$s/fails' ] || exit 7
                {
                    echo '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
                "capabilities":{},"clientInfo":{"name":"%2$s","version":"1"}}}'
                    echo '{"jsonrpc":"2.0","method":"notifications/initialized"}'
                    echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_my_session","arguments":{}%3$s}}'
                    echo '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"read_my_messages","arguments":{}%3$s}}'
                    until grep -qs '"id":2' '%1$s/answers'; do sleep 0.1; done
                } | '%4$s' serve >'%1$s/answers'
                """.formatted(root, name, meta, Distribution.launcher());
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(name), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Shell spawn(String... arguments) throws Exception {
        return spawnWith("", arguments);
    }

    private Shell spawnWith(String input, String... arguments) throws Exception {
        String[] all = Stream.concat(Stream.of("spawn"), Stream.of(arguments)).toArray(String[]::new);
        return Shell.parley(environment, project, input, all);
    }

    private List<Peer> peers() throws IOException {
        return office.peers().peersOf(Project.of(project).key());
    }

    private Peer peer(String name) throws IOException {
        return peers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(root.resolve(file));
    }

    private static MessageId stored(Shell said) {
        Matcher id = Pattern.compile("\\bm-[0-9A-Za-z-]+").matcher(said.out() + said.err());
        assertTrue(id.find(), said::toString);
        return new MessageId(id.group());
    }

    private void assertNothingLeft() throws IOException {
        assertFalse(Files.exists(root.resolve("arguments")), "nothing was started");
        assertEquals(List.of(), peers());
    }

    @Test
    void aClaudeIsBegunAtItsAddressAndIsGivenTheMessageAsMail() throws Exception {
        environment.put("CLAUDE_CODE_SESSION_ID", "stale");
        environment.put("PARLEY_TRACE", "/of/the/parent");

        Shell done = spawn(
                        "--headless",
                        "--client",
                        "claude-code",
                        "--name",
                        "reviewer",
                        "--purpose",
                        "reviews diffs",
                        "--message",
                        "@" + root.resolve("task.md"))
                .exited(0);

        done.says("spawned reviewer for one turn, with m-", "the client ended with 0");
        Peer peer = peer("reviewer");
        List<String> arguments = lines("arguments");
        assertEquals(
                List.of("--session-id", peer.id().value()), arguments.subList(arguments.size() - 2, arguments.size()));
        assertTrue(arguments.containsAll(List.of("-p", "--permission-prompts", "none")), arguments::toString);
        assertEquals("reviews diffs", peer.purpose().orElse(""));
        assertGivenAsMail();
    }

    @Test
    void aCodexTakesUpTheAddressThatWasMadeForIt() throws Exception {
        Shell done = spawnWith(
                        BODY + "\n",
                        "--headless",
                        "--client",
                        "codex",
                        "--name",
                        "reviewer",
                        "--purpose",
                        "reviews diffs",
                        "--message",
                        "-")
                .exited(0);

        done.says("spawned reviewer for one turn, with m-");
        Peer peer = peer("reviewer");
        assertEquals(new SessionId(THREAD), peer.id());
        assertEquals("reviews diffs", peer.purpose().orElse(""));
        assertEquals(List.of(peer), peers(), "nothing else is left of the address");
        assertEquals(List.of("exec", "--json", "--skip-git-repo-check", "-"), lines("arguments"));
        assertGivenAsMail();
        Envelope letter = office.ledger(peer.id()).find(stored(done)).orElseThrow();
        assertEquals(Origin.OPERATOR, letter.origin());

        // Another session below the same client does not take what has been taken.
        String address = lines("environment").stream()
                .filter(line -> line.startsWith("PARLEY_SPAWNED="))
                .findFirst()
                .orElseThrow()
                .substring("PARLEY_SPAWNED=".length());
        String other = THREAD.replace("01a2", "01a3");
        program("codex", Files.readString(bin.resolve("codex")).replace(THREAD, other));
        Files.delete(root.resolve("answers"));
        environment.put("PARLEY_SPAWNED", address);
        Shell.run(List.of(bin.resolve("codex").toString()), environment, project, "")
                .exited(0);
        assertEquals(
                "reviewer",
                office.peers().find(new SessionId(THREAD)).orElseThrow().name());
        assertFalse(
                office.peers().find(new SessionId(other)).orElseThrow().name().equals("reviewer"));
        assertEquals(new SessionId(THREAD), office.peers().current(new SessionId(address)));
    }

    /** It comes from the operator, as mail; no argument, no variable and no prompt has a word of it. */
    private void assertGivenAsMail() throws IOException {
        String answers = Files.readString(root.resolve("answers"), UTF_8);
        assertTrue(answers.contains("reviewer") && answers.contains(BODY), answers);
        assertTrue(lines("input").get(0).startsWith("Parley: a message from a peer session is waiting"));
        for (String file : List.of("arguments", "environment", "input")) {
            assertFalse(Files.readString(root.resolve(file)).contains("secret"), file);
        }
        for (String line : lines("environment")) {
            assertFalse(line.matches("CLAUDE_CODE_SESSION_ID=stale|PARLEY_(TRACE|KEPT).*"), line);
        }
    }

    /** Whatever comes of the start: the message is there, and the same command goes on where that one failed. */
    @Test
    void aMessageOutlastsAStartThatFailsAndIsNotSentTwice() throws Exception {
        String[] command = {"--client", "claude-code", "--name", "reviewer", "--message", "@" + root.resolve("task.md")
        };
        Files.createFile(root.resolve("fails"));
        Shell failed = spawn(command).exited(1);
        failed.says(
                "tmux opened no window", "reviewer was not started; its message m-", "is stored, and the same command");
        Peer peer = peer("reviewer");
        assertEquals(1, office.mailbox(peer.id()).waiting());
        assertEquals(
                BODY,
                office.ledger(peer.id()).find(stored(failed)).orElseThrow().body());

        Files.delete(root.resolve("fails"));
        Shell again = spawn(Stream.concat(Stream.of("--headless"), Stream.of(command))
                        .toArray(String[]::new))
                .exited(0);
        assertEquals(stored(failed), stored(again));
        assertEquals(List.of(peer.id()), peers().stream().map(Peer::id).toList());
        String answers = Files.readString(root.resolve("answers"), UTF_8);
        assertEquals(2, answers.split("secret-body", -1).length, answers);

        // It has begun: the name is its own.
        spawn(command).exited(3).says("the name reviewer is that of session " + peer.id(), "Nothing was started");
    }

    @Test
    void aClientOfWhichNobodyTellsIsSaidNotToHaveCome() throws Exception {
        program("claude", "#!/bin/sh\ncat >/dev/null\n");
        spawn("--headless", "--client", "claude-code", "--name", "mute", "--message", "hello")
                .exited(1)
                .says("no hook and no server of Parley has told of the session", "parley doctor");
        assertEquals(1, office.mailbox(peer("mute").id()).waiting());
        program("claude", "#!/bin/sh\nexit 7\n");
        spawn("--headless", "--client", "claude-code", "--name", "mute", "--message", "hello")
                .exited(1)
                .says("the client ended with 7");
    }

    @Test
    void aWindowOfTmuxIsGivenTheFixedWordsOnly() throws Exception {
        spawn("--client", "codex", "--name", "reviewer", "--message", "@" + root.resolve("task.md"))
                .exited(0)
                .says("spawned reviewer in the tmux window main:3", "not seen yet");
        List<String> arguments = lines("arguments");
        Peer peer = peer("reviewer");
        assertTrue(arguments.containsAll(List.of(
                "-c", project.toString(), "PARLEY_SPAWNED=" + peer.id(), "PARLEY_HOME=" + root.resolve("home"))));
        int at = arguments.indexOf("--no-daemon");
        assertEquals(bin.resolve("codex").toString(), arguments.get(at - 1));
        assertTrue(arguments.get(at + 1).startsWith("Parley: a message from a peer session is waiting"));
        assertEquals(at + 2, arguments.size());
        assertFalse(arguments.toString().contains("secret"));
    }

    @Test
    void aDryRunSaysWhatItWouldDoAndLeavesNothing() throws Exception {
        spawn("--dry-run", "--client", "claude-code", "--name", "reviewer", "--message", "@/no/such/file")
                .exited(0)
                .says("session: reviewer (claude-code)", "command: cd -- " + project, "--session-id", "verdict: free");
        Files.delete(bin.resolve("codex"));
        environment.put("PATH", bin + ":/usr/bin:/bin");
        spawn("--dry-run", "--client", "codex", "--message", "hi")
                .exited(0)
                .says("verdict: not_here: 'codex' is not on the PATH");
        assertNothingLeft();
    }

    @Test
    void aClientThatIsNotHereLeavesNothing() throws Exception {
        Files.delete(bin.resolve("codex"));
        environment.put("PATH", bin + ":/usr/bin:/bin");
        spawn("--client", "codex", "--name", "reviewer", "--message", "hi")
                .exited(3)
                .says("reviewer is not spawned, not_here: 'codex' is not on the PATH", "Nothing was started or stored");
        assertNothingLeft();
    }

    @Test
    void badInputIsNamedAndLeavesNothing() throws Exception {
        spawn("--client", "vim", "--message", "hi")
                .exited(2)
                .says("'vim' cannot be spawned; it takes claude-code or codex");
        spawn("--client", "codex").exited(2).says("--message");
        spawn("--message", "hi").exited(2).says("--client");
        spawn("--client", "codex", "--name", "operator", "--message", "hi")
                .exited(2)
                .says("a session cannot be called operator");
        spawn("--client", "codex", "--purpose", "x".repeat(201), "--message", "hi")
                .exited(2)
                .says("it has 201 characters");
        spawn("--client", "codex", "--tmux", "--headless", "--message", "hi")
                .exited(2)
                .says("exclude each other");
        spawn("--client", "codex", "--message", "@/no/such/file").exited(1).says("/no/such/file");
        spawn("--client", "codex", "--message", " ").exited(2).says("has none");
        spawnWith("x".repeat(8193), "--client", "codex", "--message", "-")
                .exited(2)
                .says("has more");
        spawn("--client", "codex", "--directory", "/no/such/directory", "--message", "hi")
                .exited(2)
                .says("there is no directory /no/such/directory");
        assertNothingLeft();
    }

    @Test
    void insideAnAgentsClientOnlyADryRunWorks() throws Exception {
        office.peers()
                .register(new dev.parley.peer.Registration(
                        new SessionId(THREAD),
                        Peer.CODEX,
                        project.toString(),
                        Project.of(project).key(),
                        java.util.Optional.of(LocalProcessTable.INSTANCE.self()),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        false));
        spawn("--client", "codex", "--message", "hi").exited(1).says("'parley spawn' is for a person");
        spawn("--dry-run", "--client", "codex", "--message", "hi").exited(0).says("verdict: free");
        assertFalse(Files.exists(root.resolve("arguments")));
        assertEquals(1, peers().size());
    }
}
