package dev.parley.store.remote;

import dev.parley.store.Disk;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lines of the files in a directory, as they were read last, for as long as that directory does not change: each file in it
 * is replaced by a rename, which does change it. Safe for use by several threads.
 */
final class ReadLines {

    /** A change shows in the directory's time, unless another one came just before. */
    private static final long APART_MILLIS = 1_000;

    /** A file with more lines is read each time: what is remembered is so in every server. */
    private static final int MOST = 64;

    private final Store store;
    private final Disk disk;
    private final Path directory;
    private final SmallFiles files;
    private final int maxBytes;
    private Known known = new Known(Optional.empty());

    /** What was read since the directory changed. */
    private static final class Known {
        private final Optional<Long> changed;
        private final Map<String, List<Fields>> lines = new HashMap<>();
        private Optional<List<String>> names = Optional.empty();

        Known(Optional<Long> changed) {
            this.changed = changed;
        }
    }

    ReadLines(Store store, String directory, SmallFiles files, int maxBytes) {
        this.store = store;
        this.disk = store.disk();
        this.directory = store.home().resolve(directory);
        this.files = files;
        this.maxBytes = maxBytes;
    }

    /** Looked at before anything is read: what changes meanwhile changes the time behind the one that is noted. */
    private Known known() throws IOException {
        Optional<Long> changed = disk.modifiedMillis(directory);
        boolean isLongAgo = changed.isPresent() && store.clock().millis() - changed.get() > APART_MILLIS;
        if (!isLongAgo || !known.changed.equals(changed)) {
            known = new Known(isLongAgo ? changed : Optional.empty());
        }
        return known;
    }

    /** The lines of a file; none, if it is absent or damaged. One that is none is passed over, which is traced. */
    synchronized List<Fields> of(String name) throws IOException {
        Known now = known();
        List<Fields> lines = now.lines.get(name);
        if (lines == null) {
            lines = read(name);
            if (lines.size() <= MOST) {
                now.lines.put(name, lines);
            }
        }
        return lines;
    }

    private List<Fields> read(String name) throws IOException {
        List<Fields> lines = new ArrayList<>();
        for (String text : files.read(name, maxBytes).orElse("").lines().toList()) {
            try {
                lines.add(Fields.ofLine(text));
            } catch (IllegalArgumentException e) {
                files.unreadable(files.path(name), e.toString());
            }
        }
        return List.copyOf(lines);
    }

    /** The names of the files. */
    synchronized List<String> names() throws IOException {
        Known now = known();
        List<String> names = now.names.isPresent() ? now.names.get() : files.names();
        if (names.size() <= MOST) {
            now.names = Optional.of(names);
        }
        return names;
    }
}
