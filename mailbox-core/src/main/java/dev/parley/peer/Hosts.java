package dev.parley.peer;

import dev.parley.lock.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which sessions a client's process hosts, or has hosted: {@code hosts/<process>/<session id>}, empty files. So a command can
 * tell whether it runs inside a client, however many sessions there are. A hint: the card says who a session is.
 */
public final class Hosts {

    /** The directory in the store. */
    public static final String DIRECTORY = "hosts";

    private static final byte[] NOTHING = {};

    private final Store store;

    /** The notes of a store. */
    public Hosts(Store store) {
        this.store = store;
    }

    private Path directory(ProcessIdentity process) {
        return store.home().resolve(DIRECTORY).resolve(process.toString());
    }

    /** Notes that a process hosts a session. Does nothing where that is noted. */
    public void note(ProcessIdentity process, SessionId session) throws IOException {
        store.makeIfMissing(store.home().resolve(DIRECTORY));
        store.makeIfMissing(directory(process));
        try {
            store.disk().createFile(directory(process).resolve(session.value()), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // Noted before.
        }
    }

    /** The sessions that a process hosts or has hosted; none if it is no client's process. */
    public List<SessionId> of(ProcessIdentity process) throws IOException {
        try {
            return store.hasDirectory(directory(process))
                    ? store.disk().list(directory(process)).stream()
                            .filter(SessionId::isValid)
                            .map(SessionId::new)
                            .sorted()
                            .toList()
                    : List.of();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
