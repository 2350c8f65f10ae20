package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.client.Ownership.State;
import dev.parley.client.Resumption.Manner;
import dev.parley.peer.Binding;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** How a session of Claude Code is gone on with, and who is seen to run one. */
final class ClaudeResumptionTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");

    @TempDir
    private Path root;

    private final ClaudeResumption claude = new ClaudeResumption();

    private Resumption.Command command(Manner manner, String mode) {
        return claude.command(
                manner, ID, Binding.ofTurns(Optional.of(mode), Optional.empty(), Optional.of("some-model")));
    }

    @Test
    void restoresAModeButNeverABypass() {
        assertEquals(
                List.of("--permission-mode", "acceptEdits", "--resume", ID.value()),
                command(Manner.TERMINAL, "acceptEdits").arguments());
        for (String mode : new String[] {"bypassPermissions", "--dangerously-skip-permissions", "", "unheardOf"}) {
            for (Manner manner : Manner.values()) {
                Resumption.Command command = command(manner, mode);
                String line = String.join(" ", command.arguments());
                assertTrue(line.contains("--permission-mode default"), line);
                assertFalse(line.contains("ypass") || line.contains("dangerously"), line);
                assertTrue(command.notes().toString().contains("default"), () -> mode + command.notes());
            }
        }
    }

    @Test
    void deniesWhatWouldAskWhereNobodyCanAnswer() {
        String line = String.join(" ", command(Manner.HEADLESS, "plan").arguments());
        assertTrue(line.startsWith("-p "), line);
        assertTrue(line.contains("--permission-prompts none"), line);
        assertTrue(line.endsWith("--permission-mode plan --resume " + ID), line);
    }

    private Ownership registered(String... files) throws Exception {
        Path registry = Files.createDirectories(root.resolve("sessions"));
        for (int i = 0; i < files.length; i++) {
            Files.writeString(registry.resolve(i + ".json"), files[i]);
        }
        return ClaudeResumption.registered(ID, registry, LocalProcessTable.INSTANCE);
    }

    private static String entry(SessionId session, ProcessIdentity process, String boot) {
        String inode = process.scope().replaceFirst(".*n", "");
        return """
            {"pid":%d,"sessionId":"%s","procStart":"%d","pidDomain":"linux:%s:pid:[%s]"}
            """.formatted(process.pid(), session, process.start(), boot + "0".repeat(20), inode);
    }

    private static String boot() {
        return LocalProcessTable.INSTANCE.self().scope().substring(0, 12);
    }

    @Test
    void itsRegistryTellsALivingProcessFromOneThatHasEnded() throws Exception {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        ProcessIdentity reused = new ProcessIdentity(self.pid(), self.start() + 1, self.scope());
        assertEquals(State.NOBODY, registered().state());
        assertEquals(State.NOBODY, registered(entry(ID, reused, boot())).state());
        assertEquals(
                State.NOBODY,
                registered(entry(new SessionId("other"), self, boot())).state());
        Ownership owner = registered(entry(ID, reused, boot()), entry(ID, self, boot()));
        assertEquals(State.SOMEBODY, owner.state());
        assertTrue(owner.reason().contains("process " + self.pid()), owner::reason);
    }

    @Test
    void whatItsRegistryDoesNotTellIsUnknown() throws Exception {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        Ownership none = ClaudeResumption.registered(ID, root.resolve("none"), LocalProcessTable.INSTANCE);
        assertEquals(State.UNKNOWN, none.state());
        assertEquals(State.UNKNOWN, registered(entry(ID, self, "0123456789ab")).state());
        assertEquals(
                State.UNKNOWN,
                registered("{\"pid\":1,\"sessionId\":\"" + ID + "\"}").state());
        Ownership torn = registered("{\"pid\":1,\"sess");
        assertEquals(State.UNKNOWN, torn.state());
        assertTrue(torn.remedy().contains("claude agents"), torn::remedy);
    }

    @Test
    void itsListOfAgentsCounts() {
        assertEquals(State.NOBODY, ClaudeResumption.judged(ID, "[]\n").state());
        assertEquals(
                State.NOBODY,
                ClaudeResumption.judged(ID, "[{\"pid\":1,\"sessionId\":\"x\"}]").state());
        assertEquals(
                State.SOMEBODY,
                ClaudeResumption.judged(ID, "[{\"pid\":7,\"sessionId\":\"" + ID + "\"}]")
                        .state());
        for (String said : new String[] {"", "{}", "error: unknown command 'agents'", "[{"}) {
            assertEquals(State.UNKNOWN, ClaudeResumption.judged(ID, said).state(), said);
        }
    }

    @Test
    void withoutItsProgramNobodyCanBeAsked() throws Exception {
        Files.createDirectories(root.resolve("sessions"));
        Ownership owner =
                claude.owner(ID, new Resumption.Place(Optional.empty(), root, Map.of(), LocalProcessTable.INSTANCE));
        assertEquals(State.UNKNOWN, owner.state());
        assertTrue(owner.reason().contains("not on the PATH"), owner::reason);
    }

    @Test
    void aProgramThatFailsHasToldNothing() throws Exception {
        Files.createDirectories(root.resolve("sessions"));
        Path program = Files.writeString(root.resolve("claude"), "#!/bin/sh\necho '[]'\nexit 3\n");
        program.toFile().setExecutable(true);
        Ownership owner = claude.owner(
                ID, new Resumption.Place(Optional.of(program), root, Map.of(), LocalProcessTable.INSTANCE));
        assertEquals(State.UNKNOWN, owner.state());
        assertTrue(owner.reason().contains("failed with 3"), owner::reason);
    }

    @Test
    void whatOnlyItsUserGivesIsWithheld() {
        assertTrue(
                claude.withheld(Binding.ofTurns(Optional.of("bypassPermissions"), Optional.empty(), Optional.empty()))
                        .orElseThrow()
                        .contains("bypassPermissions"));
        for (String mode : List.of("default", "acceptEdits", "plan", "dontAsk", "auto")) {
            assertEquals(
                    Optional.empty(),
                    claude.withheld(Binding.ofTurns(Optional.of(mode), Optional.empty(), Optional.empty())));
        }
        assertEquals(Optional.empty(), claude.withheld(Binding.NONE));
        assertEquals(List.of("--max-budget-usd", "7"), claude.spending(7));
    }

    @Test
    void itsLastLineSaysWhatItCost() {
        JsonMapper json = JsonMapper.builder().build();
        assertEquals(
                Optional.of("0.1235_USD_in_all"),
                claude.cost(json.readTree("{\"type\":\"result\",\"total_cost_usd\":0.12345}")));
        assertTrue(claude.isSpent(json.readTree("{\"type\":\"result\",\"subtype\":\"error_max_budget_usd\"}")));
        assertFalse(claude.isSpent(json.readTree("{\"type\":\"result\",\"subtype\":\"success\"}")));
        assertEquals(Optional.empty(), claude.cost(json.readTree("{\"type\":\"assistant\",\"total_cost_usd\":1}")));
        assertEquals(Optional.empty(), claude.cost(json.readTree("{\"type\":\"result\",\"total_cost_usd\":\"1\"}")));
    }

    /** Its own process, and what that started, is no rival; any other that lives is. */
    @Test
    void anotherProcessWithTheSameSessionIsARival() throws Exception {
        Path registry = Files.createDirectories(root.resolve("sessions"));
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        Resumption.Place place = new Resumption.Place(Optional.empty(), root, Map.of(), LocalProcessTable.INSTANCE);
        String domain = "linux:" + self.scope().replaceFirst("n.*", "") + "0".repeat(20) + ":pid:["
                + self.scope().replaceFirst(".*n", "") + "]";
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity its =
                    LocalProcessTable.INSTANCE.identify(other.pid()).orElseThrow();
            Files.writeString(
                    registry.resolve("1.json"),
                    "{\"pid\":" + its.pid() + ",\"sessionId\":\"" + ID + "\",\"procStart\":\"" + its.start()
                            + "\",\"pidDomain\":\"" + domain + "\"}");
            assertFalse(claude.hasRival(ID, self, place), "it is below the one that runs it");
            assertFalse(claude.hasRival(ID, its, place));
            assertTrue(claude.hasRival(ID, new ProcessIdentity(999_999_999L, 1, self.scope()), place));
            assertFalse(claude.hasRival(new SessionId("another-session"), its, place));
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertFalse(claude.hasRival(ID, new ProcessIdentity(999_999_999L, 1, self.scope()), place), "it has ended");
    }
}
