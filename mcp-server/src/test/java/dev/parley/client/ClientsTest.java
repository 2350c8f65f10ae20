package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which client is meant, and that a card and its client say the same. */
final class ClientsTest {

    private static final SessionId TOLD = new SessionId("01a220de-a6aa-7ef1-8906-7640bfb2c758");
    private static final SessionId MADE_UP = new SessionId(Peer.MADE_UP + "4f6a1b2c3d4e5f60");

    private static Peer card(String client, SessionId id, Optional<SessionId> own, boolean claimed) {
        return new Peer(
                id,
                "amber-otter",
                client,
                Optional.empty(),
                Optional.empty(),
                "/work",
                "/work",
                Optional.empty(),
                List.of(),
                own,
                Optional.empty(),
                claimed,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                dev.parley.peer.Binding.NONE);
    }

    /** All cards that differ in what a return depends on. */
    private static List<Peer> cards() {
        List<Peer> cards = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of("inspector"));
        Clients.known().forEach(client -> names.add(client.name()));
        for (String name : names) {
            for (SessionId id : List.of(TOLD, MADE_UP)) {
                for (Optional<SessionId> own : List.of(Optional.<SessionId>empty(), Optional.of(TOLD))) {
                    cards.add(card(name, id, own, true));
                    cards.add(card(name, id, own, false));
                }
            }
        }
        return cards;
    }

    @Test
    void aClientIsFoundByTheNameThatCardsHave() {
        Set<String> names = Clients.known().stream().map(Client::name).collect(Collectors.toSet());
        assertEquals(Set.of(Peer.CLAUDE_CODE, Peer.CODEX, Peer.GEMINI_CLI, Peer.OPENCODE), names);
        for (Client client : Clients.known()) {
            assertSame(client, Clients.named(client.name()));
        }
        Client other = Clients.named("inspector");
        assertEquals("inspector", other.name());
        assertEquals(Optional.empty(), other.program());
        assertTrue(other.sessionIds(new SessionIdSource.View(
                        Map.of(), new ProcessIdentity(1, 1, "here"), Optional.empty(), Optional.empty()))
                .cluesBelowAnother()
                .isEmpty());
    }

    @Test
    void theHandshakeTellsTheClientAndBeforeItTheEnvironment() {
        Map<String, String> claude = Map.of("CLAUDE_CODE_SESSION_ID", "x");
        assertSame(ClaudeCode.CLIENT, Clients.of("claude-code", Map.of()));
        assertSame(ClaudeCode.CLIENT, Clients.of("", claude));
        assertSame(Codex.CLIENT, Clients.of("codex-mcp-client", claude));
        assertSame(GeminiCli.CLIENT, Clients.of("gemini-cli-mcp-client", claude));
        assertSame(OpenCode.CLIENT, Clients.of("opencode", claude));
        assertEquals("claude-code-fork", Clients.of("claude-code-fork", claude).name());
        assertEquals("unknown", Clients.of("", Map.of()).name());
        assertEquals("a?b", Clients.of("a\u001bb", Map.of()).name());
        assertEquals("x".repeat(60), Clients.of("x".repeat(61), Map.of()).name());
    }

    @Test
    void aCardSaysOfItsReturnWhatItsClientSays() {
        int forGood = 0;
        for (Peer card : cards()) {
            Comeback comeback = Comeback.of(card);
            assertEquals(comeback.way() == Comeback.Way.NONE, card.endsForGood(), card::toString);
            if (comeback.way() == Comeback.Way.RESUMED) {
                assertTrue(card.isResumable(), card::toString);
            }
            if (!card.claimed() && !card.endsForGood()) {
                boolean resumed = Clients.of(card).resumeCommand().isPresent();
                assertEquals(resumed, comeback.command().isPresent(), card::toString);
                assertEquals(resumed, card.isResumable(), card::toString);
            }
            forGood += card.endsForGood() ? 1 : 0;
        }
        assertEquals(4, forGood, "one of each known client: made up, never told, not pinned");
    }

    @Test
    void aSessionIsResumedByItsOwnId() {
        assertEquals(
                Optional.of("claude --resume " + TOLD),
                Comeback.of(card(Peer.CLAUDE_CODE, MADE_UP, Optional.of(TOLD), true))
                        .command());
        assertEquals(
                Optional.of("codex resume " + TOLD),
                Comeback.of(card(Peer.CODEX, TOLD, Optional.empty(), false)).command());
        assertEquals(
                Optional.of("gemini --resume " + TOLD),
                Comeback.of(card(Peer.GEMINI_CLI, TOLD, Optional.empty(), false))
                        .command());
        assertEquals(
                Optional.of("opencode --session " + TOLD),
                Comeback.of(card(Peer.OPENCODE, TOLD, Optional.empty(), false)).command());
    }

    /** What the launcher takes out of the environment of a client that it starts. */
    @Test
    void theLauncherKeepsTheirSessionVariablesFromAnotherSession() throws IOException {
        String script = Files.readString(Path.of("../assets/bin/parley-run"));
        int begin = script.indexOf("\nunset ");
        Set<String> taken = new TreeSet<>(List.of(script.substring(begin + 7, script.indexOf("\n\n", begin))
                .replace("\\", "")
                .strip()
                .split("\\s+")));
        taken.removeIf(name -> name.startsWith("PARLEY_KEPT_"));
        Set<String> told = new TreeSet<>(Set.of(Beginning.ADDRESS));
        Clients.known().forEach(client -> told.addAll(client.sessionVariables()));
        assertTrue(told.size() > 10, told::toString);
        assertEquals(told, taken);
        for (Client client : Clients.known()) {
            assertTrue(
                    client.sessionVariables()
                            .containsAll(client.sessionVariable().stream().toList()),
                    client.name());
        }
    }
}
