package dev.parley.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.rpc.LineClient.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client makes of programs that behave, and of those that do not; each is a line of shell. */
@Timeout(60)
class LineClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private LineClient start(String script, Dialect dialect, Duration limit) throws IOException {
        return LineClient.start(
                new ProcessBuilder("sh", "-c", script).directory(directory.toFile()), dialect, limit, Duration.ZERO);
    }

    private LineClient start(String script) throws IOException {
        return start(script, Dialect.STANDARD, LIMIT);
    }

    @Test
    void givesTheResultOfItsQuestionWhateverElseIsSaid() throws Exception {
        try (LineClient client = start("read l; echo 'Welcome!'; echo '{\"id\":1,\"method\":\"theirs\"}';"
                + " echo '{\"id\":7,\"result\":{}}'; echo '{\"id\":1,\"result\":{\"a\":2}}'; read l")) {
            assertEquals(
                    2, client.request("m", LineClient.parameters()).path("a").asInt());
            assertEquals(Optional.of("Welcome!"), client.stray());
        }
    }

    @Test
    void eachDialectIsWrittenAsItsProgramReadsIt() throws Exception {
        for (Dialect dialect : Dialect.values()) {
            try (LineClient client = start(
                    "read a; read b; echo \"$a\" >said; echo \"$b\" >>said; echo '{\"id\":1,\"result\":{}}'; read l",
                    dialect,
                    LIMIT)) {
                client.tell("ready");
                var unused = client.request("m", LineClient.parameters().put("p", "\u00e4"));
            }
            String header = dialect == Dialect.STANDARD ? "\"jsonrpc\":\"2.0\"," : "";
            assertEquals(
                    List.of(
                            "{" + header + "\"method\":\"ready\"}",
                            "{" + header + "\"id\":1,\"method\":\"m\",\"params\":{\"p\":\"\u00e4\"}}"),
                    Files.readAllLines(directory.resolve("said")));
        }
    }

    @Test
    void anErrorIsToldAsItIs() throws Exception {
        try (LineClient client = start("read l; echo '{\"id\":1,\"error\":{\"code\":5}}'; read l")) {
            IOException e = assertThrows(IOException.class, () -> client.request("m", LineClient.parameters()));
            assertEquals("answered m with the error {\"code\":5}", e.getMessage());
        }
    }

    @Test
    void aProgramThatEndsIsToldWithItsCodeAndItsLastWords() throws Exception {
        try (LineClient client = start("for i in 1 2 3 4 5 6; do echo $i >&2; done; exit 7")) {
            IOException e = assertThrows(IOException.class, () -> client.request("m", LineClient.parameters()));
            assertEquals("closed its output instead of answering m and ended with code 7", e.getMessage());
            assertTrue(client.lastWords().contains("5 | 6"), client::lastWords);
            assertFalse(client.lastWords().contains("1 |"), client::lastWords);
        }
    }

    @Test
    void aProgramThatSaysNothingIsNotWaitedForForEver() throws Exception {
        try (LineClient client = start("sleep 60", Dialect.STANDARD, Duration.ofSeconds(1))) {
            IOException e = assertThrows(IOException.class, () -> client.request("m", LineClient.parameters()));
            assertEquals("did not answer m within 1 s", e.getMessage());
        }
    }

    @Test
    void whoStaysIsKilledWithAllThatItStarted() throws Exception {
        LineClient client = start("sleep 60 & read l; echo '{\"id\":1,\"result\":{}}'; wait");
        var unused = client.request("m", LineClient.parameters());
        ProcessHandle program = client.process();
        List<ProcessHandle> children = program.children().toList();
        assertEquals(1, children.size());

        client.close();

        program.onExit().get(10, TimeUnit.SECONDS);
        children.get(0).onExit().get(10, TimeUnit.SECONDS);
    }
}
