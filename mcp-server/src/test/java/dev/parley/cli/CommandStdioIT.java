package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.cockpit.Cells;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code parley} command of the distribution: what it prints, and its exit codes. */
@Tag("slow")
class CommandStdioIT {

    private static final int USAGE = 2;

    private static Path root;
    private static Peers peers;
    private static Agent alice;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        root = directory.toRealPath();
        peers = new Peers(root);
        alice = peers.join("alice");
        alice.call("set_my_state", "purpose", "plans the release").ok();
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    private static Shell parley(String... arguments) throws Exception {
        return Shell.parley(peers, arguments);
    }

    private static Shell withInput(String input, String... arguments) throws Exception {
        return Shell.parley(Shell.environment(peers.home()), peers.project(), input, arguments);
    }

    private static JsonNode json(Shell shell) {
        return JsonMapper.builder().build().readTree(shell.out());
    }

    @Test
    void versionSaysWhichParleyFormatAndJava() throws Exception {
        Shell shell = parley("version").exited(0);
        assertTrue(shell.out().matches("(?s)parley \\d+\\.\\d+\\.\\d+.*store format 1, Java 1?\\d.*"), shell::out);
    }

    @Test
    void helpGoesToStandardOutputAndWhatIsWrongToStandardError() throws Exception {
        Shell help = parley("--help").exited(0).says("Exit codes:", "parley demo");
        assertEquals("", help.err());
        Shell shell = parley("send").exited(USAGE).says("TARGET", "Usage: parley send");
        assertEquals("", shell.out());
    }

    @Test
    void withoutArgumentsItServesWhoIsNoTerminal() throws Exception {
        String hello = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
        Shell shell = withInput(hello).exited(0);
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n", shell.out());
        assertEquals("", shell.err());
        assertEquals(shell, withInput(hello, "serve"));
    }

    @Test
    void withoutArgumentsItHelpsATerminal() throws Exception {
        // script(1) gives it one.
        List<String> command = List.of("script", "-qec", Distribution.launcher().toString(), "/dev/null");
        Shell.run(command, Shell.environment(peers.home()), peers.project(), "")
                .exited(0)
                .says("A post office for coding agents", "status");
    }

    @Test
    void statusIsATableForPeople() throws Exception {
        Shell shell = parley("status").exited(0);
        List<String> lines = shell.out().lines().toList();
        assertEquals("project " + peers.project(), lines.get(0));
        assertTrue(lines.get(1).matches("NAME +CLIENT +DOES +UNREAD +PURPOSE"), shell::out);
        String row = lines.stream()
                .filter(line -> line.startsWith("alice "))
                .findFirst()
                .orElseThrow();
        assertTrue(row.matches("alice +parley-test +running +\\d+ +plans the release"), row);
    }

    @Test
    void statusFitsTheTerminal() throws Exception {
        Agent wide = peers.join("wide");
        wide.call("set_my_state", "purpose", "数を数える、どこまでも数える").ok();
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("COLUMNS", "90");
        Shell.parley(environment, peers.project(), "", "status").exited(0).says("数を数");
        environment.put("COLUMNS", "40");
        Shell shell = Shell.parley(environment, peers.project(), "", "status")
                .exited(0)
                .says("UNREAD");
        for (String line : shell.out().lines().toList()) {
            assertTrue(Cells.of(line) <= 40, line);
        }
    }

    @Test
    void statusSaysWhoIsIdleAndWhoWaitsForItsUser() throws Exception {
        peers.join("asker");
        peers.join("halted");
        Files.writeString(peers.session("asker-session").resolve("activity"), "asks\n");
        Files.writeString(peers.session("halted-session").resolve("activity"), "held\n");
        Shell shell = parley("status").exited(0);
        assertTrue(shell.out().matches("(?s).*asker +parley-test +waits for its user for \\d+ s .*"), shell::out);
        assertTrue(shell.out().matches("(?s).*halted +parley-test +idle for \\d+ s .*"), shell::out);
        JsonNode sessions = json(parley("status", "--json").exited(0)).path("sessions");
        assertTrue(
                sessions.valueStream()
                        .anyMatch(s -> s.path("activity").asString().equals("waits_for_user")),
                sessions::toString);
    }

