package dev.parley.store.upkeep;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.store.Disk;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.mailbox.MessageName;
import dev.parley.store.upkeep.Scan.Entry;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes a session's directory without losing a message that is being delivered to it.
 *
 * <p>It is renamed out of reach first, and looked through after that: what a sender made visible before the rename is seen
 * then and goes back; who comes later finds no mailbox and is told so. A removal that was cut short is finished by the next.
 */
final class Removal {

    private static final Pattern BEGUN = Pattern.compile("~(" + SessionId.PATTERN + ")\\.[0-9a-z]{16}");

    private final Store store;
    private final Disk disk;
    private final Scan scan;

    Removal(Store store, Scan scan) {
        this.store = store;
        this.disk = store.disk();
        this.scan = scan;
    }

    /** Whether a name in {@code sessions/} is that of a removal on its way. */
    static boolean isBegun(String name) {
        return BEGUN.matcher(name).matches();
    }

    void remove(SessionId session) throws IOException {
        Path away = store.sessions().resolve("~" + session + "." + Ids.random());
        disk.rename(store.session(session), away);
        finish(away);
    }

    void finish(Path away) throws IOException {
        Matcher name = BEGUN.matcher(String.valueOf(away.getFileName()));
        if (!name.matches()) {
            throw new IllegalArgumentException("no removal: " + away);
        }
        SessionId session = new SessionId(name.group(1));
        if (MailboxScan.unproven(scan, away) > 0) {
            bringBack(away, session);
        }
        if (disk.stat(away).isPresent()) {
            delete(away);
        }
        disk.forceDirectory(store.sessions());
    }

    private void bringBack(Path away, SessionId session) throws IOException {
        store.trace().event(Event.REMOVAL_UNDONE, Map.of("session", session.value()));
        try {
            disk.rename(away, store.session(session));
            disk.forceDirectory(store.part(session, Part.NEW));
            return;
        } catch (FileSystemException e) {
            // The session has started again meanwhile: its mail goes to it, one by one.
            store.makeSession(session);
        }
        for (Entry record : scan.files(Part.LEDGER.in(away))) {
            disk.rename(record.path(), store.ledger(session).resolve(record.name()));
        }
        disk.forceDirectory(store.ledger(session));
        Path waiting = store.part(session, Part.NEW);
        for (Entry message : messages(Part.NEW.in(away)).values()) {
            disk.rename(message.path(), waiting.resolve(message.name()));
        }
        for (Entry claim : scan.directories(Part.CUR.in(away))) {
            for (Entry message : messages(claim.path()).values()) {
                MessageName back =
                        MessageName.parse(message.name()).orElseThrow().marked();
                disk.rename(message.path(), waiting.resolve(back.toString()));
            }
        }
        store.tellOfMail(session);
        disk.forceDirectory(waiting);
    }

    private Map<String, Entry> messages(Path directory) throws IOException {
        Map<String, Entry> entries = scan.byName(directory);
        entries.keySet().removeIf(name -> MessageName.parse(name).isEmpty());
        return entries;
    }

    /** Removes a directory and all that is in it; a link is removed, never followed. */
    private void delete(Path path) throws IOException {
        try {
            for (Entry entry : scan.entries(path)) {
                if (entry.stat().kind() == Kind.DIRECTORY) {
                    delete(entry.path());
                } else {
                    disk.deleteFile(entry.path());
                }
            }
            disk.deleteDirectory(path);
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            // Another sweep is at it.
            store.trace().event(Event.REMOVAL_SHARED, Map.of("path", path.toString()));
        }
    }
}
