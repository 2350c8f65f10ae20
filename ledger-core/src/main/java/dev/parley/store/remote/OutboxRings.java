package dev.parley.store.remote;

import dev.parley.remote.Outbox.Puts;
import dev.parley.remote.Pair;
import dev.parley.store.DirectoryWatch;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** {@code outbox/rung}: an empty file for each pair of which messages were put since the postman looked last. */
final class OutboxRings {

    static final String NAME = "rung";

    private final Store store;
    private final Disk disk;
    private final Path outbox;
    private final Path rung;
    private final Directories directories;

    OutboxRings(Store store, Directories directories) {
        this.store = store;
        this.disk = store.disk();
        this.outbox = store.home().resolve(FileOutbox.DIRECTORY);
        this.rung = outbox.resolve(NAME);
        this.directories = directories;
    }

    /** Tells whoever carries it. That this fails costs time, and no mail. */
    void ring(Pair pair) {
        try {
            make(rung);
            disk.createFile(rung.resolve(pair.key()), new byte[0], Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // It is told already.
        } catch (IOException e) {
            store.trace().event(Event.POSTMAN_NOT_CALLED, Map.of("reason", e.toString()));
        }
    }

    /** Tells which pair has a key. */
    interface Pairs {
        Pair of(String key) throws IOException;
    }

    Puts puts(Pairs pairs) throws IOException {
        make(outbox);
        make(rung);
        DirectoryWatch watch = disk.watch(rung);
        return new Puts() {
            @Override
            public Set<Pair> await(Duration limit) throws IOException, InterruptedException {
                Set<Pair> found = answered(pairs);
                if (found.isEmpty() && !limit.isZero()) {
                    watch.await(limit);
                    found = answered(pairs);
                }
                return found;
            }

            @Override
            public void close() {
                watch.close();
            }
        };
    }

    /** Each ring is taken away before it is answered: what is put later rings again. */
    private Set<Pair> answered(Pairs known) throws IOException {
        Set<Pair> pairs = new HashSet<>();
        for (String key : disk.list(rung)) {
            try {
                disk.deleteFile(rung.resolve(key));
            } catch (NoSuchFileException e) {
                // Another process has answered it.
                continue;
            }
            try {
                if (FileOutbox.isKey(key)) {
                    pairs.add(known.of(key));
                }
            } catch (NoSuchFileException | DamagedException e) {
                directories.unreadable(outbox.resolve(key), e);
            }
        }
        return pairs;
    }

    private void make(Path directory) throws IOException {
        var unused = store.makeIfMissing(directory);
    }
}
