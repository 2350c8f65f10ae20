package dev.parley.setup;

import dev.parley.session.HomeDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything is that setup reads or writes.
 *
 * @param distribution this Parley
 * @param environment the user's environment
 * @param scope for whom
 * @param project the project's directory
 * @param launcher how the clients are to start the server
 */
public record Places(
        Distribution distribution, Map<String, String> environment, Scope scope, Path project, Launcher launcher) {

    /** Everything for a client that starts the distribution's launcher. */
    public Places(Distribution distribution, Map<String, String> environment, Scope scope, Path project) {
        this(distribution, environment, scope, project, Launcher.DIST);
    }

    /** The command of the server, and its arguments. */
    List<String> serverCommand() throws IOException {
        return launcher.command(distribution, environment);
    }

    /**
     * The user's home.
     *
     * @throws UncheckedIOException if the environment names none; the message says what to set
     */
    Path user() {
        try {
            return HomeDirectory.ofUser(environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Claude Code's directory. */
    Path claudeDirectory() {
        return fromEnvironment("CLAUDE_CONFIG_DIR").orElse(user().resolve(".claude"));
    }

    /** The file in which Claude Code keeps its state, the servers of user scope among it. */
    Path claudeState() {
        return fromEnvironment("CLAUDE_CONFIG_DIR").orElse(user()).resolve(".claude.json");
    }

    /** Codex' directory. */
    Path codexDirectory() {
        return fromEnvironment("CODEX_HOME").orElse(user().resolve(".codex"));
    }

    private Optional<Path> fromEnvironment(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /** The store's directory, if it is not the usual one: then every process of Parley must be told. */
    Optional<String> home() {
        if (environment.getOrDefault("PARLEY_HOME", "").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HomeDirectory.ofStore(environment).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** What a client's shell runs on an event. */
    String hookCommand(String client) {
        return home().map(home -> "PARLEY_HOME=" + quoted(home) + " ").orElse("")
                + quoted(distribution.hook().toString()) + " " + client;
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
