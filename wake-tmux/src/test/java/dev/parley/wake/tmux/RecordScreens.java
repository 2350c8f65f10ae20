package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Records the screens of the real clients that {@link ComposerTest} reads, into the directory that is its argument. To be run
 * by hand for a new version of a client, and what changed to be looked at. The name of a recording begins with what it has
 * to be recognised as: {@code empty-}, {@code holding-}, {@code working-}, {@code settling-} or {@code unsafe-}.
 */
final class RecordScreens {

    private static final int WIDTH = 100;
    private static final int HEIGHT = 30;

    /** On a machine that is busy, longer. */
    private static final long PAUSE = Long.getLong("parley.pause", 1_000);

    /** Fixed, because clients show it. */
    private static final Path WORK = Path.of("/tmp/parley-screens");

    private final Path target;
    private PrivateTmux server = new PrivateTmux();
    private TmuxPane pane;

    private RecordScreens(Path target) {
        this.target = target;
    }

    /** {@code DIRECTORY [claude|codex|gemini|opencode]}, the directory usually {@code wake-tmux/src/test/resources/screens}. */
    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments[0]);
        List<String> which =
                arguments.length > 1 ? List.of(arguments[1]) : List.of("claude", "codex", "gemini", "opencode");
        for (String client : which) {
            RecordScreens recorder = new RecordScreens(target.resolve(client));
            switch (client) {
                case "claude" -> recorder.claude();
                case "codex" -> recorder.codex();
                case "gemini" -> recorder.gemini();
                case "opencode" -> recorder.openCode();
                default -> throw new IllegalArgumentException(client);
            }
        }
        clear();
    }

    private void claude() throws Exception {
        with(new RealClient.Claude(fresh()), Map.of(), List.of(), WIDTH, this::claudeComposer);
        with(new RealClient.Claude(fresh()), Map.of(), List.of(), WIDTH, this::claudeTurns);
        with(new RealClient.Claude(fresh()), Map.of(), List.of(), WIDTH, this::claudeAgents);
        with(new RealClient.Claude(fresh()), Map.of(), List.of(), WIDTH, this::claudeAtWork);
        with(new RealClient.Claude(fresh()), Map.of(), List.of(), WIDTH, this::claudeDialogs);
        with(new RealClient.Claude(fresh()), Map.of(), List.of(), 40, () -> {
            record("empty-narrow");
            paste(WakeOnce.TEXT);
            record("holding-ours-narrow");
        });
        with(
                new RealClient.Claude(fresh()),
                Map.of("CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN", "1", "LANG", "C"),
                List.of(),
                WIDTH,
                () -> record("empty-inline-C-locale"));
        with(new RealClient.Claude(fresh(), ", \"editorMode\": \"vim\""), Map.of(), List.of(), WIDTH, () -> {
            record("empty-vim-insert");
            pane.press("Escape");
            record("empty-vim-normal");
        });
        with(
                new RealClient.Claude(
                        fresh(),
                        ", \"theme\": \"light-ansi\", \"skipDangerousModePermissionPrompt\": true,"
                                + " \"statusLine\": {\"type\": \"command\", \"command\": \"echo one; echo two\"}"),
                Map.of("IS_SANDBOX", "1"),
                List.of("--dangerously-skip-permissions"),
                WIDTH,
                () -> record("empty-bypass-light-status-line"));
        RealClient untrusted = new RealClient.Claude(fresh());
        Files.writeString(untrusted.home.resolve(".claude.json"), "{\"hasCompletedOnboarding\": true}");
        atStart(untrusted, "trust", "unsafe-trust");
    }

    private void claudeComposer() {
        record("empty-fresh");
        pane.type("half a thought");
        record("holding-draft");
        pane.press("Home");
        record("holding-draft-cursor-at-start");
        pane.press("End", "C-u");
        pane.type("x");
        pane.press("Left");
        record("holding-one-letter-cursor-at-start");
        pane.press("End", "C-u");
        pane.type("   ");
        record("holding-blanks");
        pane.press("C-u");
        paste("one\ntwo");
        record("holding-two-lines");
        pane.press("C-u", "BSpace", "C-u");
        pane.type("half a thought");
        pane.press("C-s");
        record("empty-draft-stashed");
        pane.press("C-s");
        record("holding-draft-unstashed");
        pane.press("End", "C-u");
        pane.type("/mod");
        record("holding-slash-menu");
        pane.press("C-u");
        pane.type("!");
        record("unsafe-shell-mode");
        pane.press("BSpace");
        pane.type("?");
        record("unsafe-shortcuts");
        pane.press("Escape");
        pane.command("send-keys", "-H", "1b", "5b", "4f");
        record("empty-terminal-not-focused");
        pane.command("send-keys", "-H", "1b", "5b", "49");
        pane.press("BTab");
        record("empty-accept-edits");
        pane.press("BTab");
        record("empty-plan");
        pane.press("BTab", "BTab");
        paste(WakeOnce.TEXT);
        record("holding-ours");
        pane.press("C-u");
        pane.command("copy-mode");
        record("unsafe-copy-mode");
        pane.command("send-keys", "-X", "cancel");
    }

    private void claudeTurns() {
        pane.submit("please ping");
        pane.awaitText("pong");
        record("empty-after-a-turn");
        pane.submit("/rename a-name");
        record("empty-named");
        pane.submit(RealClient.RUN_BEHIND);
        pane.awaitText("to manage");
        record("empty-with-background-command");
        pane.press("Down");
        record("unsafe-footer-selected");
    }

    private void claudeAgents() {
        pane.submit("please ping");
        pane.awaitText("pong");
        pause();
        pane.press("Left");
        pause();
        if (pane.text().contains("again to open agents")) {
            pane.press("Left");
        }
        pane.awaitText("describe a task");
        record("unsafe-agents-view");
    }

    private void claudeAtWork() {
        pane.submit(RealClient.HANG);
        record("working");
        pane.type("and then");
        record("working-with-draft");
        pane.press("Enter");
        record("working-with-queued");
    }

    private void claudeDialogs() {
        pane.submit(RealClient.ASK_PERMISSION);
        pane.awaitText("Do you want");
        record("unsafe-permission");
        pane.press("Escape");
        pause();
        pane.submit(RealClient.ASK_SOMETHING);
        pane.awaitText("Which colour");
        record("unsafe-question");
        pane.press("Escape");
        pause();
        pane.press("C-o");
        record("unsafe-transcript");
        pane.press("C-o");
        pane.press("C-r");
        record("unsafe-search");
        pane.press("Escape");
        pause();
        for (String dialog : List.of("model", "config", "resume")) {
            pane.press("C-u");
            pane.submit("/" + dialog);
            pause();
            record("unsafe-" + dialog);
            pane.press("Escape");
            pause();
            pane.press("Escape");
            pause();
        }
        pane.press("C-u", "Escape", "Escape");
        record("unsafe-rewind");
    }

    private void codex() throws Exception {
        with(new RealClient.Codex(fresh()), Map.of(), List.of(), WIDTH, this::codexComposer);
        with(new RealClient.Codex(fresh()), Map.of(), List.of(), WIDTH, this::codexTurns);
        with(new RealClient.Codex(fresh()), Map.of("LANG", "C"), List.of(), 40, () -> {
            record("empty-narrow-C-locale");
            paste(WakeOnce.TEXT);
            record("holding-ours-narrow");
        });
        with(new RealClient.Codex(fresh()), Map.of(), List.of(), 200, () -> record("empty-wide"));
        RealClient untrusted = new RealClient.Codex(fresh());
        Path config = untrusted.home.resolve(".codex/config.toml");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceAll("(?m)^(approval_policy|sandbox_mode).*\n", "")
                        .replaceAll("(?m)^\\[projects.*\n.*\n", ""),
                UTF_8);
        Files.createDirectories(untrusted.project.resolve(".git"));
        Files.createDirectories(untrusted.project.resolve(".codex"));
        Files.writeString(untrusted.project.resolve(".codex/config.toml"), "model = \"fake-model\"\n", UTF_8);
        atStart(untrusted, "Trust this folder", "unsafe-trust");
        RealClient hooked = new RealClient.Codex(fresh());
        Files.writeString(
                hooked.home.resolve(".codex/hooks.json"),
                "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"true\"}]}]}}",
                UTF_8);
        atStart(hooked, "Hooks need review", "unsafe-hooks-review");
        codexElsewhere();
    }

    /** Resumed in another directory than the one it was in, it asks which of the two it is to be. */
    private void codexElsewhere() throws Exception {
        RealClient client = new RealClient.Codex(fresh());
        Path elsewhere = Files.createDirectories(WORK.resolve("elsewhere"));
        try (client;
                PrivateTmux tmux = new PrivateTmux()) {
            String exec =
                    client.command().get(0) + " exec --skip-git-repo-check 'please ping' </dev/null; echo over; cat";
            tmux.open(WIDTH, HEIGHT, elsewhere, client.environment(), List.of("sh", "-c", exec))
                    .awaitText("(?m)^over");
            List<String> resume = new ArrayList<>(client.command());
            resume.addAll(List.of("resume", "--last", "--all", "--include-non-interactive"));
            pane = tmux.open(WIDTH, HEIGHT, client.project, client.environment(), resume);
            pane.awaitText("Working directory");
            record("unsafe-resume-directory");
        }
    }

    private void atStart(RealClient client, String shown, String name) {
        try (client;
                PrivateTmux tmux = new PrivateTmux()) {
            pane = tmux.open(WIDTH, HEIGHT, client.project, client.environment(), client.command());
            pane.awaitText(shown);
            record(name);
        }
    }

    private void codexComposer() {
        record("empty-fresh");
        pane.type("half a thought");
        record("holding-draft");
        pane.press("Home");
        record("holding-draft-cursor-at-start");
        pane.press("End", "C-u");
        pane.type(" ");
        record("holding-blank");
        pane.press("BSpace");
        pane.type("!");
        record("unsafe-shell-mode");
        pane.press("BSpace");
        pane.type("?");
        record("unsafe-shortcuts");
        pane.press("Escape");
        pane.type("/mo");
        record("holding-slash-menu");
        pane.press("C-u");
        pane.submit("/model");
        pane.awaitText("Select Model");
        record("unsafe-model");
        pane.press("Escape");
        pane.press("C-r");
        record("unsafe-search");
        pane.press("Escape");
        pane.press("BTab");
        record("empty-plan");
        pane.press("BTab");
        paste(WakeOnce.TEXT);
        record("holding-ours");
        pane.press("C-u");
        pane.command("copy-mode");
        record("unsafe-copy-mode");
        pane.command("send-keys", "-X", "cancel");
        pane.press("Left");
        pane.awaitText("Task details");
        record("unsafe-agents-view");
    }

    private void codexTurns() {
        pane.submit("please ping");
        pane.awaitText("pong");
        record("empty-after-a-turn");
        pane.press("Escape");
        record("unsafe-escape-pressed-once");
        pane.press("Escape");
        record("unsafe-transcript");
        pane.press("Escape");
        pause();
        pane.submit(RealClient.ASK_PERMISSION);
        pane.awaitText("Would you like");
        record("unsafe-permission");
        pane.press("Escape");
        pane.awaitText("interrupted");
        pane.submit(RealClient.HANG);
        pane.awaitText("esc to interrupt");
        record("working");
        pane.type("and then");
        record("working-with-draft");
    }

    private void gemini() throws Exception {
        with(new RealClient.Gemini(fresh()), Map.of(), List.of(), WIDTH, this::geminiComposer);
        with(new RealClient.Gemini(fresh()), Map.of("COLORTERM", "truecolor"), List.of(), WIDTH, this::geminiTurns);
        with(new RealClient.Gemini(fresh()), Map.of("LANG", "C"), List.of(), 40, () -> {
            record("empty-narrow-C-locale");
            paste(WakeOnce.TEXT);
            record("holding-ours-narrow");
            pane.press("C-u", "C-u", "C-u", "C-u", "C-u");
            pane.submit(RealClient.HANG);
            pane.awaitText("esc to cancel");
            record("working-narrow");
        });
        with(
                new RealClient.Gemini(fresh()),
                Map.of("NO_COLOR", "1"),
                List.of(),
                WIDTH,
                () -> record("unsafe-no-colour"));
        RealClient vim = new RealClient.Gemini(fresh());
        geminiSettings(
                vim, "\"general\": {", "\"ui\": {\"useAlternateBuffer\": true}, \"general\": {\"vimMode\": true, ");
        Files.writeString(vim.project.resolve("GEMINI.md"), "Be brief.\n", UTF_8);
        atStart(vim, "INSERT", "empty-vim-insert-alternate-screen");
        RealClient light = new RealClient.Gemini(fresh());
        geminiSettings(light, "\"general\": {", "\"ui\": {\"theme\": \"ANSI Light\"}, \"general\": {");
        atStart(light, "Type your message", "empty-light");
        geminiHooks(WIDTH, "settling-after-a-hook");
        geminiHooks(119, "settling-hint-over-a-spinner");
        geminiHooks(129, "settling-hint-over-a-hook");
        geminiHooks(160, "settling-after-a-hook-wide");
        RealClient untrusted = new RealClient.Gemini(fresh());
        Files.delete(untrusted.home.resolve(".gemini/trustedFolders.json"));
        atStart(untrusted, "Do you trust", "unsafe-trust");
    }

    private void geminiHooks(int width, String name) throws IOException {
        RealClient client = new RealClient.Gemini(fresh());
        geminiSettings(client, "\"general\": {", """
                "hooks": {"AfterAgent": [{"hooks": [{"type": "command", "command": "echo {} # %s"}]}]}, "general": {
                """.formatted("a long command ".repeat(6))
                .strip());
        with(client, Map.of(), List.of(), width, () -> {
            pane.submit("please ping");
            pane.awaitText("(Executing Hook|for shortcutso?k): ");
            pane.awaitNoText("esc to c");
            recordNow(name);
        });
    }

    private static void geminiSettings(RealClient client, String old, String other) throws IOException {
        Path settings = client.home.resolve(".gemini/settings.json");
        Files.writeString(settings, Files.readString(settings).replace(old, other), UTF_8);
    }

    private void geminiComposer() {
        record("empty-fresh");
        pane.type("half a thought");
        record("holding-draft");
        pane.press("Home");
        record("holding-draft-cursor-at-start");
        pane.press("End", "C-u");
        pane.type("  Type your message or @path/to/file");
        pane.press("Home");
        record("holding-words-of-the-placeholder");
        pane.press("End", "C-u");
        pane.type("  ");
        pane.press("Home");
        record("holding-blanks-cursor-at-start");
        pane.press("End", "BSpace", "BSpace");
        paste("one\n\ntwo");
        record("holding-three-lines");
        pane.press("C-u", "BSpace", "BSpace", "C-u", "C-j");
        record("holding-line-break");
        pane.press("BSpace");
        pane.type("/mod");
        record("holding-slash-menu");
        pane.press("C-u");
        pane.type("!");
        record("unsafe-shell-mode");
        pane.type("ls");
        record("unsafe-shell-mode-draft");
        pane.press("C-u", "Escape");
        pause();
        pane.type("?");
        record("unsafe-shortcuts");
        pane.press("Escape");
        pause();
        pane.press("C-r");
        record("unsafe-search");
        pane.press("Escape");
        pause();
        pane.press("C-c");
        pane.awaitText("again to exit");
        recordNow("unsafe-interrupt-pressed-once");
        await(5_000);
        pane.press("BTab");
        record("empty-accept-edits");
        pane.press("BTab");
        record("empty-plan");
        pane.press("BTab", "C-y");
        record("empty-yolo");
        pane.press("C-y");
        paste(WakeOnce.TEXT);
        record("holding-ours");
        pane.press("C-u");
        pane.command("copy-mode");
        record("unsafe-copy-mode");
        pane.command("send-keys", "-X", "cancel");
        pane.submit("/model");
        pane.awaitText("Select Model");
        record("unsafe-model");
        pane.press("Escape");
        pause();
        pane.submit("/settings");
        pane.awaitText("Vim Mode");
        record("unsafe-settings");
        pane.press("Escape");
        pause();
        pane.submit("/auth");
        pane.awaitText("(?i)how would you like to authenticate");
        record("unsafe-sign-in");
    }

    private void geminiTurns() {
        pane.submit("please ping");
        pane.awaitText("pong");
        record("empty-after-a-turn");
        pane.submit("/rewind");
        record("unsafe-rewind");
        pane.press("Escape");
        pause();
        pane.press("Escape");
        pane.awaitText("again to rewind");
        recordNow("unsafe-escape-pressed-once");
        await(5_000);
        pane.submit(RealClient.ASK_PERMISSION);
        pane.awaitText("Allow execution of");
        record("unsafe-permission");
        pane.press("Escape");
        pane.awaitText("cancelled");
        pane.submit(RealClient.HANG);
        pane.awaitText("esc to cancel");
        record("working");
        pane.type("and then");
        record("working-with-draft");
        pane.press("Enter");
        record("working-with-queued");
    }

    private void openCode() throws Exception {
        with(new RealClient.OpenCode(fresh()), Map.of(), List.of(), 40, () -> {
            record("empty-narrow");
            paste(WakeOnce.TEXT);
            record("holding-ours-narrow");
            pane.press("C-u", "C-u", "C-u", "C-u", "C-u");
            pane.submit(RealClient.HANG);
            pane.awaitText("esc ");
            record("working-narrow");
        });
        with(new RealClient.OpenCode(fresh()), Map.of(), List.of(), 200, () -> {
            record("empty-wide");
            pane.submit("please ping");
            pane.awaitText("pong");
            record("empty-wide-after-a-turn");
            paste(WakeOnce.TEXT);
            record("holding-ours-wide");
        });
        with(new RealClient.OpenCode(fresh()), Map.of(), List.of(), WIDTH, this::openCodeComposer);
        with(new RealClient.OpenCode(fresh()), Map.of("COLORTERM", "truecolor"), List.of(), WIDTH, this::openCodeTurns);
    }

    private void openCodeComposer() {
        record("empty-fresh");
        pane.type("half a thought");
        record("holding-draft");
        pane.press("Home");
        record("holding-draft-cursor-at-start");
        pane.press("End", "C-u");
        pane.type("Ask anything… \"What is the tech stack of this project?\"");
        pane.press("Home");
        record("holding-words-of-the-placeholder");
        pane.press("End", "C-u");
        paste("one\n\ntwo");
        record("holding-three-lines");
        pane.press("C-c");
        pane.type("!");
        record("unsafe-shell-mode-fresh");
        pane.press("Escape");
        pause();
        paste(WakeOnce.TEXT);
        record("holding-ours");
        pane.press("C-u", "C-u");
        pane.command("copy-mode");
        record("unsafe-copy-mode");
        pane.command("send-keys", "-X", "cancel");
        pane.press("Tab");
        record("empty-plan");
    }

    private void openCodeTurns() {
        pane.submit("please ping");
        pane.awaitText("pong");
        record("empty-after-a-turn");
        pane.type("  ");
        record("holding-blanks");
        pane.press("Home");
        record("holding-blanks-cursor-at-start");
        pane.press("End", "BSpace", "BSpace", "C-j");
        record("holding-line-break");
        pane.press("Up");
        record("holding-line-break-cursor-at-start");
        pane.press("End", "DC");
        pane.type("/mod");
        record("holding-slash-menu");
        pane.press("C-u");
        pane.type("!");
        record("unsafe-shell-mode");
        pane.type("ls");
        record("unsafe-shell-mode-draft");
        pane.press("C-u", "Escape");
        pause();
        pane.press("C-x");
        record("unsafe-leader-key");
        pane.press("Escape");
        pause();
        pane.press("C-p");
        record("unsafe-commands");
        pane.press("Escape");
        pause();
        pane.submit("/models");
        pane.awaitText("Select model");
        record("unsafe-model");
        pane.press("Escape");
        pause();
        pane.submit("/sessions");
        pane.awaitText("Today");
        record("unsafe-sessions");
        pane.press("Escape");
        pause();
        pane.submit(RealClient.ASK_SOMETHING);
        pane.awaitText("Which colour");
        record("unsafe-question");
        pane.press("Down", "Down", "Enter");
        record("unsafe-question-own-answer");
        pane.press("Escape");
        pause();
        pane.press("Escape");
        pause();
        pane.submit(RealClient.ASK_PERMISSION);
        pane.awaitText("Permission required");
        record("unsafe-permission");
        pane.press("Escape");
        record("empty-permission-rejected");
        pane.press("Escape");
        pause();
        pane.press("Escape");
        pause();
        pane.submit(RealClient.HANG);
        pane.awaitText("esc interrupt");
        record("working");
        pane.type("and then");
        record("working-with-draft");
        pane.press("Enter");
        record("working-with-queued");
        pane.press("Escape");
        record("working-escape-pressed-once");
    }

    private interface Script {
        void play() throws IOException;
    }

    private void with(RealClient client, Map<String, String> extra, List<String> options, int width, Script script)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(client.environment());
        environment.putAll(extra);
        List<String> command =
                Stream.concat(client.command().stream(), options.stream()).toList();
        try (client;
                PrivateTmux tmux = new PrivateTmux()) {
            server = tmux;
            pane = tmux.open(width, HEIGHT, client.project, environment, command);
            pane.awaitText(client.ready());
            pause();
            script.play();
        }
    }

    private void paste(String text) {
        server.run("set-buffer", "--", text);
        pane.command("paste-buffer", "-p");
    }

    /** A client takes a moment to draw, and has no sign for being done. */
    private static void pause() {
        await(PAUSE);
    }

    private static void await(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void record(String name) {
        pause();
        recordNow(name);
    }

    /** For what a client shows for a moment only. */
    private void recordNow(String name) {
        String[] state = pane.ask(PaneState.FORMAT).split(";", -1);
        // What differs from run to run and means nothing here.
        state[0] = "1";
        state[1] = "2";
        state[2] = "/dev/pts/0";
        try {
            Files.createDirectories(target);
            Files.writeString(target.resolve(name + ".screen"), String.join(";", state) + "\n" + pane.styled(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.err.println(target.getFileName() + "/" + name);
    }

    private static Path fresh() throws IOException {
        clear();
        return Files.createDirectories(WORK);
    }

    private static void clear() throws IOException {
        if (Files.exists(WORK)) {
            try (Stream<Path> files = Files.walk(WORK)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
