package dev.parley.store.upkeep;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.mailbox.MessageName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where one session's messages can be read: mailbox and ledger hold the same content, so that what is damaged in one can be
 * made again from the other.
 */
final class Copies {

    private final Store store;
    private final SessionId session;
    private final Map<String, Path> records = new TreeMap<>();
    private final Set<String> damagedRecords = new HashSet<>();
    private final Map<String, List<Path>> unproven = new TreeMap<>();
    private final Map<String, Path> shown = new TreeMap<>();

    Copies(Store store, SessionId session) {
        this.store = store;
        this.session = session;
    }

    void addRecord(String id, Path file) {
        records.put(id, file);
    }

    /** One that waits, or is handed over without proof. */
    void addUnproven(String id, Path file) {
        unproven.computeIfAbsent(id, any -> new ArrayList<>()).add(file);
    }

    void addShown(String id, Path file) {
        shown.put(id, file);
    }

    /** A record that is there and cannot be read. */
    void addDamagedRecord(String id) {
        damagedRecords.add(id);
    }

    /** Whether there is a record, readable or not. */
    boolean isRecorded(String id) {
        return records.containsKey(id) || damagedRecords.contains(id);
    }

    Map<String, List<Path>> unproven() {
        return unproven;
    }

    /** Whether the mailbox has a readable copy. */
    boolean isInMailbox(String id) {
        return unproven.containsKey(id) || shown.containsKey(id);
    }

    /** Makes a message again from its record, if there is one. */
    void restoreMessage(MessageName name, Path directory) throws IOException {
        restore(Optional.ofNullable(records.get(name.messageId().value())), directory, name.toString());
    }

    /** Makes a record again from the message, if it can be read. */
    void restoreRecord(String id) throws IOException {
        Optional<Path> message = Optional.ofNullable(unproven.get(id)).map(files -> files.get(0));
        restore(message.or(() -> Optional.ofNullable(shown.get(id))), store.ledger(session), id);
    }

    private void restore(Optional<Path> from, Path directory, String name) throws IOException {
        if (from.isEmpty()) {
            return;
        }
        Disk disk = store.disk();
        byte[] content = disk.readFile(from.get(), EnvelopeCodec.MAX_FILE_BYTES);
        Path fresh = store.part(session, Part.TMP).resolve("restored-" + Ids.random());
        disk.createFile(fresh, content, Disk.Sync.FORCED);
        disk.rename(fresh, directory.resolve(name));
        disk.forceDirectory(directory);
    }
}
