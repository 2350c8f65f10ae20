package dev.parley.store.remote;

import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The directories of pairs, which are made when they are needed. Safe for use by several threads. */
final class Directories {

    private final Store store;

    /** Those that this process has forced: seeing one says nothing of whether its maker has. */
    private final Set<Path> forced = ConcurrentHashMap.newKeySet();

    Directories(Store store) {
        this.store = store;
    }

    /**
     * A directory in one of the store's fixed ones, made if it is missing. On return both survive a power cut.
     *
     * @throws IOException if they cannot be made, or something else has that name
     */
    Path made(Path root, String name) throws IOException {
        Path directory = root.resolve(name);
        if (!forced.contains(directory) || !store.isRealDirectory(directory)) {
            store.makeIfMissing(root);
            store.makeIfMissing(directory);
            store.disk().forceDirectory(root);
            store.disk().forceDirectory(store.home());
            forced.add(directory);
        }
        return directory;
    }

    /** Tells that a pair is passed over. */
    void unreadable(Path directory, IOException why) {
        store.trace().event(Event.PAIR_UNREADABLE, Map.of("directory", directory.toString(), "reason", why.toString()));
    }
}
