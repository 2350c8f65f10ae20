package dev.parley.setup;

import dev.parley.client.Client;
import dev.parley.client.ConfigurationDirectory;
import dev.parley.session.HomeDirectory;
import dev.parley.session.Setting;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where everything is that setup reads or writes.
 *
 * @param distribution this Parley
 * @param environment the user's environment
 * @param scope for whom
 * @param project the project's directory
 * @param launcher how the clients are to start the server
 * @param force whether a server with Parley's name that is not Parley's may be replaced
 */
public record Places(
        Distribution distribution,
        Map<String, String> environment,
        Scope scope,
        Path project,
        Launcher launcher,
        boolean force) {

    /** Everything, nothing of somebody else's replaced. */
    public Places(
            Distribution distribution, Map<String, String> environment, Scope scope, Path project, Launcher launcher) {
        this(distribution, environment, scope, project, launcher, false);
    }

    /** Everything for a client that starts the distribution's launcher. */
    public Places(Distribution distribution, Map<String, String> environment, Scope scope, Path project) {
        this(distribution, environment, scope, project, Launcher.DIST);
    }

    /** The command of the server, and its arguments. Files that several machines share call it by its name. */
    List<String> serverCommand() throws IOException {
        return isShared() ? List.of(ServerEntry.NAME, "serve") : launcher.command(distribution, environment);
    }

    /** Whether the files go to other machines, where nothing is where it is here. */
    private boolean isShared() {
        return scope == Scope.PROJECT;
    }

    /** Whether the name by which shared files call Parley leads to a program here. */
    public boolean isOnPath() {
        return Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, ServerEntry.NAME)));
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
            throw new UncheckedIOException(Why.of(e), e);
        }
    }

    /** The directory in which a client keeps its configuration. */
    Path directory(ConfigurationDirectory configuration) {
        return configuration.named(environment).orElse(user().resolve(configuration.inHome()));
    }

    /** The store's directory, if it is not the usual one: then every process of Parley must be told. */
    Optional<String> home() {
        if (isShared() || environment.getOrDefault(Setting.HOME.variable(), "").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HomeDirectory.ofStore(environment).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(Why.of(e), e);
        }
    }

    /** What a client's shell runs on an event. */
    String hookCommand(Client client) {
        return isShared()
                ? HookEntries.byName(client.name())
                : home().map(home -> Setting.HOME.variable() + "=" + quoted(home) + " ")
                                .orElse("") + quoted(distribution.hook().toString()) + " " + client.name();
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
