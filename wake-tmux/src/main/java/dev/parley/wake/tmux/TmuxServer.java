package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.Ids;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One running tmux server, talked to with its own program. Every command is short-lived and limited in time. Safe for use
 * by several threads.
 *
 * <p>Keys are sent only on a condition that the server itself evaluates in the same turn of its event loop: that it would
 * still describe the pane in the very words in which it described it when the keys were decided on. So nothing that tmux
 * knows of (another pane process, copy mode, a moved cursor, a new size) can come in between.
 */
final class TmuxServer {

    /** What came of keys sent on a condition. */
    enum Sent {
        /** The server has written them to the pane. */
        TYPED,
        /** The pane had changed; nothing was written. */
        HELD
    }

    /**
     * One pane, in so far as it can be told from others.
     *
     * @param id its name in this server, such as {@code %5}
     * @param process the process that it was made with
     * @param terminal its terminal, as a device file
     * @param session the name of a session that shows it; a pane that is in several is listed once for each
     */
    record Pane(String id, long process, String terminal, String session) {}

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(2);
    private static final Pattern PANE_ID = Pattern.compile("%\\d{1,9}");
    private static final int MAX_PANES = 2_000;
    /** The last of a pane's, the session's name, may hold spaces. */
    private static final int FIELDS = 5;

    private static final byte[] NO_INPUT = {};

    private final Subprocess subprocess;
    private final String tmux;
    private final Path socket;

    TmuxServer(Subprocess subprocess, String tmux, Path socket) {
        this.subprocess = subprocess;
        this.tmux = tmux;
        this.socket = socket;
    }

    /**
     * The panes of this server, if it is the process with this number.
     *
     * @return nothing if another server answers
     * @throws IOException if none answers
     */
    List<Pane> panes(long server) throws IOException, InterruptedException {
        Subprocess.Output output = checked(
                run(NO_INPUT, "list-panes", "-a", "-F", "#{pid} #{pane_id} #{pane_pid} #{pane_tty} #{session_name}"));
        String own = Long.toString(server);
        try (Stream<String> lines = output.out().lines()) {
            return lines.limit(MAX_PANES)
                    .map(line -> line.split(" ", FIELDS))
                    .filter(field -> field.length == FIELDS
                            && field[0].equals(own)
                            && PANE_ID.matcher(field[1]).matches()
                            && field[2].matches("\\d{1,18}"))
                    .map(field -> new Pane(field[1], Long.parseLong(field[2]), field[3], field[4]))
                    .toList();
        }
    }

    /**
     * What a pane shows now; empty if the server describes it in a way that is not understood.
     *
     * @throws IOException if there is no such pane or no answer
     */
    Optional<Snapshot> look(String pane) throws IOException, InterruptedException {
        String answer = checked(run(
                        NO_INPUT,
                        "display-message",
                        "-p",
                        "-t",
                        pane,
                        PaneState.FORMAT,
                        ";",
                        "capture-pane",
                        "-p",
                        "-e",
                        "-t",
                        pane))
                .out();
        int end = answer.indexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        return PaneState.parse(answer.substring(0, end))
                .map(state -> new Snapshot(state, Screen.parse(answer.substring(end + 1))));
    }

    /**
     * What a pane shows, with so many lines of what has scrolled out of it, as plain text.
     *
     * @throws IOException if there is no such pane or no answer
     */
    String text(String pane, int history) throws IOException, InterruptedException {
        return checked(run(NO_INPUT, "capture-pane", "-p", "-J", "-S", "-" + history, "-t", pane))
                .out();
    }

    /**
     * Puts a text into a paste buffer of its own.
     *
     * @return the buffer's name
     * @throws IOException if the server does not take it; nothing reached any pane
     */
    String load(String text) throws IOException, InterruptedException {
        String buffer = "parley-" + Ids.random();
        // Through standard input: in an argument a final ";" would end the command.
        checked(run(text.getBytes(US_ASCII), "load-buffer", "-b", buffer, "-"));
        return buffer;
    }

    /** Drops a paste buffer that was not used. */
    void drop(String buffer) throws IOException, InterruptedException {
        checked(run(NO_INPUT, "delete-buffer", "-b", buffer));
    }

    /**
     * Pastes a buffer into a pane, bracketed, and drops it, if the pane is still as it was.
     *
     * @throws IOException if it is not known whether it was pasted
     */
    Sent paste(String pane, PaneState expected, String buffer) throws IOException, InterruptedException {
        return onlyIf(expected, pane, "paste-buffer -p -d -b " + buffer + " -t " + pane);
    }

    /**
     * Presses a key in a pane so many times at once, if the pane is still as it was.
     *
     * @throws IOException if it is not known whether it was pressed
     */
    Sent press(String pane, PaneState expected, String key, int times) throws IOException, InterruptedException {
        return onlyIf(expected, pane, "send-keys -t " + pane + (" " + key).repeat(times));
    }

    private Sent onlyIf(PaneState expected, String pane, String command) throws IOException, InterruptedException {
        String out = checked(run(
                        NO_INPUT,
                        "if-shell",
                        "-F",
                        "-t",
                        pane,
                        expected.unchanged(),
                        command + " ; display-message -p " + Sent.TYPED,
                        "display-message -p " + Sent.HELD))
                .out()
                .strip();
        return switch (out) {
            case "TYPED" -> Sent.TYPED;
            case "HELD" -> Sent.HELD;
            default -> throw new IOException("tmux did not say whether it typed: '" + out + "'");
        };
    }

    private Subprocess.Output run(byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        // -u: without it, and in a locale that is not UTF-8, every character beyond ASCII is printed as "_".
        command.addAll(List.of(tmux, "-u", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        return subprocess.run(command, input, COMMAND_LIMIT);
    }

    private static Subprocess.Output checked(Subprocess.Output output) throws IOException {
        if (output.status() != 0) {
            throw new IOException("tmux answered: " + output.err().strip());
        }
        return output;
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
