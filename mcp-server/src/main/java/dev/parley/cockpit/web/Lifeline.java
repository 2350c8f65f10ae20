package dev.parley.cockpit.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a command's life hangs on: the terminal it was started from, and the process that started it. When the first of them is
 * gone, the command is to end, also where no signal says so: a shell may have shielded it from SIGHUP.
 */
public final class Lifeline {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Path descriptors;
    private final List<Terminal> terminals = new ArrayList<>();
    private final Optional<ProcessHandle> starter;

    /** A standard stream that is a terminal: once that is closed, Linux calls it by another name. */
    private record Terminal(String descriptor, Path name) {}

    private Lifeline(Path descriptors, Optional<ProcessHandle> starter) {
        this.descriptors = descriptors;
        this.starter = starter;
        for (String descriptor : List.of("0", "1", "2")) {
            target(descriptor)
                    .filter(Lifeline::isTerminal)
                    .ifPresent(name -> terminals.add(new Terminal(descriptor, name)));
        }
    }

    /** That of this process. */
    public static Lifeline ofThisProcess() {
        return of(Path.of("/proc/self/fd"), ProcessHandle.current().parent());
    }

    /**
     * That of a process.
     *
     * @param descriptors a directory with links to what its streams are
     * @param starter who started it; empty if that cannot be seen
     */
    static Lifeline of(Path descriptors, Optional<ProcessHandle> starter) {
        return new Lifeline(descriptors, starter);
    }

    /** Waits until it is cut. */
    public void await() throws InterruptedException {
        while (isWhole()) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /** Whether the terminal and the process are still there. */
    boolean isWhole() {
        return starter.map(Lifeline::isThere).orElse(true)
                && terminals.stream()
                        .allMatch(terminal -> target(terminal.descriptor())
                                .filter(terminal.name()::equals)
                                .isPresent());
    }

    /** The JDK opens a file to tell, so a process that can open none takes every other for gone: then the name of its entry tells. */
    private static boolean isThere(ProcessHandle process) {
        return process.isAlive() || Files.exists(Path.of("/proc", Long.toString(process.pid())));
    }

    private Optional<Path> target(String descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptors.resolve(descriptor)));
        } catch (IOException | UnsupportedOperationException e) {
            // Another system, where the signal and the process that started it have to do.
            return Optional.empty();
        }
    }

    private static boolean isTerminal(Path name) {
        return name.startsWith("/dev/pts") || name.toString().startsWith("/dev/tty");
    }
}
