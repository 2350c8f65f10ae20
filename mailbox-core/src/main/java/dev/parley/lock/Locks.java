package dev.parley.lock;

import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The locks of one store, by name. Safe for use by several threads. */
public final class Locks {

    /** How long a holder may take before others displace it although it lives. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    /** How long to wait for a busy lock, unless a caller says otherwise. */
    public static final Duration WAIT = Duration.ofSeconds(2);

    static final String CANDIDATE_SUFFIX = ".tmp";

    /** After this long a candidate of a process that cannot be judged (another boot, another container) is litter. */
    private static final Duration CANDIDATE_LIFE = Duration.ofHours(1);

    private final Store store;
    private final ProcessTable processes;

    /** The locks of a store, judged by this process table. */
    public Locks(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
    }

    /**
     * The lock of a name, held at the most for {@link #LEASE}.
     *
     * @param name safe as a file name, at the most 160 characters
     */
    public OwnerLock named(String name) {
        return named(name, LEASE);
    }

    /** The lock of a name with another lease. */
    public OwnerLock named(String name, Duration lease) {
        return new FileOwnerLock(store, processes, name, lease);
    }

    /** A file that is only changed under the lock of this name. */
    public GuardedFile guarded(Path file, String name) {
        return new GuardedFile(store.disk(), file, named(name));
    }

    /**
     * Removes what processes that died while acquiring have left behind. Harmless at any time: whoever loses a candidate
     * to a wrong verdict makes a new one.
     *
     * @return how many were removed
     */
    public int sweep() throws IOException {
        int removed = 0;
        for (String entry : store.disk().list(store.locks())) {
            if (!entry.endsWith(CANDIDATE_SUFFIX)) {
                continue;
            }
            String body = entry.substring(0, entry.length() - CANDIDATE_SUFFIX.length());
            Path directory = store.locks().resolve(entry);
            String token = tokenOf(body);
            if (isLitter(directory, token)) {
                removeCandidate(store.disk(), directory, token);
                store.trace().event("lock-candidate-swept", Map.of("name", entry));
                removed++;
            }
        }
        return removed;
    }

    private boolean isLitter(Path directory, String token) throws IOException {
        Vitality vitality =
                OwnerToken.parse(token).map(t -> processes.vitality(t.holder())).orElse(Vitality.UNKNOWN);
        if (vitality == Vitality.UNKNOWN) {
            long made =
                    store.disk().stat(directory).map(Disk.Stat::modifiedMillis).orElse(0L);
            return Math.abs(store.clock().millis() - made) > CANDIDATE_LIFE.toMillis();
        }
        return vitality == Vitality.DEAD;
    }

    /** The last four dot-separated parts of a candidate's name: lock names may hold dots themselves. */
    private static String tokenOf(String body) {
        int from = body.length();
        for (int part = 0; part < 4 && from > 0; part++) {
            from = body.lastIndexOf('.', from - 1);
        }
        return body.substring(from + 1);
    }

    static void removeCandidate(Disk disk, Path directory, String token) throws IOException {
        try {
            disk.deleteFile(directory.resolve(token));
        } catch (NoSuchFileException e) {
            // It died between making the directory and the file.
        }
        try {
            disk.deleteDirectory(directory);
        } catch (NoSuchFileException e) {
            // Another sweep was faster.
        }
    }
}
