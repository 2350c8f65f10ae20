package dev.parley.store.mailbox;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.Part;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@link Mailbox.Posting} of a file that whoever wrote it keeps until it is delivered, so that another process can deliver it
 * if this one dies.
 */
final class StagedPosting implements PostedFile {

    private final Maildir maildir;
    private final Path file;
    private final String name;
    private final Envelope envelope;

    StagedPosting(Maildir maildir, Path file, String name, Envelope envelope) {
        this.maildir = maildir;
        this.file = file;
        this.name = name;
        this.envelope = envelope;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Envelope envelope() {
        return envelope;
    }

    /**
     * Delivers it.
     *
     * @throws java.nio.file.NoSuchFileException if another process has delivered it
     * @throws IOException also if it is visible and could not be made to survive a power cut; after one it is visible, or
     *     staged again
     */
    @Override
    public SessionId deliver() throws IOException {
        Store store = maildir.store();
        store.disk().rename(file, maildir.waiting().resolve(name));
        store.tellOfMail(maildir.session());
        SessionId session = store.follow(maildir.session(), Part.NEW, name);
        store.disk().forceDirectory(store.part(session, Part.NEW));
        if (!session.equals(maildir.session())) {
            store.disk().forceDirectory(maildir.waiting());
        }
        return session;
    }

    @Override
    public void close() {
        // Whoever wrote it keeps it.
    }
}
