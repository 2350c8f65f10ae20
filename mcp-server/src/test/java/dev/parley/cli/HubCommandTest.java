package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.hub.HubFile;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteMail;
import dev.parley.session.PostOffices;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands about a hub do without one. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class HubCommandTest {

    private static final String JOINED = """
            parley hub 1
            url nats://127.0.0.1:1
            team blue
            host laptop
            incarnation 0123456789abcdef
            login nobody
            accept all
            """;

    @TempDir
    Path directory;

    private Path root = Path.of("");
    private final Map<String, String> environment = new TreeMap<>();
    private String out = "";
    private String err = "";

    @BeforeEach
    void place() throws Exception {
        root = directory.toRealPath();
        environment.put("PARLEY_HOME", root.resolve("home").toString());
        environment.put("HOME", root.toString());
        assertEquals(hubFile(), HubFile.in(root.resolve("home")).path());
    }

    private int run(String... arguments) {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, UTF_8));
        System.setErr(new PrintStream(errBytes, true, UTF_8));
        try {
            List<String> line = new ArrayList<>(List.of("hub"));
            line.addAll(List.of(arguments));
            return CommandLineTool.run(environment, line.toArray(new String[0]));
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
            out = outBytes.toString(UTF_8);
            err = errBytes.toString(UTF_8);
        }
    }

    private Path hubFile() {
        return root.resolve("home/hub");
    }

    private Path repository(String name, String origin) throws Exception {
        Path directory = Files.createDirectories(root.resolve(name));
        git(directory, "init", "-q");
        if (!origin.isEmpty()) {
            git(directory, "remote", "add", "origin", origin);
        }
        return directory.toRealPath();
    }

    private static void git(Path directory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void eachCommandExplainsItself() {
        for (String command : List.of("config", "join", "share", "unshare", "status", "leave")) {
            assertEquals(ExitCode.OK, run(command, "--help"), command);
            assertTrue(out.contains("Usage: parley hub " + command), out);
            assertEquals(ExitCode.OK, run(command, "--version"), command);
            assertTrue(out.startsWith("parley "), out);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "join",
                "join tls://hub",
                "join --team blue",
                "join http://hub --team blue",
                "join tls://me:secret@hub --team blue",
                "join tls://hub --team Blue",
                "join tls://hub --team blue --host a.b",
                "join tls://hub --team blue --user me",
                "join tls://hub --team blue --password-file x",
                "join tls://hub --team blue --user me --password-file x --password-env Y",
                "join tls://hub --team blue --user me --password-file x --creds y",
                "join tls://hub --team blue --accept A",
                "config --team blue --no-tls",
                "config --host a --no-tls",
                "config --team blue --host a",
                "config --team blue --host a --cert c",
                "config --team blue --host a --cert c --key k --no-tls",
                "config --team blue --host A --no-tls",
                "share surplus",
                "leave --timeout -1",
                "leave --timeout 86401",
                "leave --timeout soon"
            })
    void aWrongCommandLineIsUsage(String line) {
        assertEquals(ExitCode.USAGE, run(line.isEmpty() ? new String[0] : line.split(" ")), line);
        assertEquals("", out);
        assertTrue(err.contains("Usage: parley hub") || err.contains("Did you mean"), err);
        assertFalse(err.contains("secret"), err);
    }

    @Test
    void theConfigurationHasAUserAndAPasswordForEachHost() {
        assertEquals(
                ExitCode.OK,
                run(
                        "config",
                        "--team",
                        "blue",
                        "--host",
                        "laptop",
                        "--host",
                        "build-server",
                        "--cert",
                        "/x/c.pem",
                        "--key",
                        "/x/k.pem"));
        for (String part : List.of(
                "user: \"laptop\"",
                "user: \"build-server\"",
                "\"parley.blue.*.*.laptop.*\"",
                "\"_INBOX_build-server.>\"",
                "allow_responses: { max: 2, expires: \"1m\" }",
                "cert_file: \"/x/c.pem\"",
                "key_file: \"/x/k.pem\"",
                "sync_interval: always",
                "listen: \"0.0.0.0:4222\"")) {
            assertTrue(out.contains(part), () -> part + " in " + out);
        }
        assertEquals(
                2,
                out.lines()
                        .filter(line -> line.matches(" *password: \"[0-9a-z]{32}\""))
                        .distinct()
                        .count(),
                out);
        String first = out;
        assertEquals(
                ExitCode.OK,
                run("config", "--team", "blue", "--host", "laptop", "--no-tls", "--listen", "127.0.0.1:1"));
        assertFalse(out.contains("tls {"), out);
        assertTrue(out.contains("listen: \"127.0.0.1:1\""), out);
        assertTrue(first.lines().filter(line -> line.contains("password: ")).noneMatch(out::contains), "made anew");
    }

    @Test
    void eachHostsPasswordIsPutIntoAFileOfItsOwn() throws Exception {
        String[] config = {
            "config",
            "--team",
            "blue",
            "--host",
            "laptop",
            "--host",
            "server",
            "--no-tls",
            "--passwords",
            root.toString()
        };
        assertEquals(ExitCode.OK, run(config));
        for (String host : List.of("laptop", "server")) {
            Path file = root.resolve(host + ".password");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            String password = Files.readString(file).strip();
            assertTrue(out.contains("password: \"" + password + "\""), out);
        }
        String before = Files.readString(root.resolve("server.password"));
        Files.delete(root.resolve("laptop.password"));
        assertEquals(ExitCode.FAILED, run(config));
        assertEquals("", out);
        assertTrue(err.contains("server.password is there already"), err);
        assertEquals(before, Files.readString(root.resolve("server.password")));
        assertFalse(Files.exists(root.resolve("laptop.password")));
    }

    @Test
    void whoHasJoinedNoTeamIsToldSo() {
        for (String command : List.of("share", "unshare", "status", "leave")) {
            assertEquals(ExitCode.FAILED, run(command), command);
            assertEquals("parley: this machine has joined no team; see 'parley hub join --help'\n", err);
            assertEquals("", out);
        }
    }

    @Test
    void aHubThatDoesNotAnswerIsNotJoined() throws Exception {
        assertEquals(ExitCode.FAILED, run("join", "nats://127.0.0.1:1", "--team", "blue", "--host", "laptop"));
        assertTrue(err.contains("nats://127.0.0.1:1 does not answer (Connection refused)"), err);
        assertFalse(Files.exists(hubFile()));
    }

    @Test
    void aMachineThatIsInATeamDoesNotBecomeAnother() throws Exception {
        Files.writeString(hubFile(), JOINED);
        assertEquals(ExitCode.FAILED, run("join", "nats://127.0.0.1:1", "--team", "red"));
        assertTrue(err.contains("this machine is laptop of the team blue already"), err);
        assertEquals(JOINED, Files.readString(hubFile()));
    }

    @Test
    void aDamagedFileIsNamedAndLeftAsItIs() throws Exception {
        Files.writeString(hubFile(), JOINED + "colour red\n");
        for (String command : List.of("share", "unshare", "status", "leave")) {
            assertEquals(ExitCode.CORRUPT, run(command), command);
            assertTrue(err.contains("line 8: 'colour' is not one of"), err);
        }
        assertEquals(JOINED + "colour red\n", Files.readString(hubFile()));
    }

    @Test
    void projectsAreSharedAndUnshared() throws Exception {
        Files.writeString(hubFile(), JOINED);
        Path app = repository("app", "git@github.com:acme/app.git");
        Path clone = repository("clone", "https://token@github.com/acme/app");
        Path lone = repository("lone", "");

        assertEquals(ExitCode.OK, run("share", "--project", app.toString()));
        assertEquals("the team sees the project github.com/acme/app, for which " + app + " stands\n", out);
        assertEquals(JOINED + "share github.com/acme/app " + app + "/.git\n", Files.readString(hubFile()));

        assertEquals(ExitCode.OK, run("share", "--project", clone.toString()));
        assertEquals(
                "the team sees the project github.com/acme/app, for which " + clone + " stands, no longer " + app
                        + "/.git\n",
                out);
        assertEquals(JOINED + "share github.com/acme/app " + clone + "/.git\n", Files.readString(hubFile()));

        assertEquals(ExitCode.FAILED, run("share", "--project", lone.toString()));
        assertTrue(err.contains("it has no remote 'origin'") && err.contains("git config parley.project"), err);
        assertEquals(ExitCode.FAILED, run("unshare", "--project", app.toString()));
        assertTrue(err.contains(app + " is not shared"), err);

        // Called otherwise by now: it is one project all the same.
        git(clone, "config", "parley.project", "renamed");
        assertEquals(ExitCode.OK, run("share", "--project", clone.toString()));
        assertEquals(JOINED + "share renamed " + clone + "/.git\n", Files.readString(hubFile()));

        assertEquals(ExitCode.OK, run("unshare", "--project", clone.toString()));
        assertEquals("the team no longer sees the project renamed\n", out);
        assertEquals(JOINED, Files.readString(hubFile()));
    }

    /** What is known without it is told before it is missed. */
    @Test
    void theStatusTellsWhatItCanWithoutTheHub() throws Exception {
        Files.writeString(hubFile(), JOINED + "share github.com/acme/app /src/app/.git\n");
        environment.put("PARLEY_HUB", "off");
        assertEquals(ExitCode.FAILED, run("status"));
        assertEquals("""
                team: blue, in which this machine is laptop
                off here: PARLEY_HUB=off
                mail is taken from: all
                shared: github.com/acme/app, /src/app/.git
                out: nothing waits to leave this machine
                """, out);
        assertTrue(err.contains("does not answer"), err);
    }

    @Test
    void leavingWithoutTheHubStrandsWhatItShows() throws Exception {
        Files.writeString(hubFile(), JOINED);
        assertEquals(ExitCode.FAILED, run("leave"));
        assertTrue(err.contains("--strand leaves all the same"), err);
        assertTrue(Files.exists(hubFile()));

        assertEquals(ExitCode.OK, run("leave", "--strand"));
        assertTrue(out.startsWith("left the team blue; the hub could not be told"), out);
        assertFalse(Files.exists(hubFile()));
    }

    private void put(String from, String to) throws Exception {
        RemoteMail mail = PostOffices.open(environment, Trace.NONE).remoteMail().orElseThrow();
        mail.outbox().keepTeam("blue");
        mail.outbox().put(new HostName("build-server"), Letters.plain(new SessionId(from), new SessionId(to), "hello"));
    }

    /** Nothing that waits is forgotten, nor is it any other team's. */
    @Test
    void whatIsStrandedStaysIsShownAndIsForTheSameTeam() throws Exception {
        put("ann-00001", "ben-00001");
        put("ann-00002", "ben-00001");
        put("ann-00001", "cleo-0001");
        RemoteMail mail = PostOffices.open(environment, Trace.NONE).remoteMail().orElseThrow();
        mail.cards()
                .keep(
                        new HostName("build-server"),
                        "0123456789abcdef0123",
                        List.of(new Card(
                                new HostName("build-server"),
                                "0123456789abcdef0123",
                                new SessionId("ben-00001"),
                                "tidy-fox",
                                "codex",
                                Optional.empty(),
                                Optional.empty(),
                                Activity.IDLE,
                                Optional.empty(),
                                Letters.SENT)));
        Files.writeString(hubFile(), JOINED);
        String whom =
                " (1 to session cleo-0001 on build-server, since 2026-03-04T05:06:07Z; 2 to tidy-fox@build-server,"
                        + " since 2026-03-04T05:06:07Z)";

        assertEquals(ExitCode.FAILED, run("leave"));
        assertTrue(err.contains("What waits" + whom + " cannot leave now"), err);
        assertEquals(ExitCode.FAILED, run("status"));
        assertTrue(out.contains("out: 3 messages wait to leave this machine\nout: 1 to session cleo-0001"), out);

        assertEquals(ExitCode.OK, run("leave", "--strand"));
        assertTrue(
                out.contains("3 messages stay here" + whom + ", and go out when this machine joins blue again"), out);
        assertEquals(ExitCode.FAILED, run("status"));
        assertEquals("""
                out: 3 messages wait until it joins the team blue again
                out: 1 to session cleo-0001 on build-server, since 2026-03-04T05:06:07Z
                out: 2 to tidy-fox@build-server, since 2026-03-04T05:06:07Z
                """, out);
        assertEquals("parley: this machine has joined no team; see 'parley hub join --help'\n", err);

        assertEquals(ExitCode.FAILED, run("join", "nats://127.0.0.1:1", "--team", "red", "--host", "laptop"));
        assertTrue(err.contains("3 messages wait here for the team blue, which is not to see them go to red"), err);
        assertEquals(ExitCode.FAILED, run("join", "nats://127.0.0.1:1", "--team", "blue", "--host", "laptop"));
        assertTrue(err.contains("does not answer (Connection refused)"), err);
    }
}
