package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.client.Ownership.State;
import dev.parley.client.Resumption.Manner;
import dev.parley.peer.Binding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** How a thread of Codex is gone on with, and who is seen to hold one. */
final class CodexResumptionTest {

    private static final SessionId ID = new SessionId("01a220de-a6aa-7ef1-8906-7640bfb2c758");

    @TempDir
    private Path root;

    private final CodexResumption codex = new CodexResumption();

    private Resumption.Command command(Manner manner, String approval, String sandbox) {
        return codex.command(
                manner, ID, Binding.ofTurns(Optional.of(approval), Optional.of(sandbox), Optional.empty()));
    }

    @Test
    void alwaysSaysTheSandboxAndNeverOpensOne() {
        assertEquals(
                List.of("resume", "-s", "workspace-write", "-a", "untrusted", ID.value()),
                command(Manner.TERMINAL, "untrusted", "workspace-write").arguments());
        assertEquals(
                List.of(
                        "exec",
                        "resume",
                        "--json",
                        "--skip-git-repo-check",
                        "-c",
                        "sandbox_mode=\"workspace-write\"",
                        ID.value(),
                        "-"),
                command(Manner.HEADLESS, "never", "workspace-write").arguments());
        for (String word : new String[] {"danger-full-access", "never", "bypassPermissions", "", "x\" y"}) {
            for (Manner manner : Manner.values()) {
                Resumption.Command command = command(manner, word, word);
                String line = String.join(" ", command.arguments());
                assertTrue(line.contains("read-only"), line);
                assertFalse(line.matches(".*(danger|never|bypass|x\").*"), line);
                assertTrue(command.notes().toString().contains("read-only"), () -> word + command.notes());
            }
        }
    }

    private Ownership owner(String table) throws Exception {
        return CodexResumption.owner(ID, root.resolve("locks"), Files.writeString(root.resolve("table"), table));
    }

    @Test
    void whoHoldsTheLockHasTheThread() throws Exception {
        assertEquals(State.UNKNOWN, owner("").state(), "a version without locks");
        Files.createDirectories(root.resolve("locks"));
        assertEquals(State.NOBODY, owner("").state());
        Path lock = Files.createFile(root.resolve("locks").resolve(ID + ".lock"));
        Object inode = Files.getAttribute(lock, "unix:ino");
        assertEquals(State.NOBODY, owner("").state(), "left by one that was killed");
        assertEquals(
                State.NOBODY,
                owner("1: POSIX  ADVISORY  WRITE 77 fe:00:" + inode + " 0 EOF\n")
                        .state());
        Ownership owner = owner("1: FLOCK  ADVISORY  WRITE 77 fe:00:" + inode + " 0 EOF\n");
        assertEquals(State.SOMEBODY, owner.state());
        assertTrue(owner.reason().contains("process 77"), owner::reason);
        assertEquals(
                State.UNKNOWN,
                CodexResumption.owner(ID, root.resolve("locks"), root.resolve("none"))
                        .state(),
                "no table of locks");
    }

    @Test
    void whatOnlyItsUserGivesIsWithheld() {
        assertTrue(withheld("on-request", "danger-full-access").orElseThrow().contains("danger-full-access"));
        assertTrue(withheld("never", "read-only").orElseThrow().contains("never"));
        assertEquals(Optional.empty(), withheld("on-request", "workspace-write"));
        assertEquals(Optional.empty(), withheld("bypassPermissions", "read-only"), "the hooks' word for every exec");
    }

    private Optional<String> withheld(String approval, String sandbox) {
        return new CodexResumption()
                .withheld(Binding.ofTurns(Optional.of(approval), Optional.of(sandbox), Optional.empty()));
    }

    /** As Codex 0.171.0 writes it. */
    @Test
    void whoBeganWithoutATerminalChoseNothing() {
        Binding unattended = Binding.ofTurns(Optional.of("never"), Optional.of("danger-full-access"), Optional.of("m"));
        assertEquals(
                Binding.ofTurns(Optional.empty(), Optional.of("danger-full-access"), Optional.of("m")),
                new CodexResumption().chosen(unattended));
        JsonMapper json = JsonMapper.builder().build();
        CodexTranscript form = new CodexTranscript();
        assertTrue(form.isUnattended(json.readTree(
                "{\"type\":\"session_meta\",\"payload\":{\"originator\":\"codex_exec\",\"source\":\"exec\"}}")));
        assertFalse(form.isUnattended(
                json.readTree("{\"type\":\"session_meta\",\"payload\":{\"originator\":\"codex-tui\"}}")));
        assertFalse(form.isUnattended(
                json.readTree("{\"type\":\"event_msg\",\"payload\":{\"originator\":\"codex_exec\"}}")));
    }

    @Test
    void itSaysHowManyTokensATurnTook() {
        JsonMapper json = JsonMapper.builder().build();
        assertEquals(
                Optional.of("12+34_tokens"),
                new CodexResumption()
                        .cost(json.readTree(
                                "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":12,\"output_tokens\":34}}")));
        assertEquals(Optional.empty(), new CodexResumption().cost(json.readTree("{\"type\":\"turn.started\"}")));
        assertEquals(List.of(), new CodexResumption().spending(5));
    }
}
