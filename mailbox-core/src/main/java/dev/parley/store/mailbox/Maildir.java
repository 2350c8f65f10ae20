package dev.parley.store.mailbox;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The directories of one mailbox, under the id that its session has at this moment. */
final class Maildir {

    private static final List<Part> PARTS = List.of(Part.TMP, Part.NEW, Part.CUR, Part.SHOWN);

    private final Store store;
    private final SessionId session;
    private final Path root;
    private final Path waiting;
    private final Path claims;

    /**
     * Directories that may be absent.
     *
     * @param store the store they lie in
     * @param session whose directory they lie in
     */
    Maildir(Store store, SessionId session) {
        this.store = store;
        this.session = session;
        this.root = store.mailbox(session);
        this.waiting = store.part(session, Part.NEW);
        this.claims = store.part(session, Part.CUR);
    }

    /**
     * The mailbox of a session under its present id.
     *
     * @throws IOException if it is not there, or not made of directories; nothing was read or written
     */
    static Maildir of(Store store, SessionId owner) throws IOException {
        Maildir maildir = new Maildir(store, store.currentOf(owner));
        try {
            store.requireDirectories(maildir.session, PARTS);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(
                    maildir.root.toString(), null, "session " + maildir.session + " has no mailbox");
        }
        return maildir;
    }

    Store store() {
        return store;
    }

    SessionId session() {
        return session;
    }

    Path written() {
        return store.part(session, Part.TMP);
    }

    Path waiting() {
        return waiting;
    }

    Path claims() {
        return claims;
    }

    Path shown() {
        return store.part(session, Part.SHOWN);
    }

    Path corrupt() {
        return store.part(session, Part.CORRUPT);
    }

    /** The messages in a directory, oldest first; none if it is absent, or no directory. */
    List<MessageName> names(Path directory) throws IOException {
        List<MessageName> names = unordered(directory);
        names.sort(null);
        return names;
    }

    /**
     * The messages in a directory as it lists them, for whoever needs few of thousands in order; none if it is absent, or no
     * directory. Other files that may stand there are passed over.
     */
    List<MessageName> unordered(Path directory) throws IOException {
        List<MessageName> names = new ArrayList<>();
        try {
            for (String name : store.disk().list(directory)) {
                MessageName.parse(name).ifPresent(names::add);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Then there are none.
        }
        return names;
    }

    /** The names of the claims in {@code cur} or {@code shown}, and of whatever else stands there. */
    List<String> claimsIn(Path place) throws IOException {
        return store.disk().list(place).stream().sorted().toList();
    }

    /**
     * The content of a waiting message; empty if it has gone, may not be read, or was no message and has been set aside.
     *
     * @throws IOException if it may well be a message but cannot be read now
     */
    Optional<Envelope> peek(MessageName name) throws IOException {
        Path file = waiting().resolve(name.toString());
        try {
            Envelope envelope = EnvelopeCodec.decode(file, store.disk().readFile(file, EnvelopeCodec.MAX_FILE_BYTES));
            if (!name.names(envelope)) {
                throw new CorruptFileException(
                        file, 0, "it holds message " + envelope.id() + ", not what its name says");
            }
            return Optional.of(envelope);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            setAside(name, e.toString());
            return Optional.empty();
        } catch (AccessDeniedException e) {
            // Nothing is known to be wrong with it: it waits until 'parley check --repair' has set its mode.
            store.trace().event(Event.MESSAGE_UNREADABLE, Map.of("file", file.toString()));
            return Optional.empty();
        } catch (IOException e) {
            Optional<Disk.Stat> stat = store.disk().stat(file);
            if (stat.isPresent() && stat.get().kind() == Disk.Kind.FILE) {
                throw e;
            }
            setAside(name, "it is no regular file");
            return Optional.empty();
        }
    }

    /**
     * A file that is no message must not stop those behind it; it is kept for whoever can make sense of it. If it cannot be
     * set aside it stays, and is passed over.
     */
    private void setAside(MessageName name, String why) {
        Path file = waiting().resolve(name.toString());
        try {
            store.makeIfMissing(corrupt());
            store.disk().rename(file, corrupt().resolve(name.toString()));
            store.trace().event(Event.CORRUPT_SET_ASIDE, Map.of("file", file.toString(), "reason", why));
        } catch (NoSuchFileException e) {
            // Another reader has set it aside.
        } catch (IOException e) {
            store.trace()
                    .event(
                            Event.CORRUPT_PASSED_OVER,
                            Map.of("file", file.toString(), "reason", why, "not_set_aside", e.toString()));
        }
    }
}