    @Test
    void statusSaysWhoWaitsForWhom() throws Exception {
        Agent kim = peers.join("kim");
        Agent lee = peers.join("lee");
        Calling asking = kim.begin("ask_peer", "target", "lee", "body", "which port?");
        Result question = lee.awaitMail();
        assertWaits("kim waits for lee: \\d+ s", true);
        lee.call("reply_to_message", "message_id", question.text("/messages/0/id"), "body", "8080")
                .ok();
        asking.result().ok();

        kim.call("ask_peer", "target", "lee", "body", "and which host?", "timeout_ms", 1)
                .ok();
        assertWaits("kim asked lee \\d+ s ago: no answer yet", false);
        lee.call("reply_to_message", "message_id", lee.awaitMail().text("/messages/0/id"), "body", "localhost")
                .ok();
        assertFalse(parley("status").exited(0).out().contains("kim asked"), "it has an answer");
    }

    /** By what is owed: also what send_message wants, as long as its owner has not finished it. */
    @Test
    void statusSaysWhatIsOverdueAndHowFarItIs() throws Exception {
        Agent mia = peers.join("mia");
        Agent noa = peers.join("noa");
        mia.call("send_message", "target", "noa", "body", "the notes, please", "expects_reply", true)
                .ok();
        Result request = noa.awaitMail();
        assertTrue(parley("status")
                .exited(0)
                .out()
                .lines()
                .anyMatch(line -> line.matches("mia asked noa \\d+ s ago: no answer yet")));
        noa.call(
                        "update_work",
                        "message_id",
                        request.text("/messages/0/id"),
                        "status",
                        "blocked",
                        "note",
                        "no access",
                        "needs",
                        "the key")
                .ok();
        Shell shell = parley("status").exited(0);
        assertTrue(
                shell.out()
                        .lines()
                        .anyMatch(line -> line.matches(
                                "mia asked noa \\d+ s ago: no answer yet, blocked: no access; needs: the key")),
                shell::out);
        JsonNode status = json(parley("status", "--json").exited(0));
        JsonNode session = named(status.path("sessions"), "name", "mia");
        assertEquals("answer", session.path("need").asString());
        assertEquals(0, session.path("overdue").asInt(-1));
        JsonNode wait = named(status.path("waits"), "asker", "mia");
        assertEquals("blocked", wait.path("status").asString());
        assertFalse(wait.path("overdue").asBoolean(true));
        assertEquals(wait.path("since").asString(), session.path("need_since").asString());
        noa.call("update_work", "message_id", request.text("/messages/0/id"), "status", "declined")
                .ok();
        assertFalse(parley("status").exited(0).out().contains("mia asked"), "it has ended");
    }

