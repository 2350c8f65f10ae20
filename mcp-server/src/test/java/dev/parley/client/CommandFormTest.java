package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
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
        return String.join(" ", form.resuming(words(line), OWN).words()).replace(OWN.value(), "OWN");
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
        "codex, codex --no-daemon resume OWN",
        "codex prompt, codex --no-daemon resume OWN",
        "codex -s read-only -a never prompt, codex --no-daemon -s read-only -a never resume OWN",
        "codex -mgpt -c k=v, codex --no-daemon -mgpt -c k=v resume OWN",
        "codex resume other prompt -m x, codex --no-daemon -m x resume OWN",
        "codex resume --last --all, codex --no-daemon resume OWN",
        "codex -C dir -i a.png b.png, codex --no-daemon resume OWN",
        "codex --no-daemon --sandbox=read-only, codex --no-daemon --sandbox=read-only resume OWN",
        "codex --remote unix://x prompt, codex --remote unix://x resume OWN"
    })
    void codexIsResumedWithItsOptionsOnly(String line, String expected) {
        assertEquals(expected, resumed(codex, line));
    }

    @Test
    void whatIsNotKnownIsNamedAndTakesWhatMayBeItsOwn() {
        CommandForm.Resuming next = claude.resuming(words("claude --new thing prompt --model x --newer=y -z"), OWN);

        assertEquals(List.of("claude", "--model", "x", "--resume", OWN.value()), next.words());
        assertEquals(List.of("--new", "--newer", "-z"), next.leftOut());
        assertEquals(
                List.of("--new"),
                codex.resuming(words("codex --new resume " + UUID), OWN).leftOut());
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
