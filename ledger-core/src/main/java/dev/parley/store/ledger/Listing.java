package dev.parley.store.ledger;

import dev.parley.address.SessionId;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.peer.Relocation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What lies in one directory of a session, also while it moves to another id: then some of it still lies under the older one.
 *
 * @param session the session's id while this was listed
 * @param files where each file is, by name
 */
record Listing(SessionId session, Map<String, Path> files) {

    private static final int LOOKS = 16;

    /**
     * Lists the files. Whatever is there all the time is in it.
     *
     * @throws IOException if the directory cannot be read, or the session moves faster than it can be listed
     */
    static Listing of(Store store, Relocation moves, SessionId owner, Part part) throws IOException {
        for (int looks = 0; looks < LOOKS; looks++) {
            SessionId session = store.currentOf(owner);
            Map<String, Path> files = list(store, moves, session, part);
            // What was made under the next id meanwhile is not among them.
            if (store.currentOf(owner).equals(session)) {
                return new Listing(session, files);
            }
        }
        throw new IOException(store.session(owner) + " moves faster than it can be listed; try again");
    }

    private static Map<String, Path> list(Store store, Relocation moves, SessionId session, Part part)
            throws IOException {
        Map<String, Path> files = new HashMap<>();
        Path present = store.part(session, part);
        for (Path directory : directories(store, moves, session, part)) {
            try {
                add(store, directory, files);
            } catch (NoSuchFileException | NotDirectoryException e) {
                if (directory.equals(present)) {
                    throw e;
                }
                // Removed meanwhile, so there was nothing in it.
            }
        }
        return files;
    }

    /**
     * Where the files of a session may lie, the present directory last. A file moves to a later one, so whoever looks into them in this
     * order finds each that is there all the time.
     *
     * @throws IOException if there is no present directory
     */
    static List<Path> directories(Store store, Relocation moves, SessionId session, Part part) throws IOException {
        List<Path> directories = new ArrayList<>();
        for (SessionId older : moves.olderIds(session)) {
            if (store.hasDirectory(store.part(older, part))) {
                directories.add(store.part(older, part));
            }
        }
        Collections.reverse(directories);
        Path present = store.part(session, part);
        store.requireDirectory(present);
        directories.add(present);
        return directories;
    }

    private static void add(Store store, Path directory, Map<String, Path> files) throws IOException {
        for (String name : store.disk().list(directory)) {
            files.put(name, directory.resolve(name));
        }
    }
}
