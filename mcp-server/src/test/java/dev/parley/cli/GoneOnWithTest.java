package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.cockpit.Histories;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.session.PostOffices;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code parley log} and {@code parley status} tell of sessions that were gone on with. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class GoneOnWithTest {

    private static final SessionId ANN = new SessionId("ann-session");
    private static final SessionId BEN = new SessionId("ben-session");

    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofHours(2));
    private Map<String, String> environment = Map.of();
    private PostOffice office;
    private Path project;
    private String err = "";

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        project = Files.createDirectory(temp.toRealPath().resolve("project"));
        environment = Map.of("PARLEY_HOME", temp.resolve("home").toString(), "HOME", temp.toString());
        office = PostOffices.open(environment, Trace.NONE);
        join(ANN, "ann");
        join(BEN, "ben");
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        Histories.resumes(
                office, ANN, "run " + began.toEpochMilli() + " m-0000000000000001 " + at(30) + " done 0.0123_USD");
        Histories.supervised(office, BEN, self, "began " + at(10) + " BY - -", "resumed " + at(20) + " BY 137 -");
    }

    private long at(int seconds) {
        return began.plusSeconds(seconds).toEpochMilli();
    }

    private void join(SessionId id, String name) throws Exception {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        office.peers()
                .register(new Registration(
                        id,
                        Peer.CLAUDE_CODE,
                        project.toString(),
                        Project.of(project).key(),
                        Optional.of(self),
                        Optional.of(self),
                        Optional.of(id),
                        Optional.empty(),
                        false,
                        Binding.NONE));
        office.peers().update(id, card -> card.withName(name));
    }

    private String run(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command, "--project", project.toString()));
        words.addAll(List.of(more));
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(errors, true, UTF_8));
        try {
            assertEquals(
                    ExitCode.OK,
                    CommandLineTool.run(environment, words.toArray(String[]::new)),
                    () -> out + "" + errors);
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
        }
        err = errors.toString(UTF_8);
        return out.toString(UTF_8);
    }

    private static List<String> events(String log) {
        return log.lines()
                .filter(line -> line.matches("[0-9]{4}-.*"))
                .map(line -> line.replaceAll("[0-9]{4}-[0-9-]{5} [0-9:]{8}", "T"))
                .toList();
    }

    @Test
    void theTextTellsOfBothInTheOrderOfTime() {
        String self = Long.toString(ProcessHandle.current().pid());
        String start = "T  ann resumed for m-0000000000000001: did its turn (T), 0.0123 USD";
        List<String> supervision =
                List.of("T  ben supervised by process " + self, "T  ben resumed: its client had ended with 137");
        assertEquals(List.of(start, supervision.get(0), supervision.get(1)), events(run("log")));
        assertEquals(List.of(start), events(run("log", "--with", "ann")));
        assertEquals(supervision, events(run("log", "--with", "ben")));
        assertEquals(List.of(), events(run("log", "--since", "1h")));
        assertEquals(List.of(), events(run("log", "--with", "operator")));
        assertEquals(List.of(), events(run("log", "--grep", "resumed")));
    }

    @Test
    void everyOtherFormTellsOfThemToo() throws Exception {
        String markdown = run("log", "--markdown");
        assertTrue(markdown.contains("## Starts and supervision"), markdown);
        assertTrue(markdown.contains("**ben** resumed\\: its client had ended with 137"), markdown);
        Path page = project.resolveSibling("log.html");
        run("log", "--html", page.toString());
        String html = Files.readString(page);
        assertTrue(html.contains("<b>ann</b> resumed for m-0000000000000001: did its turn"), html);
        assertTrue(html.contains("<b>ben</b> resumed: its client had ended with 137</li>"), html);
        List<JsonNode> json = run("log", "--json")
                .lines()
                .map(line -> JsonMapper.builder().build().readTree(line))
                .toList();
        assertEquals(3, json.size());
        assertEquals("0.0123 USD", json.get(0).path("resume").path("cost").asString());
        assertEquals("began", json.get(1).path("supervision").path("what").asString());
        assertEquals(
                "ben-session", json.get(2).path("supervision").path("session").asString());
        assertEquals(137, json.get(2).path("supervision").path("exit_code").asInt());
    }

    @Test
    void whatIsDamagedIsNamedAndHidesNothing() throws Exception {
        Path file = Path.of(environment.get("PARLEY_HOME"), "sessions", ANN.value(), "resumes");
        Files.delete(file);
        Files.createDirectory(file);
        String log = run("log");
        assertTrue(log.contains("ben resumed: its client had ended with 137"), log);
        assertTrue(err.contains("what was done to go on with ann cannot be read: "), err);
        run("status");
        assertTrue(err.contains("what was done to go on with ann cannot be read: "), err);
    }

    @Test
    void anAddressThatWasMadeForASessionIsSaidToBeNoMore() throws Exception {
        SessionId spawned = new SessionId("spawned-session");
        office.peers()
                .register(new Registration(
                        spawned,
                        Peer.CODEX,
                        project.toString(),
                        Project.of(project).key(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false));
        office.peers().update(spawned, card -> card.withName("reviewer"));
        String status = run("status");
        assertTrue(status.lines().anyMatch(line -> line.matches(" *reviewer +codex +not begun .*")), status);
        assertFalse(status.lines().anyMatch(line -> line.contains("ann") && line.contains("not begun")), status);
    }
}
