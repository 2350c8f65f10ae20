package dev.parley.store.peer;

import dev.parley.address.SessionId;
import dev.parley.peer.ClientNotes;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@link ClientNotes} as files: {@code clients/<process>} holds the id of the session that the process runs, and
 * {@code hosts/<process>/<session id>}, empty files, say which it hosts or has hosted.
 */
public final class FileClientNotes implements ClientNotes {

    /** The directory of the sessions that a process hosts. */
    public static final String HOSTS = "hosts";

    /** The scope of processes where the system has no {@code /proc}: there a hook knows no start times. */
    private static final String NO_PROC = "local";

    /** How much a file's time and a process's start may disagree: they come from two clocks. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private static final byte[] NOTHING = {};

    private final Store store;
    private final ProcessTable processes;

    /** The notes of a store. */
    public FileClientNotes(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
    }

    @Override
    public Pointer sessionOf(ProcessIdentity client, Optional<Instant> since) throws IOException {
        Path file = store.clients().resolve(client.toString());
        if (!store.disk().isAbsent(file)) {
            return pointer(file, id -> true);
        }
        Path undated = store.clients().resolve(client.pid() + ".0.0");
        Path plain = store.clients().resolve(Long.toString(client.pid()));
        if (client.start() != 0
                && !client.scope().equals(NO_PROC)
                && !store.disk().isAbsent(plain)) {
            return pointer(plain, id -> !isOfAnEarlierProcess(plain, since) && isOf(id, client));
        }
        if (client.scope().equals(NO_PROC) && !store.disk().isAbsent(undated)) {
            return pointer(undated, id -> !isOfAnEarlierProcess(undated, since));
        }
        return new Pointer(Optional.empty(), file + " is absent: no hook of Parley has run there");
    }

    /** Whether a session that a pointer names is that of the client that asks. */
    private interface Proof {
        boolean holds(SessionId id) throws IOException;
    }

    /**
     * Hooks before this one named the file after the number alone, which the client in another container has as well: there the
     * card of the session that is named has to be of this very process, or of one that has ended.
     */
    private boolean isOf(SessionId id, ProcessIdentity client) throws IOException {
        try {
            Path card = store.card(id);
            return CardCodec.decode(card, store.disk().readFile(card, CardCodec.MAX_BYTES), id)
                    .process()
                    .filter(process -> process.equals(client) || processes.vitality(process) == Vitality.DEAD)
                    .isPresent();
        } catch (CorruptFileException | NoSuchFileException e) {
            return false;
        }
    }

    private Pointer pointer(Path file, Proof proof) throws IOException {
        try {
            Optional<SessionId> id = store.idIn(file);
            if (id.isPresent() && !store.hasDirectory(store.session(id.get()))) {
                // A hook makes a session before it points to it, so this is a damaged id that looks like one.
                id = Optional.empty();
            }
            if (id.isPresent() && !proof.holds(id.get())) {
                return new Pointer(
                        Optional.empty(),
                        file + " is another client's, of before or in another container, with the same process number");
            }
            return new Pointer(id, id.isPresent() ? file.toString() : file + " holds no id of a session");
        } catch (CorruptFileException e) {
            return new Pointer(Optional.empty(), file + " holds no id of a session");
        } catch (NoSuchFileException e) {
            return new Pointer(Optional.empty(), file + " has just gone");
        } catch (IOException e) {
            if (store.disk()
                    .stat(file)
                    .filter(stat -> stat.kind() == Disk.Kind.FILE)
                    .isPresent()) {
                throw e;
            }
            return new Pointer(Optional.empty(), file + " is no file");
        }
    }

    /** After a restart of the machine, or in a container, another process soon has the same number. */
    private boolean isOfAnEarlierProcess(Path file, Optional<Instant> since) throws IOException {
        Optional<Instant> written = store.disk().stat(file).map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()));
        return written.isPresent()
                && since.isPresent()
                && written.get().isBefore(since.get().minus(CLOCKS_DIFFER));
    }

    @Override
    public Optional<SessionId> pointedTo(ProcessIdentity client) throws IOException {
        try {
            return store.idIn(store.clients().resolve(client.toString()));
        } catch (CorruptFileException | FileSystemException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean isHeardFrom(SessionId session) throws IOException {
        return store.disk().stat(store.activity(session)).isPresent();
    }

    private Path hosted(ProcessIdentity process) {
        return store.home().resolve(HOSTS).resolve(process.toString());
    }

    @Override
    public void noteHosted(ProcessIdentity process, SessionId session) throws IOException {
        store.makeIfMissing(store.home().resolve(HOSTS));
        store.makeIfMissing(hosted(process));
        try {
            store.disk().createFile(hosted(process).resolve(session.value()), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // Noted before.
        }
    }

    @Override
    public List<SessionId> hostedBy(ProcessIdentity process) throws IOException {
        try {
            return store.hasDirectory(hosted(process))
                    ? store.disk().list(hosted(process)).stream()
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
