package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Road;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.hub.nats.NatsServer;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.PostOffice;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.remote.RemoteCards;
import dev.parley.session.PostOffices;
import dev.parley.store.Checksummed;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Two machines join a team, over a nats-server with the configuration that is printed for it. */
@Tag("hub")
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class HubStdioIT {

    private static final String PROJECT = "0123456789abcdef0123";
    private static final HostName LAPTOP = new HostName("laptop");
    private static final HostName SERVER = new HostName("build-server");

    @TempDir
    Path directory;

    private Path root = Path.of("");
    private String out = "";
    private String err = "";

    @SuppressWarnings("NullAway.Init") // set before each test
    private NatsServer hub;

    @BeforeEach
    void startHub() throws Exception {
        root = directory.toRealPath();
        assertEquals(
                ExitCode.OK,
                run(
                        "laptop",
                        "hub",
                        "config",
                        "--team",
                        "blue",
                        "--host",
                        "laptop",
                        "--host",
                        "build-server",
                        "--no-tls",
                        "--listen",
                        "127.0.0.1:PORT",
                        "--store-dir",
                        "DATA"));
        Matcher users =
                Pattern.compile("user: \"([^\"]+)\"\\s+password: \"([^\"]+)\"").matcher(out);
        while (users.find()) {
            Path file = Files.writeString(passwordFile(users.group(1)), users.group(2) + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        hub = NatsServer.startWith(root.resolve("hub"), out);
        Path project = Files.createDirectories(root.resolve("app"));
        git(project, "init", "-q");
        git(project, "remote", "add", "origin", "https://github.com/acme/app.git");
    }

    @AfterEach
    void stopHub() throws Exception {
        hub.close();
    }

    private static void git(Path directory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    private Path passwordFile(String host) {
        return root.resolve("password of " + host);
    }

    private Map<String, String> environment(String machine) {
        return new TreeMap<>(
                Map.of("PARLEY_HOME", root.resolve("home-" + machine).toString(), "HOME", root.toString()));
    }

    /** A command of a machine, in this process. */
    private int run(String machine, String... line) {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, UTF_8));
        System.setErr(new PrintStream(errBytes, true, UTF_8));
        try {
            return CommandLineTool.run(environment(machine), line);
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
            out = outBytes.toString(UTF_8);
            err = errBytes.toString(UTF_8);
        }
    }

    private String[] join(String host) {
        return new String[] {
            "hub",
            "join",
            hub.url(),
            "--team",
            "blue",
            "--user",
            host,
            "--password-file",
            passwordFile(host).toString(),
            "--project",
            root.resolve("app").toString()
        };
    }

    private HubFile file(String machine) throws Exception {
        return HubFile.in(root.resolve("home-" + machine));
    }

    private NatsRoad road(String machine) throws Exception {
        HubSettings settings = file(machine).read().orElseThrow();
        return NatsRoad.open(settings.membership(), Map.of(), Trace.NONE);
    }

    @Test
    void twoMachinesJoinAndSeeEachOther() throws Exception {
        assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
        assertTrue(
                out.matches(
                        "joined the team blue as laptop: nats://127\\.0\\.0\\.1:\\d+, nats-server 2\\.\\S+, \\d+\\.\\d ms"
                                + " away\nthe team sees the project github\\.com/acme/app, for which \\S+/app stands\n"
                                + "sessions that run already reach the others once their client is started again\n"),
                out);
        HubSettings joined = file("laptop").read().orElseThrow();
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file("laptop").path())));
        assertFalse(
                Files.readString(file("laptop").path())
                        .contains(Files.readString(passwordFile("laptop")).strip()),
                "no secret is in it");
        assertEquals(ExitCode.OK, run("server", join("build-server")), () -> err);

        // Again, with something else: what is shared stays, and so does who it is.
        List<String> again = new ArrayList<>(List.of(join("laptop")));
        again.addAll(List.of("--accept", "build-server"));
        assertEquals(ExitCode.OK, run("laptop", again.toArray(new String[0])), () -> err);
        HubSettings now = file("laptop").read().orElseThrow();
        assertEquals(joined.incarnation(), now.incarnation());
        assertEquals(joined.shared(), now.shared());
        assertEquals("build-server", now.accept().toString());

        // What a postman writes.
        try (NatsRoad laptop = road("laptop");
                NatsRoad server = road("server")) {
            server.put("build-server", "x".getBytes(UTF_8), Road.ABSENT);
            server.publish(new Address(PROJECT, LAPTOP, SERVER, "m-1"), 1, "x".getBytes(UTF_8));
            assertEquals(ExitCode.OK, run("laptop", "hub", "status"), () -> err);
            for (String line : List.of(
                    "team: blue, in which this machine is laptop",
                    "mail is taken from: build-server",
                    "shared: github\\.com/acme/app, \\S+/app/\\.git",
                    "out: nothing waits to leave this machine",
                    "hub: nats://\\S+, nats-server 2\\S+, \\S+ ms away",
                    "in: 1 message waits at the hub for this machine",
                    "host: build-server, seen \\d+ s ago",
                    "durability: .*")) {
                assertEquals(1, out.lines().filter(each -> each.matches(line)).count(), line + " in " + out);
            }

            assertEquals(ExitCode.FAILED, run("laptop", "hub", "leave", "--timeout", "0"));
            assertTrue(err.contains("0 messages to leave this machine and 1 to come in would be stranded"), err);
            assertEquals(now, file("laptop").read().orElseThrow());
            for (Arrival arrival : laptop.fetch(10, Duration.ofSeconds(5))) {
                arrival.done();
            }
            office("laptop").remoteMail().orElseThrow().cards().keepBeats(List.of("its-own"));
            laptop.put(
                    "laptop",
                    Checksummed.encode("{\"v\":1,\"incarnation\":\"one\",\"beat\":\"its-own\"}\n"),
                    Road.ABSENT);
            laptop.put("laptop.p.s", "card".getBytes(UTF_8), Road.ABSENT);
            assertEquals(
                    2,
                    server.entries().stream()
                            .filter(entry -> entry.key().startsWith("laptop"))
                            .count());
            assertEquals(ExitCode.OK, run("laptop", "hub", "leave"), () -> err);
            assertEquals("left the team blue\n", out);
            assertEquals(
                    List.of("build-server"),
                    server.entries().stream().map(Entry::key).toList());
            assertEquals(Set.of("laptop"), server.removed(), "it is told from a loss");
            assertTrue(file("laptop").read().isEmpty());
        }
    }

    private PostOffice office(String machine) throws Exception {
        return PostOffices.open(environment(machine), Trace.NONE);
    }

    /** A session that lives as long as this process. */
    private void begin(String machine, String id) throws Exception {
        Optional<ProcessIdentity> self = Optional.of(office(machine).processes().self());
        var unused = office(machine)
                .peers()
                .register(new Registration(
                        new SessionId(id),
                        "codex",
                        root.resolve("app").toString(),
                        root.resolve("app/.git").toString(),
                        self,
                        self,
                        Optional.empty(),
                        false));
    }

    private void write(String body) throws Exception {
        office("laptop")
                .remoteMail()
                .orElseThrow()
                .outbox()
                .put(SERVER, Letters.plain(new SessionId("ann-00001"), new SessionId("ben-00001"), body));
    }

    /** What a server of a machine does. */
    private Thread attending(String machine) {
        Thread thread = new Thread(() -> {
            try {
                PostOffices.attend(environment(machine), Trace.NONE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    /** Without a server on the machine that leaves: the command carries its mail. */
    @Test
    void whoeverLeavesWaitsForWhatIsOnItsWay() throws Exception {
        assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
        assertEquals(ExitCode.OK, run("server", join("build-server")), () -> err);
        begin("laptop", "ann-00001");
        begin("server", "ben-00001");
        write("one");
        assertEquals(ExitCode.FAILED, run("laptop", "hub", "leave", "--timeout", "2"));
        String whom = "1 to session ben-00001 on build-server, since 2026-03-04T05:06:07Z";
        assertTrue(
                err.contains("1 message to leave this machine and 0 to come in would be stranded (" + whom + ")"), err);
        assertTrue(err.contains("parley: waiting for 1 message to leave this machine"), err);

        Thread server = attending("server");
        try {
            assertEquals(ExitCode.OK, run("laptop", "hub", "leave"), () -> err);
            assertEquals("left the team blue\n", out);
            Mailbox ben = office("server").mailbox(new SessionId("ben-00001"));
            assertEquals(1, ben.waiting());
            try (NatsRoad road = road("server")) {
                assertTrue(
                        road.entries().stream().noneMatch(entry -> entry.key().startsWith("laptop")));
            }

            // It is stranded, and goes out when the same machine is back; at once, since the name is its own.
            assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
            write("two");
            assertEquals(ExitCode.OK, run("laptop", "hub", "leave", "--strand", "--timeout", "0"), () -> err);
            assertTrue(out.contains("1 message stays here (1 to ") && out.contains("joins blue again"), out);
            assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
            Thread laptop = attending("laptop");
            await().until(() -> ben.waiting() == 2);
            // Carried by a server, which writes to the hub until it notices.
            assertEquals(ExitCode.OK, run("laptop", "hub", "leave"), () -> err);
            assertEquals("left the team blue\n", out);
            end(laptop);
            assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
        } finally {
            end(server);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void end(Thread server) throws InterruptedException {
        server.interrupt();
        server.join();
    }

    /** Two stores of one name, and one store that is there twice: each is told so, and changes nothing of the other. */
    @Test
    void theSecondMachineOfANameIsRefused() throws Exception {
        assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
        RemoteCards cards = office("laptop").remoteMail().orElseThrow().cards();
        Thread laptop = attending("laptop");
        await().until(() -> cards.link().isUp());
        assertEquals(ExitCode.FAILED, run("other", join("laptop")));
        assertTrue(err.contains("another machine of the team is called laptop"), err);
        assertTrue(file("other").read().isEmpty());

        end(laptop);
        copy(root.resolve("home-laptop"), root.resolve("home-copy"));
        laptop = attending("laptop");
        try {
            String why = "a copy of this store is in use on another machine, as laptop";
            await().until(() -> run("copy", "hub", "status") == ExitCode.FAILED);
            assertTrue(err.contains(why), err);
            assertTrue(examined("copy").stream().anyMatch(row -> row.startsWith("FAILURE hub name: " + why)));
            assertEquals(ExitCode.FAILED, run("copy", join("laptop")));
            assertTrue(err.contains(why), err);
            assertEquals(ExitCode.OK, run("copy", "hub", "leave"), () -> err);
            assertEquals("left the team blue; what the hub shows of laptop is the other machine's\n", out);
            assertEquals(ExitCode.OK, run("copy", join("build-server")), () -> err);
            try (NatsRoad road = road("laptop")) {
                assertTrue(road.entries().stream().anyMatch(entry -> entry.key().equals("laptop")));
            }
            assertEquals(ExitCode.OK, run("laptop", "hub", "status"), () -> err);
            assertEquals(ExitCode.OK, run("laptop", join("laptop")), "its own lease stands in nobody's way");
        } finally {
            end(laptop);
        }
    }

    /** Checked before anything is written, or the first message would tell. */
    @Test
    void aPermissionThatIsMissingIsToldBeforeItIsNeeded() throws Exception {
        assertEquals(
                ExitCode.OK,
                run(
                        "laptop",
                        "hub",
                        "config",
                        "--team",
                        "blue",
                        "--host",
                        "laptop",
                        "--no-tls",
                        "--listen",
                        "127.0.0.1:PORT",
                        "--store-dir",
                        "DATA"));
        Matcher password = Pattern.compile("password: \"([^\"]+)\"").matcher(out);
        assertTrue(password.find());
        Files.writeString(passwordFile("laptop"), password.group(1) + "\n");
        hub.close();
        hub = NatsServer.startWith(root.resolve("less"), out.replace("\"parley.blue.*.*.laptop.*\"", "\"nothing\""));
        assertEquals(ExitCode.FAILED, run("laptop", join("laptop")));
        assertTrue(err.contains("forbid this host to publish to parley.blue."), err);
        assertTrue(file("laptop").read().isEmpty());
    }

    @Test
    void whatIsWrongIsToldAndNothingIsWritten() throws Exception {
        Files.writeString(passwordFile("laptop"), "wrong\n");
        assertEquals(ExitCode.FAILED, run("laptop", join("laptop")));
        assertTrue(err.contains("refuses the login (Authorization Violation); check the user and the password"), err);
        assertTrue(file("laptop").read().isEmpty());
    }

    private List<String> examined(String machine) throws Exception {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return new DoctorHub(new HubDesk(environment(machine), nowhere, nowhere), root.resolve("app"))
                .examine().stream()
                        .map(row -> row.level() + " " + row.check() + ": " + row.seen())
                        .toList();
    }

    @Test
    void theDoctorLooksAtIt() throws Exception {
        assertEquals(ExitCode.OK, run("laptop", join("laptop")), () -> err);
        List<String> rows = examined("laptop");
        assertEquals(2, rows.size(), rows::toString);
        assertTrue(
                rows.get(0).matches("OK hub: team blue, as laptop: nats://\\S+, nats-server 2\\S+, \\S+ ms away"),
                rows::toString);
        assertEquals("OK hub project: the team sees it as github.com/acme/app", rows.get(1));

        assertEquals(
                ExitCode.OK,
                run("laptop", "hub", "unshare", "--project", root.resolve("app").toString()));
        assertEquals(
                "OK hub project: it is not shared; 'parley hub share' would",
                examined("laptop").get(1));
        git(root.resolve("app"), "remote", "remove", "origin");
        assertTrue(
                examined("laptop").get(1).startsWith("OK hub project: it stays on this machine: it has no remote"),
                () -> "the reason is told");

        hub.close();
        List<String> lost = examined("laptop");
        assertTrue(lost.get(0).matches("FAILURE hub: the hub nats://\\S+ does not answer .*"), lost::toString);
    }

    /** A nats-server that lets everybody in, as it is when it is only started. */
    @Test
    void aHubThatIsOpenToAllIsWarnedOf() throws Exception {
        try (NatsServer open = NatsServer.startWith(
                root.resolve("open"), "listen: \"127.0.0.1:PORT\"\njetstream { store_dir: \"DATA\" }\n")) {
            assertEquals(
                    ExitCode.OK,
                    run(
                            "laptop",
                            "hub",
                            "join",
                            open.url(),
                            "--team",
                            "blue",
                            "--host",
                            "laptop",
                            "--project",
                            root.resolve("app").toString()),
                    () -> err);
            assertTrue(out.contains("warning: the hub lets this user read everybody's mail"), out);
            assertTrue(
                    examined("laptop").stream().anyMatch(row -> row.startsWith("WARNING hub permissions: ")),
                    () -> "the doctor, too");
        }
    }

    /** The launcher puts what talks to a hub on the class path where it is needed, and the help does without. */
    @Test
    void theDistributionJoins() throws Exception {
        Map<String, String> environment = Shell.environment(root.resolve("home-laptop"));
        Shell help =
                Shell.run(Distribution.command("--help"), environment, root, "").exited(0);
        assertTrue(help.out().lines().anyMatch(line -> line.matches("  hub +Joins this machine .*")), help::out);
        Shell joined = Shell.run(
                        Stream.concat(Distribution.command().stream(), Stream.of(join("laptop")))
                                .toList(),
                        environment,
                        root,
                        "")
                .exited(0);
        assertTrue(joined.out().startsWith("joined the team blue as laptop"), joined::out);
        try (Stream<Path> jars = Files.list(Distribution.directory().resolve("lib"))) {
            assertEquals(
                    List.of(),
                    jars.map(jar -> jar.getFileName().toString())
                            .filter(name -> name.matches("(jnats|hub|bcprov).*"))
                            .toList());
        }
    }
}
