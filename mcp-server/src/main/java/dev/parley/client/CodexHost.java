package dev.parley.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process of Codex that hosts one thread or many, as the system tells of it: never what a card claims.
 *
 * @param pid its number
 * @param binary the native program
 * @param arguments its command line
 * @param home the variables that say where its files are, and for which address it was begun
 */
record CodexHost(long pid, Path binary, List<String> arguments, Map<String, String> home) {

    static final String PROGRAM = "codex";

    private static final Set<String> OF_INTEREST = Set.of("HOME", Codex.CONFIGURATION.variable(), Beginning.ADDRESS);

    private static final Path PROC = Path.of("/proc");
    private static final String LOCK = ".lock";
    private static final int MAX_HOOKS = 1 << 20;

    /** As proc(5) has it: kind, advisory, mode, process, device and inode of the file. */
    static final Pattern HELD = Pattern.compile("\\d+: FLOCK +ADVISORY +WRITE +(\\d+) [0-9a-f]+:[0-9a-f]+:(\\d+) .*");

    /** What there is to know of a process; empty if it is not Codex, or the system tells nothing (no /proc). */
    static Optional<CodexHost> of(long pid) {
        Path entry = PROC.resolve(Long.toString(pid));
        try {
            Path binary = Files.readSymbolicLink(entry.resolve("exe"));
            List<String> arguments = strings(entry.resolve("cmdline"));
            Path name = binary.getFileName();
            if (name == null || !name.toString().equals(PROGRAM)) {
                return Optional.empty();
            }
            Map<String, String> home = new HashMap<>();
            for (String variable : strings(entry.resolve("environ"))) {
                int equals = variable.indexOf('=');
                String key = equals < 0 ? "" : variable.substring(0, equals);
                if (OF_INTEREST.contains(key)) {
                    home.put(key, variable.substring(equals + 1));
                }
            }
            return Optional.of(new CodexHost(pid, binary, arguments, home));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> strings(Path file) throws IOException {
        return List.of(Files.readString(file, ISO_8859_1).split("\0"));
    }

    /** Whether it ends with its only turn. */
    boolean isExec() {
        return arguments.stream().skip(1).anyMatch(argument -> argument.equals("exec") || argument.equals("e"));
    }

    /** Whether it serves the terminals of others, of which each shows a thread of its own. */
    boolean isDaemon() {
        return arguments.stream().skip(1).anyMatch("app-server"::equals);
    }

    /**
     * Whether its terminal shows a newer thread than this one, which waits for its first prompt, as after {@code /clear}. This one
     * stays loaded then, and works behind it. A sub-agent's thread has its task at once.
     *
     * @param loaded the threads that it has loaded
     */
    boolean hasGoneOn(SessionId from, Set<SessionId> loaded) {
        Optional<Path> directory = isDaemon() ? Optional.empty() : directory();
        if (directory.isEmpty()) {
            return false;
        }
        for (SessionId other : loaded) {
            // Their ids begin with the time.
            if (other.compareTo(from) > 0 && isUnprompted(other, directory.get())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnprompted(SessionId thread, Path directory) {
        try {
            return CodexTranscript.isUnprompted(thread, directory);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The threads that it has loaded, those of sub-agents included; empty if that cannot be told.
     *
     * <p>Codex holds a lock on a file named after each thread as long as that is loaded, and takes it before it starts the
     * thread's servers; who holds which lock is looked up, the locks are not touched.
     */
    Optional<Set<SessionId>> threads() {
        return directory()
                .flatMap(directory -> threads(directory.resolve("thread-writer-locks"), PROC.resolve("locks")));
    }

    /** Whether Parley's hooks are in its configuration. */
    boolean isHooked() {
        return directory()
                .map(directory -> directory.resolve("hooks.json"))
                .filter(Files::isRegularFile)
                .filter(CodexHost::namesOurScript)
                .isPresent();
    }

    private static boolean namesOurScript(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_HOOKS), ISO_8859_1).contains("/parley-hook");
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it keeps its files. */
    Optional<Path> directory() {
        String home = this.home.getOrDefault(Codex.CONFIGURATION.variable(), "");
        String user = this.home.getOrDefault("HOME", "");
        if (home.isEmpty() && user.isEmpty()) {
            return Optional.empty();
        }
        Path directory = home.isEmpty() ? Path.of(user, Codex.CONFIGURATION.inHome()) : Path.of(home);
        return directory.isAbsolute() ? Optional.of(directory) : Optional.empty();
    }

    /**
     * The threads whose locks it holds.
     *
     * @param directory where the locks are
     * @param table as proc(5) describes {@code /proc/locks}
     */
    Optional<Set<SessionId>> threads(Path directory, Path table) {
        Set<Long> held = new HashSet<>();
        try (Stream<String> lines = Files.lines(table, ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher lock = HELD.matcher(line);
                if (lock.matches() && lock.group(1).equals(Long.toString(pid))) {
                    held.add(Long.parseLong(lock.group(2)));
                }
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        Set<SessionId> threads = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + LOCK)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String thread = name.substring(0, name.length() - LOCK.length());
                if (SessionId.isValid(thread) && isHeld(file, held)) {
                    threads.add(new SessionId(thread));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // A version that has no such locks.
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.of(threads);
    }

    private static boolean isHeld(Path file, Set<Long> held) throws IOException {
        try {
            return held.contains(((Number) Files.getAttribute(file, "unix:ino")).longValue());
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
