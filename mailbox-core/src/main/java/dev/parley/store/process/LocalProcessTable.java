package dev.parley.store.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.parley.process.ProcStat;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * {@link ProcessTable} of this machine: {@code /proc} where there is one (proc(5)), else {@link ProcessHandle}.
 *
 * <p>A zombie counts as dead: it will never run another instruction, and its parent may not reap it for hours.
 */
public final class LocalProcessTable implements ProcessTable {

    private static final Path PROC = Path.of("/proc");

    /** More than 52 numbers of 20 digits each and a name can take. */
    private static final int LONGEST_STAT = 2048;

    /** Below every constant it needs: static fields are set in the order they are written. */
    public static final LocalProcessTable INSTANCE = new LocalProcessTable();

    private final boolean hasProc = Files.exists(PROC.resolve("self/stat"));
    private final String scope = hasProc ? linuxScope() : "local";
    private final ProcessIdentity self = identify(ProcessHandle.current().pid())
            .orElseThrow(() -> new IllegalStateException("this process does not see itself in the process table"));

    private LocalProcessTable() {}

    /** The same, which knows as well which processes of earlier boots have ended, of those that are noted in a store. */
    public static ProcessTable ofStore(Path store) {
        return EarlierBoots.over(INSTANCE, store);
    }

    @Override
    public ProcessIdentity self() {
        return self;
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        long start = start(pid);
        return start < 0 ? Optional.empty() : Optional.of(new ProcessIdentity(pid, start, scope));
    }

    @Override
    public Vitality vitality(ProcessIdentity process) {
        if (!process.scope().equals(scope) && !process.scope().equals("0")) {
            return Vitality.UNKNOWN;
        }
        long start = start(process.pid());
        if (start == ProcStat.CANNOT_TELL) {
            return Vitality.UNKNOWN;
        }
        return start != ProcStat.GONE && (process.start() == 0 || process.start() == start)
                ? Vitality.ALIVE
                : Vitality.DEAD;
    }

    /** When the process with this number started, or {@link ProcStat#GONE}, or {@link ProcStat#CANNOT_TELL}. */
    private long start(long pid) {
        if (!hasProc) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .map(handle -> handle.info()
                            .startInstant()
                            .map(Instant::toEpochMilli)
                            .orElse(0L))
                    .orElse(ProcStat.GONE);
        }
        Path entry = PROC.resolve(Long.toString(pid));
        try (InputStream stat = new FileInputStream(entry.resolve("stat").toFile())) {
            return ProcStat.start(line(stat));
        } catch (IOException e) {
            // Gone, or gone while it was read (ESRCH). Anything else, such as EMFILE, says nothing about that process.
            return Files.notExists(entry) ? ProcStat.GONE : ProcStat.CANNOT_TELL;
        }
    }

    /**
     * The line of a process, by one call where the system gives all of it at once. Files.readString and readNBytes ask for the size
     * first, which is 0 in /proc, and look once more behind the end.
     */
    private static String line(InputStream stat) throws IOException {
        byte[] text = new byte[LONGEST_STAT];
        int length = 0;
        int more = stat.read(text);
        while (more > 0) {
            length += more;
            boolean isAll = length == text.length || text[length - 1] == '\n';
            more = isAll ? 0 : stat.read(text, length, text.length - length);
        }
        return new String(text, 0, length, ISO_8859_1);
    }

    /** Boot and process-number space: two containers on one boot must not judge each other's processes. */
    private static String linuxScope() {
        try {
            String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                    .strip()
                    .replace("-", "");
            String space = Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
                    .toString()
                    .replaceAll("\\D", "");
            return boot.substring(0, 12) + "n" + space;
        } catch (IOException | RuntimeException e) {
            return "local";
        }
    }
}
