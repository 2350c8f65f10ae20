package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.peer.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Screens of the real clients, as {@link RecordScreens} has left them. */
final class Recordings {

    /** The directory of each client's recordings, by its type. */
    static final Map<String, String> CLIENTS = Map.of(
            Peer.CLAUDE_CODE, "claude", Peer.CODEX, "codex", Peer.GEMINI_CLI, "gemini", Peer.OPENCODE, "opencode");

    private Recordings() {}

    /**
     * One recording.
     *
     * @param client the type of the client
     * @param name what is to be seen on it
     * @param state the line that tells the pane's state
     * @param capture the screen
     */
    record Recording(String client, String name, String state, String capture) {

        Snapshot snapshot() {
            return new Snapshot(PaneState.parse(state).orElseThrow(), Screen.parse(capture));
        }

        /** The same screen with the cursor elsewhere. */
        Snapshot withCursor(int column, int row) {
            String[] fields = state.split(";", -1);
            fields[8] = Integer.toString(column);
            fields[9] = Integer.toString(row);
            return new Snapshot(PaneState.parse(String.join(";", fields)).orElseThrow(), Screen.parse(capture));
        }

        /** Another screen with the cursor where it is on this. */
        Snapshot withCapture(String other) {
            return new Snapshot(PaneState.parse(state).orElseThrow(), Screen.parse(other));
        }

        @Override
        public String toString() {
            return client + " " + name;
        }
    }

    /** All of them, of every client. */
    static List<Recording> all() {
        return CLIENTS.keySet().stream().sorted().flatMap(Recordings::of).toList();
    }

    /** The ones whose name begins so. */
    static List<Recording> named(String prefix) {
        return all().stream().filter(r -> r.name().startsWith(prefix)).toList();
    }

    /** One of them. */
    static Recording of(String client, String name) {
        return of(client).filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    }

    private static Stream<Recording> of(String client) {
        try (Stream<Path> files = Files.list(directory().resolve(CLIENTS.get(client)))) {
            return files.sorted().map(file -> read(client, file)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            return Path.of(Recordings.class.getResource("/screens").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Recording read(String client, Path file) {
        try {
            String content = Files.readString(file, UTF_8);
            int end = content.indexOf('\n');
            String name = file.getFileName().toString();
            return new Recording(
                    client,
                    name.substring(0, name.length() - ".screen".length()),
                    content.substring(0, end),
                    content.substring(end + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
