package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.HtmlLog;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a person reads of the sessions' conversation, with the real command on what real servers have written. */
@Tag("slow")
@TestInstance(Lifecycle.PER_CLASS)
final class LogStdioIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int USAGE = 2;

    private Peers peers;
    private Path root;
    private Agent ann;
    private Agent ben;
    private String question;
    private String answer;
    private String hello;

    @BeforeAll
    void talk(@TempDir Path temp) throws Exception {
        root = temp;
        peers = new Peers(temp);
        ann = peers.join("ann");
        ben = peers.join("ben");
        Agent.Calling asking = ann.begin("ask_peer", "target", "ben", "body", "which port?");
        Result asked = ben.awaitMail();
        question = asked.text("/messages/0/id");
        answer = ben.call("reply_to_message", "message_id", question, "body", "it is 8080")
                .ok()
                .text("/message_id");
        asking.result().ok();
        hello = ben.call("send_message", "target", "ann", "body", "hello\n\u001b[2Jthere")
                .ok()
                .text("/message_id");
        parley("send", "ann", "mind the PORT").exited(0);
    }

    @AfterAll
    void end() throws Exception {
        peers.assertSound();
        peers.close();
    }

    private Shell parley(String... arguments) throws IOException, InterruptedException {
        return Shell.parley(peers, arguments);
    }

    private List<JsonNode> json(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("log", "--json"));
        all.addAll(List.of(arguments));
        Shell shell = parley(all.toArray(String[]::new)).exited(0);
        return shell.out().lines().map(JSON::readTree).toList();
    }

    private List<String> bodies(String... arguments) throws Exception {
        return json(arguments).stream()
                .map(message -> message.path("body").asString())
                .toList();
    }

    @Test
    void answersStandUnderTheirQuestions() throws Exception {
        Shell shell = parley("log").exited(0);
        assertEquals("", shell.err());
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
        assertTrue(
                shell.out()
                        .matches(time + "  ann → ben  answered  " + question + "\n    which port\\?\n\n"
                                + "  ↳ " + time + "  ben → ann  [a-z]+  " + answer + "\n      it is 8080\n\n"
                                + time + "  ben → ann  stored  " + hello + "\n    hello\n    \\?\\[2Jthere\n\n"
                                + time + "  operator → ann  stored  m-[0-9a-z]{16}\n    mind the PORT\n\n"),
                shell::out);
    }

    @Test
    void everythingIsInTheJson() throws Exception {
        List<JsonNode> messages = json();
        assertEquals(4, messages.size());
        JsonNode asked = messages.get(0);
        assertEquals(question, asked.path("id").asString());
        assertEquals("ann-session", asked.path("from").asString());
        assertEquals("ben-session", asked.path("receiver").asString());
        assertEquals("answered", asked.path("state").asString());
        assertFalse(asked.path("answered_at").isNull(), asked::toString);
        JsonNode answered = messages.get(1);
        assertEquals(asked.path("request_id"), answered.path("reply_to"));
        assertEquals(question, answered.path("source_message_id").asString());
        assertEquals("hello\n\u001b[2Jthere", messages.get(2).path("body").asString());
        assertEquals("operator", messages.get(3).path("origin").asString());
        assertTrue(messages.get(3).path("from").isNull());
    }

    @Test
    void oneCanLookForWhatOneWants() throws Exception {
        assertEquals(List.of("which port?", "it is 8080"), bodies("--with", "ben", "--grep", "/port|\\d{4}/"));
        assertEquals(List.of("which port?", "mind the PORT"), bodies("--grep", "port"));
        assertEquals(List.of("mind the PORT"), bodies("--with", "operator"));
        assertEquals(4, bodies("--with", "ann-sess").size());
        assertEquals(List.of("which port?", "it is 8080"), bodies("--thread", answer));
        assertEquals(List.of("it is 8080"), bodies("--thread", question, "--limit", "1"));
        assertEquals(4, bodies("--since", "1h").size());
        assertEquals(4, bodies("--limit", "all").size());
        Shell newest = parley("log", "--json", "--limit", "1").exited(0);
        assertTrue(newest.out().contains("mind the PORT"), newest::out);
        assertEquals(1, newest.out().lines().count());
        assertTrue(newest.err().contains("--limit all"), newest::err);
        parley("log", "--grep", "nowhere").exited(0).says("no such message is kept here", "newest 1000");
    }

    @Test
    void whatIsTypedWrongIsSaid() throws Exception {
        parley("log", "--with", "nobody").exited(1).says("'nobody'", "ann, ben");
        parley("log", "--grep", "/(/").exited(USAGE).says("/(/");
        parley("log", "--grep", "").exited(USAGE).says("nothing to search for");
        parley("log", "--since", "yesterday").exited(USAGE).says("'yesterday'", "2h");
        parley("log", "--limit", "0").exited(USAGE).says("'0'");
        parley("log", "--thread", "nothing").exited(USAGE).says("'nothing'");
        parley("log", "--thread", "m-0000000000000000").exited(1).says("no message m-0000000000000000");
        parley("log", "--thread", question, "--with", "ann").exited(USAGE).says("--with");
        parley("log", "--json", "--markdown").exited(USAGE).says("--json", "--markdown");
        parley("log", "--follow", "--markdown").exited(USAGE).says("--follow");
    }

    @Test
    void aPageIsWrittenAndNothingElseIsReplaced() throws Exception {
        Path page = root.resolve("log.html");
        parley("log", "--html", page.toString()).exited(0);
        String first = Files.readString(page);
        assertTrue(first.startsWith(HtmlLog.FIRST_LINE), first);
        assertTrue(first.contains("it is 8080") && first.contains("<article id=\"" + question + "\">"), first);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(page)));
        parley("log", "--html", page.toString(), "--limit", "1").exited(0);
        assertFalse(Files.readString(page).contains("it is 8080"));

        Path foreign = Files.writeString(root.resolve("diary.html"), "dear diary");
        parley("log", "--html", foreign.toString()).exited(1).says("diary.html", "left as it is");
        assertEquals("dear diary", Files.readString(foreign));
        parley("log", "--html", root.resolve("no/such/log.html").toString())
                .exited(1)
                .says("no/such");
        try (Stream<Path> files = Files.list(root)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".new")).toList());
        }
    }

    @Test
    void markdownIsForPasting() throws Exception {
        Shell shell = parley("log", "--markdown", "--thread", question).exited(0);
        assertTrue(shell.out().startsWith("# Messages of "), shell::out);
        assertTrue(shell.out().contains("\n> ```text\n> it is 8080\n> ```\n"), shell::out);
    }

    @Test
    void aTerminalGetsColoursAndAPagerUnlessItsUserWantsNone() throws Exception {
        Path pages = root.resolve("pages");
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("TERM", "xterm");
        environment.put("LINES", "5");
        environment.put("PAGER", "cat > '" + pages + "'");
        assertEquals("", onTerminal(environment, "log").strip());
        String paged = Files.readString(pages);
        assertTrue(paged.contains("it is 8080") && !paged.contains("\u001b"), paged);

        environment.put("LINES", "500");
        String coloured = onTerminal(environment, "log");
        assertTrue(
                coloured.contains("it is 8080") && !coloured.contains("\u001b"), "another pager may not know colours");
        environment.put("PAGER", "less");
        coloured = onTerminal(environment, "log");
        assertTrue(coloured.contains("\u001b[1;36mann\u001b[0m"), coloured);
        assertFalse(coloured.contains("\u001b[2Jthere"), coloured);
        environment.put("NO_COLOR", "1");
        assertFalse(onTerminal(environment, "log").contains("\u001b"));
        environment.remove("NO_COLOR");
        environment.put("TERM", "dumb");
        assertFalse(onTerminal(environment, "log").contains("\u001b"));
    }

    /** What a command writes to a terminal, which script(1) gives it. */
    private String onTerminal(Map<String, String> environment, String command) throws Exception {
        String line = Distribution.launcher() + " " + command;
        return Shell.run(List.of("script", "-qec", line, "/dev/null"), environment, peers.project(), "")
                .exited(0)
                .out();
    }

    /** Other sessions, in a project and a store of their own. */
    private Peers others(String name) throws IOException {
        return new Peers(Files.createDirectory(root.resolve(name)));
    }

    @Test
    void aLogThatIsFollowedShowsWhatIsSentFromThenOn() throws Exception {
        try (Peers others = others("followed")) {
            Agent kim = others.join("kim");
            others.join("lee");
            ProcessBuilder builder = new ProcessBuilder(
                            Distribution.command("log", "--follow", "--json", "--limit", "1", "--grep", "follow"))
                    .directory(others.project().toFile())
                    .redirectError(root.resolve("follow.err").toFile());
            builder.environment().clear();
            builder.environment().putAll(Shell.environment(others.home()));
            send(kim, "lee", "follow 0");
            send(kim, "lee", "follow 1");
            Process following = builder.start();
            try (BufferedReader out = following.inputReader()) {
                assertEquals("follow 1", nextBody(out));
                send(kim, "lee", "not this one");
                for (int i = 2; i <= 4; i++) {
                    send(kim, "lee", "follow " + i);
                    assertEquals("follow " + i, nextBody(out));
                }
            } finally {
                following.destroy();
                following.waitFor();
            }
            assertEquals("", Files.readString(root.resolve("follow.err")));
        }
    }

    private static String nextBody(BufferedReader out) throws IOException {
        return JSON.readTree(out.readLine()).path("body").asString();
    }

    private static String send(Agent from, String to, String body) throws Exception {
        return from.call("send_message", "target", to, "body", body).ok().text("/message_id");
    }

    @Test
    void lookingLeavesMailUnread() throws Exception {
        try (Peers others = others("unread")) {
            Agent kim = others.join("kim");
            Agent lee = others.join("lee");
            send(kim, "lee", "unread");
            Shell.parley(others, "log").exited(0).says("stored", "unread");
            assertEquals("unread", lee.awaitMail().text("/messages/0/body"));
        }
    }

    @Test
    void aDamagedRecordIsToldAndHidesNothing() throws Exception {
        try (Peers others = others("damaged")) {
            Agent kim = others.join("kim");
            others.join("lee");
            String id = send(kim, "lee", "to be damaged");
            send(kim, "lee", "whole");
            Files.writeString(others.session("lee-session").resolve("ledger").resolve(id), "damaged");
            Shell shell = Shell.parley(others, "log", "--with", "lee").exited(0);
            assertTrue(shell.out().contains("whole"), shell::out);
            assertTrue(shell.err().contains(id) && shell.err().contains("parley check"), shell::err);
        }
    }

    @Test
    void anExportHoldsTheWholeProject() throws Exception {
        Path kept = root.resolve("kept/export");
        Shell shell = parley("export", kept.toString()).exited(0).says("wrote ", "messages.jsonl");
        List<JsonNode> messages = Files.readAllLines(kept.resolve("messages.jsonl")).stream()
                .map(JSON::readTree)
                .toList();
        assertTrue(shell.out().startsWith("wrote " + messages.size() + " messages to "), shell::out);
        assertEquals("which port?", messages.get(0).path("body").asString());
        String page = Files.readString(kept.resolve("messages.html"));
        assertTrue(page.contains("it is 8080") && page.contains("mind the PORT"), page);
        JsonNode mark = JSON.readTree(Files.readString(kept.resolve("parley-export.json")));
        assertEquals(peers.project().toString(), mark.path("project_root").asString());

        Path beside = Files.writeString(kept.resolve("notes.txt"), "mine");
        parley("export", kept.toString()).exited(0);
        assertEquals("mine", Files.readString(beside));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve("messages.html"))));
    }

    /** More text than the process has memory for. */
    @Test
    void howeverMuchIsKeptAnExportAndALogTakeLittleMemory() throws Exception {
        Path home = Files.createDirectory(root.resolve("much"));
        Project project = Project.of(Files.createDirectory(root.resolve("written")));
        FilePostOffice office = new FilePostOffice(
                Store.over(home, Disk.local(Durability.PROCESS), InstantSource.system(), Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        int each = 600;
        String body = "x".repeat(8000);
        for (String name : List.of("one", "two", "three", "four", "five")) {
            SessionId id = new SessionId(name + "-session");
            office.peers()
                    .register(new Registration(
                            id,
                            Peer.CODEX,
                            project.root(),
                            project.key(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false));
            for (int i = 0; i < each; i++) {
                office.ledger(id)
                        .record(new Envelope(
                                MessageId.create(Optional.empty()),
                                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                                Origin.OPERATOR,
                                Optional.empty(),
                                "operator",
                                id,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                body));
            }
        }
        Map<String, String> environment = Shell.environment(home);
        environment.put("PARLEY_JVM_OPTS", "-Xmx24m");
        Path directory = Path.of(project.root());
        Path kept = root.resolve("much-kept");
        Shell.parley(environment, directory, "", "export", kept.toString())
                .exited(0)
                .says("wrote " + 5 * each + " messages to ");
        assertTrue(Files.size(kept.resolve("messages.jsonl")) > 5L * each * body.length());
        assertTrue(Files.size(kept.resolve("messages.html")) > 5L * each * body.length());
        for (List<String> form : List.of(List.<String>of(), List.of("--json"), List.of("--markdown"))) {
            Path written = root.resolve("much-log" + form.size());
            List<String> command = new ArrayList<>(Distribution.command("log"));
            command.addAll(List.of("--limit", "all"));
            command.addAll(form);
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(written.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process log = builder.start();
            String said = new String(log.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, log.waitFor(), said);
            assertEquals("", said);
            assertTrue(Files.size(written) > 5L * each * body.length(), form::toString);
        }
    }

    @Test
    void anExportReplacesNothingOfSomebodyElses() throws Exception {
        Path taken = Files.createDirectories(root.resolve("taken"));
        Path foreign = Files.writeString(taken.resolve("messages.html"), "mine");
        parley("export", taken.toString()).exited(1).says("messages.html", "nothing was written");
        assertEquals("mine", Files.readString(foreign));
        try (Stream<Path> files = Files.list(taken)) {
            assertEquals(List.of(foreign), files.toList());
        }
        Path file = Files.writeString(root.resolve("file"), "mine");
        parley("export", file.toString()).exited(1).says("no directory");
        parley("export").exited(USAGE).says("DIR");
    }
}
