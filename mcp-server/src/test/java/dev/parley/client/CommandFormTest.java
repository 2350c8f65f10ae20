package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the command lines of the clients. */
class CommandFormTest {

    private static final String UUID = "0199a213-81c0-7800-8aa1-bbab2a035a53";
    private static final SessionId OWN = new SessionId("7b1f0c4e-52a1-4c3e-9a55-0123456789ab");

    private final CommandForm claude = new ClaudeCommandForm();
    private final CommandForm codex = new CodexCommandForm();

    private static List<String> words(String line) {
        return List.of(line.strip().split(" "));
    }

    private static String resumed(CommandForm form, String line) {
        return String.join(" ", form.resuming(words(line), OWN, Binding.NONE).words())
                .replace(OWN.value(), "OWN");
    }

    @ParameterizedTest
    @CsvSource({
        "claude, claude --resume OWN",
        "claude prompt, claude --resume OWN",
        "/opt/claude --model opus prompt, /opt/claude --model opus --resume OWN",
        "claude --model=opus -c, claude --model=opus --resume OWN",
        "claude -r other --verbose prompt, claude --verbose --resume OWN",
        "claude --resume=other --fork-session, claude --resume OWN",
        "claude --session-id other -d hooks, claude -d hooks --resume OWN",
        "claude --mcp-config a b --permission-mode plan prompt, claude --mcp-config a b --permission-mode plan --resume OWN",
        "claude -w tree --tmux prompt, claude --resume OWN",
        "claude --model opus -- --verbose, claude --model opus --resume OWN"
    })
    void claudeIsResumedWithItsOptionsOnly(String line, String expected) {
        assertEquals(expected, resumed(claude, line));
    }

    @ParameterizedTest
    @CsvSource({
        "codex, codex --no-daemon -s read-only resume OWN",
        "codex prompt, codex --no-daemon -s read-only resume OWN",
        "codex -s read-only -a never prompt, codex --no-daemon -s read-only -a never resume OWN",
        "codex -mgpt -c k=v, codex --no-daemon -mgpt -c k=v -s read-only resume OWN",
        "codex resume other prompt -m x, codex --no-daemon -m x -s read-only resume OWN",
        "codex resume --last --all, codex --no-daemon -s read-only resume OWN",
        "codex -C dir -i a.png b.png, codex --no-daemon -s read-only resume OWN",
        "codex --no-daemon --sandbox=read-only, codex --no-daemon --sandbox=read-only resume OWN",
        "codex --remote unix://x prompt, codex --remote unix://x -s read-only resume OWN"
    })
    void codexIsResumedWithItsOptionsOnly(String line, String expected) {
        assertEquals(expected, resumed(codex, line));
    }

    /** Whatever the session was last allowed, no more: and there always is one sandbox. */
    @ParameterizedTest
    @CsvSource({
        "codex, read-only, codex --no-daemon -s read-only resume OWN, ''",
        "codex, workspace-write, codex --no-daemon -s workspace-write resume OWN, ''",
        "codex, danger-full-access, codex --no-daemon -s read-only resume OWN, ''",
        "codex, of-the-future, codex --no-daemon -s read-only resume OWN, ''",
        "codex -s workspace-write, read-only, codex --no-daemon -s read-only resume OWN, -s",
        "codex -s workspace-write, workspace-write, codex --no-daemon -s workspace-write resume OWN, ''",
        "codex -s read-only, workspace-write, codex --no-daemon -s workspace-write resume OWN, -s",
        "codex -s read-only, danger-full-access, codex --no-daemon -s read-only resume OWN, -s",
        "codex -s danger-full-access, danger-full-access, codex --no-daemon -s danger-full-access resume OWN, ''",
        "codex --dangerously-bypass-approvals-and-sandbox, danger-full-access,"
                + " codex --no-daemon --dangerously-bypass-approvals-and-sandbox resume OWN, ''",
        "codex --dangerously-bypass-approvals-and-sandbox, read-only,"
                + " codex --no-daemon -s read-only resume OWN, --dangerously-bypass-approvals-and-sandbox",
        "codex -c sandbox_mode=\"workspace-write\", read-only, codex --no-daemon -s read-only resume OWN, -c",
        "codex -c sandbox_mode=\"workspace-write\", workspace-write,"
                + " codex --no-daemon -c sandbox_mode=\"workspace-write\" resume OWN, ''"
    })
    void codexIsResumedInTheSandboxThatItWasLastSeenIn(String line, String seen, String expected, String leftOut) {
        CommandForm.Resuming next = codex.resuming(
                words(line), OWN, Binding.ofTurns(Optional.empty(), Optional.of(seen), Optional.empty()));
        assertEquals(expected, String.join(" ", next.words()).replace(OWN.value(), "OWN"));
        assertEquals(leftOut, String.join(" ", next.leftOut()));
    }

