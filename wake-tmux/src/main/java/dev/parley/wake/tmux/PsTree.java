package dev.parley.wake.tmux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@link ProcessTree} as ps(1) prints it, for systems without {@code /proc}, such as macOS. */
final class PsTree implements ProcessTree {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MAX_SOCKETS = 16;
    private static final int MAX_ENTRIES = 1_000;

    /** state, parent, group, foreground, terminal, name: the last may hold spaces. */
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\S)\\S*\\s+(\\d+)\\s+(\\d+)\\s+(-?\\d+)\\s+(\\S+)\\s+(.+?)\\s*");

    private final Subprocess subprocess;
    private final String ps;
    private final String tmux;

    PsTree(Subprocess subprocess, String ps, String tmux) {
        this.subprocess = subprocess;
        this.ps = ps;
        this.tmux = tmux;
    }

    @Override
    public Optional<ProcessEntry> entry(long pid) throws InterruptedException {
        try {
            Subprocess.Output output = subprocess.run(
                    List.of(ps, "-o", "stat=,ppid=,pgid=,tpgid=,tty=,ucomm=", "-p", Long.toString(pid)),
                    new byte[0],
                    LIMIT);
            return output.status() == 0 ? parse(pid, output.out()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ProcessEntry> parse(long pid, String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String terminal = matcher.group(5);
        try {
            return Optional.of(new ProcessEntry(
                    pid,
                    matcher.group(6),
                    matcher.group(1).charAt(0),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    terminal.startsWith("?") || terminal.equals("-") ? "" : "/dev/" + terminal,
                    Long.parseLong(matcher.group(4))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** ps(1) does not tell sockets: the ones in tmux' own directory are tried, the newest first. Dead ones stay there. */
    @Override
    public List<Path> socketsOf(long server) {
        try (Stream<Path> directory = Files.list(SocketOwnership.defaultDirectory())) {
            return directory
                    .limit(MAX_ENTRIES)
                    .filter(SocketOwnership::isOurs)
                    .sorted(Comparator.comparingLong(
                                    (Path socket) -> socket.toFile().lastModified())
                            .reversed())
                    .limit(MAX_SOCKETS)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    @Override
    public String tmuxOf(long server) {
        return tmux;
    }
}
