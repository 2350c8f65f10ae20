package dev.parley.store.mailbox;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@link Mailbox.Posting} as a file in {@code tmp/} that becomes visible by one rename. */
final class FilePosting implements PostedFile {

    private final Store store;
    private final Disk disk;
    private final Maildir maildir;
    private final String name;
    private final Envelope envelope;
    private boolean over;

    FilePosting(Maildir maildir, String name, Envelope envelope) {
        this.store = maildir.store();
        this.disk = store.disk();
        this.maildir = maildir;
        this.name = name;
        this.envelope = envelope;
    }

    @Override
    public Envelope envelope() {
        return envelope;
    }

    @Override
    public Path file() {
        return maildir.written().resolve(name);
    }

    @Override
    public SessionId deliver() throws IOException {
        if (over) {
            throw new IllegalStateException("delivered or dropped already: " + name);
        }
        disk.rename(file(), maildir.waiting().resolve(name));
        over = true;
        return settle();
    }

    /** It is visible: now it follows its receiver, if that has moved, and is made to survive a power cut. */
    private SessionId settle() throws IOException {
        Maildir now = maildir;
        try {
            now = new Maildir(store, store.follow(maildir.session(), Part.NEW, name));
            disk.forceDirectory(now.waiting());
            if (!now.session().equals(maildir.session())) {
                // If a mover or a reader was faster, it is this directory that makes its rename survive.
                disk.forceDirectory(maildir.waiting());
            }
        } catch (IOException e) {
            withdraw(List.of(maildir.waiting().resolve(name), now.waiting().resolve(name)), e);
        }
        return now.session();
    }

    /** It is visible but not durable: if nobody has taken it yet, it was not sent; if somebody has, it was. */
    private void withdraw(List<Path> places, IOException cause) throws IOException {
        for (Path place : places) {
            try {
                disk.deleteFile(place);
            } catch (NoSuchFileException e) {
                continue;
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
            throw cause;
        }
        store.trace().event(Event.DELIVERED_UNFORCED, Map.of("message", places.toString(), "reason", cause.toString()));
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        try {
            disk.deleteFile(file());
        } catch (IOException e) {
            // 'parley gc' removes old files in tmp/.
            store.trace().event(Event.POSTING_LEFT, Map.of("name", name, "reason", e.toString()));
        }
    }
}
