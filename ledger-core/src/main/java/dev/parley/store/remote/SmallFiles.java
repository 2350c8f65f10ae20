package dev.parley.store.remote;

import dev.parley.address.Ids;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checked files in one directory of the store, each replaced as a whole. Safe for use by several threads and processes. */
final class SmallFiles {

    /** What was begun and not put in place: of a process that died, or of one that is about to. */
    private static final Pattern BEGUN = Pattern.compile(".+\\.[0-9a-z]{16}\\.tmp");

    private final Store store;
    private final Disk disk;
    private final Path directory;

    SmallFiles(Store store, String directory) {
        this.store = store;
        this.disk = store.disk();
        this.directory = store.home().resolve(directory);
    }

    static boolean isBegun(String name) {
        return BEGUN.matcher(name).matches();
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    void make() throws IOException {
        var unused = store.makeIfMissing(directory);
    }

    /** Survives the death of the process. */
    void replace(String name, String lines) throws IOException {
        make();
        Path begun = path(name + "." + Ids.random() + ".tmp");
        disk.createFile(begun, Checksummed.encode(lines), Disk.Sync.UNFORCED);
        disk.rename(begun, path(name));
    }

    /** Its lines; empty if it is absent, or damaged, which is traced: somebody writes it again. */
    Optional<String> read(String name, int maxBytes) throws IOException {
        Path file = path(name);
        try {
            return Optional.of(Checksummed.decode(file, disk.readFile(file, maxBytes)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            unreadable(file, e.toString());
            return Optional.empty();
        }
    }

    void unreadable(Path file, String reason) {
        store.trace().event(Event.REMOTE_NOTE_UNREADABLE, Map.of("file", file.toString(), "reason", reason));
    }

    void remove(String name) throws IOException {
        try {
            disk.deleteFile(path(name));
        } catch (NoSuchFileException e) {
            // It is gone already.
        }
    }

    /** Without what was only begun. */
    List<String> names() throws IOException {
        try {
            return disk.list(directory).stream().filter(name -> !isBegun(name)).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Removes what was begun so long ago that nobody is about to put it in place any more. */
    void removeBegun(long olderThanMillis) throws IOException {
        try {
            for (String name : disk.list(directory)) {
                if (isBegun(name) && age(name) > olderThanMillis) {
                    remove(name);
                }
            }
        } catch (NoSuchFileException e) {
            // Nothing was ever begun.
        }
    }

    private long age(String name) throws IOException {
        return disk.modifiedMillis(path(name))
                .map(at -> store.clock().millis() - at)
                .orElse(0L);
    }
}
