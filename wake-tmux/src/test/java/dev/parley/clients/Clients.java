package dev.parley.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The real clients, in the versions that {@code .ci/install-clients} pins, each in a home of its own in which it starts
 * without a question and reaches nothing but a {@link FakeApi}.
 */
public final class Clients {

    private static final int INSTALL_LIMIT_SECONDS = 600;

    private Clients() {}

    /** The directory of the clients' commands; installs them if they are not there. Fails if that cannot be done. */
    public static Path commands() {
        return Installation.COMMANDS;
    }

    /** Only once per JVM. */
    private static final class Installation {
        static final Path COMMANDS = Path.of(Command.run(
                        List.of("bash", root().resolve(".ci/install-clients").toString()), INSTALL_LIMIT_SECONDS)
                .strip());

        private static Path root() {
            Path at = Path.of("").toAbsolutePath();
            while (at != null && !Files.exists(at.resolve(".ci/install-clients"))) {
                at = at.getParent();
            }
            if (at == null) {
                throw new AssertionError("not inside of the project: there is no .ci/install-clients above");
            }
            return at;
        }
    }

    /**
     * Prepares a home for Claude Code.
     *
     * @param home an empty directory
     * @param project the directory it will be started in
     * @param settings members of {@code settings.json} beyond the usual ones, with a leading comma, or nothing
     * @return the environment to start {@code claude} with
     */
    public static Map<String, String> claudeHome(Path home, Path project, FakeApi api, String settings) {
        write(home.resolve(".claude.json"), """
                {"hasCompletedOnboarding": true, "hasSeenAutoDefaultNudge": true, "hasSeenAutoDefaultNotice": true,
                 "projects": {"%s": {"hasTrustDialogAccepted": true}}}
                """.formatted(project));
        write(home.resolve(".claude/settings.json"), """
                {"permissions": {"defaultMode": "default"}, "enableAllProjectMcpServers": true%s}
                """.formatted(settings));
        Map<String, String> environment = environment(home);
        environment.put("ANTHROPIC_BASE_URL", api.url() + "/s/test");
        environment.put("ANTHROPIC_AUTH_TOKEN", "dummy");
        // Without these it fetches a newer version of itself and installs it for the whole machine.
        environment.put("DISABLE_AUTOUPDATER", "1");
        environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        return environment;
    }

    /**
     * Prepares a home for Codex.
     *
     * @param home an empty directory
     * @param project the directory it will be started in, which has to exist: it is trusted, else it would ask
     * @return the environment to start {@code codex} with
     */
    public static Map<String, String> codexHome(Path home, Path project, FakeApi api) {
        write(home.resolve(".codex/config.toml"), """
                model = "fake-model"
                model_provider = "fake"
                approval_policy = "on-request"
                sandbox_mode = "read-only"
                check_for_update_on_startup = false
                [model_providers.fake]
                name = "fake"
                base_url = "%s/v1"
                wire_api = "responses"
                env_key = "FAKE_API_KEY"
                [features]
                daemon_auto_start = false
                [projects."%s"]
                trust_level = "trusted"
                """.formatted(api.url(), real(project)));
        Map<String, String> environment = environment(home);
        environment.put("CODEX_HOME", home.resolve(".codex").toString());
        environment.put("FAKE_API_KEY", "dummy");
        environment.put("RUST_BACKTRACE", "0");
        return environment;
    }

    /**
     * Prepares a home for Gemini CLI.
     *
     * @param home an empty directory
     * @param project the directory it will be started in, which has to exist: it is trusted, else servers and hooks stay off
     * @return the environment to start {@code gemini} with
     */
    public static Map<String, String> geminiHome(Path home, Path project, FakeApi api) {
        write(home.resolve(".gemini/settings.json"), """
                {
                  // Its user's own words.
                  "security": {"auth": {"selectedType": "gemini-api-key"}},
                  "model": {"name": "gemini-2.5-flash"},
                  "general": {"enableAutoUpdate": false, "enableAutoUpdateNotification": false},
                  "privacy": {"usageStatisticsEnabled": false}
                }
                """);
        write(home.resolve(".gemini/trustedFolders.json"), "{\"%s\": \"TRUST_FOLDER\"}".formatted(real(project)));
        Map<String, String> environment = environment(home);
        environment.put("GEMINI_API_KEY", "dummy");
        environment.put("GOOGLE_GEMINI_BASE_URL", api.url());
        return environment;
    }

    /**
     * Prepares a home for OpenCode.
     *
     * @param home an empty directory
     * @return the environment to start {@code opencode} with
     */
    public static Map<String, String> openCodeHome(Path home, FakeApi api) {
        write(home.resolve(".config/opencode/opencode.jsonc"), """
                {
                  // Without the next line it writes it.
                  "$schema": "https://opencode.ai/config.json",
                  "model": "fake/fake-model", "small_model": "fake/fake-model", "autoupdate": false,
                  "permission": {"bash": "ask"},
                  "provider": {"fake": {"npm": "@ai-sdk/openai-compatible", "name": "fake",
                    "options": {"baseURL": "%s/v1", "apiKey": "dummy"},
                    "models": {"fake-model": {"name": "fake-model", "tool_call": true,
                      "limit": {"context": 100000, "output": 4000}}}}},
                }
                """.formatted(api.url()));
        // Else it fetches the types for those who write plug-ins, and waits for them before it loads one.
        write(home.resolve(".config/opencode/node_modules/.none"), "");
        write(home.resolve(".config/opencode/package-lock.json"), """
                {"packages": {"": {"dependencies": {"@opencode-ai/plugin": "*"}}}}
                """);
        Map<String, String> environment = environment(home);
        environment.put("OPENCODE_DISABLE_MODELS_FETCH", "1");
        environment.put("OPENCODE_DISABLE_AUTOUPDATE", "1");
        environment.put("npm_config_registry", "http://127.0.0.1:9");
        return environment;
    }

    private static Map<String, String> environment(Path home) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", home.toString());
        environment.put("TERM", "tmux-256color");
        environment.put("LANG", "C.UTF-8");
        return environment;
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
