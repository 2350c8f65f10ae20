package dev.parley.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A tmux server of one test's own, ended with everything in it when the test closes it. */
public final class PrivateTmux implements AutoCloseable {

    /** Which tmux: the one on the path, unless the property {@code parley.test.tmux} names another. */
    public static final String PROGRAM = System.getProperty("parley.test.tmux", "tmux");

    private static final AtomicInteger SERVERS = new AtomicInteger();

    private final String name = "parley-it-" + ProcessHandle.current().pid() + "-" + SERVERS.incrementAndGet();
    private final List<Long> started = new ArrayList<>();
    private final String locale;
    private boolean running;

    /** A server in a UTF-8 locale. */
    public PrivateTmux() {
        this("C.UTF-8");
    }

    /** A server in a locale. */
    public PrivateTmux(String locale) {
        this.locale = locale;
    }

    /**
     * Opens a pane.
     *
     * @param environment all of it: nothing is inherited but what is given here
     * @param command what the pane's process becomes
     */
    public TmuxPane open(int width, int height, Path directory, Map<String, String> environment, List<String> command) {
        String line = "exec env -i "
                + environment.entrySet().stream()
                        .map(e -> quoted(e.getKey() + "=" + e.getValue()))
                        .collect(Collectors.joining(" "))
                + " "
                + command.stream().map(PrivateTmux::quoted).collect(Collectors.joining(" "));
        String id = run(
                        running ? "new-window" : "new-session",
                        running ? "-a" : "-x" + width,
                        "-d",
                        running ? "-a" : "-y" + height,
                        "-P",
                        "-F",
                        "#{pane_id}",
                        "-c",
                        directory.toString(),
                        line)
                .strip();
        if (running) {
            run("resize-window", "-t", id, "-x", Integer.toString(width), "-y", Integer.toString(height));
        }
        running = true;
        TmuxPane pane = new TmuxPane(this, id);
        started.add(pane.process());
        return pane;
    }

    /** Runs a command of this server. */
    public String run(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("env", "LC_ALL=" + locale, PROGRAM, "-u", "-L", name, "-f", "/dev/null"));
        command.addAll(List.of(arguments));
        return Command.run(command);
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Ends the server, and what was started in its panes and has outlived it. A pane that is opened after that begins another. */
    @Override
    public void close() {
        if (!running) {
            return;
        }
        running = false;
        List<ProcessHandle> left = started.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        Path socket = Path.of(run("display-message", "-p", "#{socket_path}").strip());
        run("kill-server");
        left.forEach(ProcessHandle::destroy);
        left.forEach(PrivateTmux::awaitEnd);
        started.clear();
        try {
            // tmux leaves it behind.
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(3, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