    private static JsonNode named(JsonNode all, String field, String name) {
        return all.valueStream()
                .filter(each -> each.path(field).asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertWaits(String line, boolean now) throws Exception {
        Shell shell = parley("status").exited(0);
        assertEquals("", shell.err());
        assertTrue(shell.out().lines().anyMatch(each -> each.matches(line)), shell::out);
        JsonNode waits = json(parley("status", "--json").exited(0)).path("waits");
        JsonNode wait = waits.valueStream()
                .filter(each -> each.path("asker").asString().equals("kim"))
                .findFirst()
                .orElseThrow();
        assertEquals("lee", wait.path("asked").asString());
        assertEquals("lee-session", wait.path("asked_session_id").asString());
        assertTrue(Instant.parse(wait.path("since").asString()).isBefore(Instant.now()), wait::toString);
        assertEquals(now, wait.path("waiting_now").booleanValue());
    }

    @Test
    void statusIsJsonForPrograms() throws Exception {
        JsonNode status = json(parley("status", "--json").exited(0));
        assertEquals(1, status.path("schema_version").asInt());
        assertEquals(peers.project().toString(), status.path("project_root").asString());
        JsonNode session = status.path("sessions")
                .valueStream()
                .filter(each -> each.path("name").asString().equals("alice"))
                .findFirst()
                .orElseThrow();
        assertEquals("alice-session", session.path("client_session_id").asString());
        assertEquals("live", session.path("life").asString());
    }

    @Test
    void statusShowsThoseThatHaveEndedOnlyIfAsked() throws Exception {
        peers.join("shade").close();
        assertFalse(parley("status").exited(0).out().contains("shade"));
        Shell all = parley("status", "--all").exited(0);
        assertTrue(all.out().lines().anyMatch(line -> line.startsWith("shade ") && line.contains("ended")), all::out);
    }

    @Test
    void anotherDirectoryIsAnotherProject() throws Exception {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        parley("status", "--project", elsewhere.toString()).exited(0).says("no session is running here");
        Shell.parley(Shell.environment(peers.home()), elsewhere, "", "status", "--project", "../project")
                .exited(0)
                .says("alice");
        parley("status", "--project", "/does/not/exist").exited(1).says("/does/not/exist");
        parley("send", "--project", elsewhere.toString(), "alice", "hello")
                .exited(1)
                .says("'alice'");
    }

    @Test
    void sendIsTheOperatorSpeaking() throws Exception {
        Agent bob = peers.join("bob");
        Shell shell = parley("send", "bob", "the build is red").exited(0);
        assertTrue(
                shell.out()
                        .matches("(?s)stored m-[0-9a-z]{16} for bob \\(parley-test\\)\noutlook: when_read\\. "
                                + "nothing can wake its client: .*"),
                shell::out);
        Result read = bob.awaitMail();
        assertEquals("the build is red", read.text("/messages/0/body"));
        assertEquals("operator", read.text("/messages/0/origin"));
        assertTrue(read.at("/messages/0/from_session_id").isMissingNode(), read::toString);

        withInput("piped\nin\n", "send", "bob", "-").exited(0);
        assertEquals("piped\nin", bob.awaitMail().text("/messages/0/body"));
        withInput("x".repeat(8192) + "\n", "send", "bob", "-").exited(0);
        assertEquals(8192, bob.awaitMail().at("/messages/0/body_bytes").asInt());
    }

    @Test
    void sendWakesAsItIsTold() throws Exception {
        Agent eve = peers.join("eve");
        Path bell = peers.session("eve-session").resolve("doorbell");
        FileTime before = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(bell, before);
        parley("send", "--wake", "off", "eve", "quietly").exited(0).says("outlook: when_read");
        assertEquals(before, Files.getLastModifiedTime(bell));
        parley("send", "--wake", "auto", "eve", "loudly").exited(0).says("not woken: no rung reaches it");
        assertNotEquals(before, Files.getLastModifiedTime(bell));
        assertEquals("quietly", eve.awaitMail().text("/messages/0/body"));
        parley("send", "--wake", "never", "eve", "x").exited(USAGE).says("it is off or auto");
    }

    @Test
    void sendSaysWhyItDidNot() throws Exception {
        parley("send", "nobody", "hello").exited(1).says("'nobody'", "alice");
        parley("send", "alice", "").exited(USAGE).says("8192");
        parley("send", "alice", "x".repeat(8193)).exited(USAGE).says("8192");
        withInput("x".repeat(8193), "send", "alice", "-").exited(USAGE).says("8192");
        withInput("x".repeat(100_000), "send", "alice", "-").exited(USAGE).says("8192");
        withInput("", "send", "alice", "-").exited(USAGE);
    }

    @Test
    void mailForSomebodyWhoIsOutIsStoredAndCountedInTheStatus() throws Exception {
        peers.join("out").close();
        assertFalse(parley("status").exited(0).out().contains("out"), "nothing waits for it");
        parley("send", "out", "for later").exited(0).says("stored m-", "outlook: when_read.", "claim_session");
        String row = parley("status")
                .exited(0)
                .out()
                .lines()
                .filter(line -> line.startsWith("out "))
                .findFirst()
                .orElseThrow();
        assertTrue(row.contains("ended") && row.contains(" 1 "), row);
        Agent back = peers.join("out");
        assertEquals("for later", back.awaitMail().text("/messages/0/body"));
    }

    @Test
    void aHomeBelowAFileIsSaid() throws Exception {
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("PARLEY_HOME", peers.project().resolve("file/below").toString());
        Files.writeString(peers.project().resolve("file"), "");
        Shell.parley(environment, peers.project(), "", "status").exited(1).says("parley: ", "file/below");
    }

    @Test
    void theDemoTellsItsStoryAndLeavesNothing() throws Exception {
        Path temporary = Files.createDirectory(root.resolve("tmp"));
        Map<String, String> environment = Shell.environment(root.resolve("unused/home"));
        environment.put("PARLEY_JVM_OPTS", "-Djava.io.tmpdir=" + temporary);
        Shell shell = Shell.parley(environment, peers.project(), "", "demo").exited(0);
        shell.says("alice asks bob", "bob>", "(correlated)", "kill -9", "bob is back and reads");
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
        assertFalse(Files.exists(root.resolve("unused/home")), "it has a store of its own");
    }
}
