package dev.parley.wake.tmux;

import dev.parley.clients.Clients;
import dev.parley.clients.FakeApi;
import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One of the real clients, in a home and a project directory of its own, against a stand-in for its model. */
abstract class RealClient implements AutoCloseable {

    /** Said to the client, makes its model ask for a tool that needs the user's permission. */
    static final String ASK_PERMISSION = "please makefile";

    /** Said to Claude Code or OpenCode, makes its model ask a question. */
    static final String ASK_SOMETHING = "please asksomething";

    /** Said to Claude Code, makes its model start a command in the background. */
    static final String RUN_BEHIND = "please runbehind";

    /** Said to the client, makes its model think until it is interrupted. */
    static final String HANG = "please hangforever";

    final Path home;
    final Path project;
    final FakeApi api;

    RealClient(Path directory, String scenario, boolean anthropic) {
        try {
            home = Files.createDirectories(directory.resolve("home"));
            project = Files.createDirectories(directory.resolve("project"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        api = anthropic ? FakeApi.anthropic(directory, scenario) : FakeApi.models(directory, scenario);
    }

    abstract String type();

    abstract Map<String, String> environment();

    abstract List<String> command();

    /** What the screen shows when it is ready for a first prompt. */
    abstract String ready();

    /** What the screen shows while a permission is asked for. */
    abstract String permissionAsked();

    /** What the screen shows while it is at work. */
    String atWork() {
        return "esc to interrupt";
    }

    /** The command that opens its menu of models. */
    String modelMenu() {
        return "/model";
    }

    /** The key that leaves its empty shell mode. */
    String outOfShellMode() {
        return "BSpace";
    }

    /** The file that would exist if the permission had been given. */
    Path made() {
        return project.resolve("made");
    }

    TmuxPane open(PrivateTmux tmux, int width, int height) {
        TmuxPane pane = tmux.open(width, height, project, environment(), command());
        pane.awaitText(ready());
        return pane;
    }

    static ProcessIdentity identity(long pid) {
        return LocalProcessTable.INSTANCE.identify(pid).orElseThrow(() -> new AssertionError("no process " + pid));
    }

    @Override
    public void close() {
        api.close();
    }

    /** Claude Code. */
    static final class Claude extends RealClient {
        private final Map<String, String> environment;

        Claude(Path directory) {
            this(directory, "");
        }

        Claude(Path directory, String settings) {
            super(directory, scenario(directory.resolve("project/made")), true);
            environment = Clients.claudeHome(home, project, api, settings);
        }

        private static String scenario(Path made) {
            return """
                    {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
                      {"when": "please hangforever", "hang": true},
                      {"when": "please makefile", "times": 1,
                       "tool_use": {"name": "Write", "input": {"file_path": "%s", "content": "made"}}},
                      {"when": "please asksomething", "times": 1,
                       "tool_use": {"name": "AskUserQuestion", "input": {"questions": [{"question": "Which colour?",
                         "header": "Colour", "multiSelect": false, "options": [
                           {"label": "Red", "description": "warm"}, {"label": "Blue", "description": "cold"}]}]}}},
                      {"when": "please runbehind", "times": 1,
                       "tool_use": {"name": "Bash", "input": {"command": "sleep 60", "run_in_background": true,
                         "description": "wait"}}}]}]}
                    """.formatted(made);
        }

        @Override
        String type() {
            return Peer.CLAUDE_CODE;
        }

        @Override
        Map<String, String> environment() {
            return environment;
        }

        @Override
        List<String> command() {
            return List.of(Clients.commands().resolve("claude").toString());
        }

        @Override
        String ready() {
            return "(?m)^❯\u00a0";
        }

        @Override
        String permissionAsked() {
            return "Do you want to create";
        }
    }

    /** Codex, without its shared daemon. */
    static final class Codex extends RealClient {
        private final Map<String, String> environment;

        Codex(Path directory) {
            super(directory, scenario(directory.resolve("project/made")), false);
            environment = Clients.codexHome(home, project, api);
        }

        private static String scenario(Path made) {
            return """
                    {"fallback": {"text": "pong"}, "rules": [
                      {"when": "please hangforever", "hold": true},
                      {"when": "please makefile", "function_call": {"name": "exec_command", "arguments":
                        {"cmd": "touch %s", "sandbox_permissions": "require_escalated", "justification": "May I?"}}}]}
                    """.formatted(made);
        }

        @Override
        String type() {
            return Peer.CODEX;
        }

        @Override
        Map<String, String> environment() {
            return environment;
        }

        @Override
        List<String> command() {
            return List.of(Clients.commands().resolve("codex").toString());
        }

        @Override
        String ready() {
            return "fake-model default";
        }

        @Override
        String permissionAsked() {
            return "Would you like to run";
        }
    }

    /** Gemini CLI. */
    static final class Gemini extends RealClient {
        private final Map<String, String> environment;

        Gemini(Path directory) {
            super(directory, scenario("run_shell_command", directory.resolve("project/made")), false);
            environment = Clients.geminiHome(home, project, api);
        }

        @Override
        String type() {
            return Peer.GEMINI_CLI;
        }

        @Override
        Map<String, String> environment() {
            return environment;
        }

        @Override
        List<String> command() {
            return List.of(Clients.commands().resolve("gemini").toString());
        }

        @Override
        String ready() {
            return "Type your message";
        }

        @Override
        String permissionAsked() {
            return "Allow execution of";
        }

        @Override
        String atWork() {
            return "esc to cancel";
        }

        @Override
        String outOfShellMode() {
            return "Escape";
        }
    }

    /** OpenCode. */
    static final class OpenCode extends RealClient {
        private final Map<String, String> environment;

        OpenCode(Path directory) {
            super(directory, scenario("bash", directory.resolve("project/made")), false);
            environment = Clients.openCodeHome(home, api);
        }

        @Override
        String type() {
            return Peer.OPENCODE;
        }

        @Override
        Map<String, String> environment() {
            return environment;
        }

        @Override
        List<String> command() {
            return List.of(Clients.commands().resolve("opencode").toString());
        }

        @Override
        String ready() {
            return "Ask anything";
        }

        @Override
        String permissionAsked() {
            return "Permission required";
        }

        @Override
        String atWork() {
            return "esc (again to )?interrupt";
        }

        @Override
        String modelMenu() {
            return "/models";
        }

        @Override
        String outOfShellMode() {
            return "Escape";
        }
    }

    private static String scenario(String shell, Path made) {
        return """
                {"fallback": {"text": "pong"}, "rules": [
                  {"when": "please hangforever", "times": 1, "hold": true},
                  {"when": "please makefile", "times": 1, "function_call": {"name": "%s", "arguments":
                    {"command": "touch %s", "description": "makes"}}},
                  {"when": "please asksomething", "times": 1, "function_call": {"name": "question", "arguments":
                    {"questions": [{"question": "Which colour?", "header": "Colour", "options": [
                      {"label": "Red", "description": "warm"}, {"label": "Blue", "description": "cold"}]}]}}}]}
                """.formatted(shell, made);
    }
}