    @Test
    void whatIsNotKnownIsNamedAndTakesWhatMayBeItsOwn() {
        CommandForm.Resuming next =
                claude.resuming(words("claude --new thing prompt --model x --newer=y -z"), OWN, Binding.NONE);

        assertEquals(List.of("claude", "--model", "x", "--resume", OWN.value()), next.words());
        assertEquals(List.of("--new", "--newer", "-z"), next.leftOut());
        assertEquals(
                List.of("--new"),
                codex.resuming(words("codex --new resume " + UUID), OWN, Binding.NONE)
                        .leftOut());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"claude -p hello", "claude --print", "claude mcp list", "claude --bg x", "claude --version"})
    void whatClaudeDoesBesideIsNoConversation(String line) {
        assertFalse(claude.isConversation(words(line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude", "claude fix mcp", "claude --model mcp", "claude -c"})
    void claudeOpensAConversation(String line) {
        assertTrue(claude.isConversation(words(line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"codex exec x", "codex -m x e", "codex mcp", "codex --help", "codex -V"})
    void whatCodexDoesBesideIsNoConversation(String line) {
        assertFalse(codex.isConversation(words(line)));
        assertEquals(words(line), codex.supervised(words(line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"codex", "codex resume", "codex fork x", "codex -m exec", "codex hello"})
    void codexOpensAConversation(String line) {
        assertTrue(codex.isConversation(words(line)));
    }

    @Test
    void codexIsSupervisedInItsOwnProcess() {
        assertEquals(words("codex --no-daemon hello"), codex.supervised(words("codex hello")));
        assertEquals(words("codex --no-daemon"), codex.supervised(words("codex --no-daemon")));
        assertEquals(words("codex --remote x"), codex.supervised(words("codex --remote x")));
        assertEquals(words("claude hello"), claude.supervised(words("claude hello")));
    }

    @Test
    void theSessionIsReadFromTheCommandLine() {
        Optional<SessionId> id = Optional.of(new SessionId(UUID));
        assertEquals(id, claude.session(words("claude --resume " + UUID)));
        assertEquals(id, claude.session(words("claude -r " + UUID + " hello")));
        assertEquals(id, claude.session(words("claude --resume=" + UUID)));
        assertEquals(id, claude.session(words("claude --session-id " + UUID)));
        assertEquals(id, claude.session(words("claude --session-id " + UUID + " -r " + OWN + " --fork-session")));
        assertEquals(Optional.empty(), claude.session(words("claude -r " + UUID + " --fork-session")));
        assertEquals(Optional.empty(), claude.session(words("claude --resume a-name")));
        assertEquals(Optional.empty(), claude.session(words("claude " + UUID)));
        assertEquals(id, codex.session(words("codex -m x resume " + UUID + " hello")));
        assertEquals(Optional.empty(), codex.session(words("codex resume --last")));
        assertEquals(Optional.empty(), codex.session(words("codex fork " + UUID)));
        assertEquals(Optional.empty(), codex.session(words("codex resume a-name")));
    }
}
