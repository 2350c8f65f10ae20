package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.parley.process.ProcStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@link ProcessTree} read from Linux' {@code /proc}, see proc(5). */
final class ProcfsTree implements ProcessTree {

    /** The major device numbers of pseudo-terminals; the kernel uses further ones only past a million of them. */
    private static final int PTY_MAJOR = 136;

    private static final int MAX_SOCKET_LINES = 100_000;
    private static final int MAX_DESCRIPTORS = 4_096;
    private static final int MAX_SOCKETS = 4;
    /** {@code __SO_ACCEPTCON} in the flags column of {@code /proc/net/unix}: the socket listens. */
    private static final String LISTENS = "00010000";

    private final Path proc;

    ProcfsTree(Path proc) {
        this.proc = proc;
    }

    static boolean isPresent() {
        return Files.exists(Path.of("/proc/self/stat"));
    }

    @Override
    public Optional<ProcessEntry> entry(long pid) {
        try {
            return parse(pid, Files.readString(directory(pid).resolve("stat"), ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ProcessEntry> parse(long pid, String text) {
        try {
            return ProcStat.of(text)
                    .map(stat -> new ProcessEntry(
                            pid,
                            stat.name(),
                            stat.state(),
                            stat.parent(),
                            stat.group(),
                            terminal(stat.terminal()),
                            stat.foreground()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The device file of a terminal number; only pseudo-terminals can be panes. */
    static String terminal(long device) {
        long major = (device >> 8) & 0xfff;
        long minor = (device & 0xff) | ((device >> 12) & 0xfff00);
        return major == PTY_MAJOR ? "/dev/pts/" + minor : "";
    }

    @Override
    public List<Path> socketsOf(long server) {
        Set<String> inodes = descriptors(server);
        List<Path> found = new ArrayList<>();
        try (Stream<String> lines = Files.lines(directory(server).resolve("net/unix"), ISO_8859_1)) {
            lines.limit(MAX_SOCKET_LINES)
                    .map(line -> line.strip().split(" +", 8))
                    // Num: RefCount Protocol Flags Type St Inode Path
                    .filter(column -> column.length == 8 && column[3].equals(LISTENS) && inodes.contains(column[6]))
                    .map(column -> Path.of(column[7]))
                    .filter(SocketOwnership::isOurs)
                    .limit(MAX_SOCKETS)
                    .forEach(found::add);
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
        return found;
    }

    /** The inodes of the sockets that a process has open. */
    private Set<String> descriptors(long pid) {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(directory(pid).resolve("fd"))) {
            int seen = 0;
            for (Path descriptor : descriptors) {
                if (++seen > MAX_DESCRIPTORS) {
                    break;
                }
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It has ended, or this process may not look at it. What was found so far is
            // confirmed, or not, by asking the server.
            return inodes;
        }
        return inodes;
    }

    /** The server's own program, even if it has been replaced on disk since: a newer client would be refused by it. */
    @Override
    public String tmuxOf(long server) {
        return directory(server).resolve("exe").toString();
    }

    private Path directory(long pid) {
        return proc.resolve(Long.toString(pid));
    }
}
