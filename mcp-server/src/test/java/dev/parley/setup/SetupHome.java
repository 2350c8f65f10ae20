package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A home without clients, in which both are set up and undone. */
final class SetupHome {

    final Path root;
    final Path user;
    final Path store;
    boolean force;
    Steps steps = Steps.SILENT;
    Set<String> clients = Set.of("claude-code", "codex");
    /** Where the clients' programs are looked for. */
    String path = "";

    SetupHome(Path root) throws IOException {
        this.root = root;
        user = Files.createDirectories(root.resolve("user"));
        store = root.resolve("store");
    }

    Setup setup() {
        return setup(clients);
    }

    Setup setup(Set<String> clients) {
        Distribution distribution =
                new Distribution(Path.of("..", "assets").toAbsolutePath().normalize());
        Map<String, String> environment = Map.of("HOME", user.toString(), "PATH", path);
        Places places = new Places(distribution, environment, Scope.USER, user, Launcher.DIST, force);
        return new Setup(places, store, clients, true, steps);
    }

    Setup install() throws IOException, InterruptedException {
        Setup setup = setup();
        try (Setup.Turn turn = setup.begin()) {
            assertTrue(turn != null);
            setup.install(setup.plan());
        }
        return setup;
    }

    Setup undo() throws IOException, InterruptedException {
        Setup setup = setup();
        try (Setup.Turn turn = setup.begin()) {
            assertTrue(turn != null);
            setup.undo(setup.planUndo());
        }
        return setup;
    }

    Path write(String name, String text) throws IOException {
        Path file = user.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    String text(String name) throws IOException {
        return Files.readString(user.resolve(name));
    }

    void edit(String name, String from, String to) throws IOException {
        String text = text(name);
        assertTrue(text.contains(from), text);
        Files.writeString(user.resolve(name), text.replace(from, to));
    }

    /** Every name below the user's home, with its text. */
    Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(user)) {
            for (Path path : paths.toList()) {
                all.put(
                        user.relativize(path).toString(),
                        Files.isDirectory(path)
                                ? "directory"
                                : Files.isRegularFile(path) ? Files.readString(path) : "something else");
            }
        }
        return all;
    }

    static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text);
    }
}
