package dev.parley.store.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.peer.Liveness;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.process.ProcessTable;
import dev.parley.store.Checksummed;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What was noted of the sessions of a project that have ended, so that nobody has to read their cards again. The form is in
 * {@code docs/FORMAT.md}, part "The notes of what has ended".
 *
 * <p>A hint: a note counts only while nothing has changed that it was made from, which modification times tell. One that is lost,
 * damaged or out of date costs the reading of a card. Safe for use by several threads and processes.
 */
public final class EndedNotes {

    /** The directory of the notes, with one file for each project. */
    public static final String DIRECTORY = "ended";

    /** The name of a file that is about to be put in place. */
    public static final Pattern BEGUN = Pattern.compile("\\d{1,10}\\.\\d{1,7}\\.[0-9a-z]{16}\\.tmp");

    /** So many are noted of one project; the cards of more are read. */
    private static final int MOST = 50_000;

    /** The longest line has an id, a name, a scope and two times. */
    public static final int MAX_BYTES = MOST * 256;

    /** In place of a scope: its client said that it is over. */
    private static final String SAID = "-";

    private static final Pattern SCOPE = Pattern.compile("[0-9a-z]{1,40}");
    private static final int FIELDS = 5;

    /**
     * That a session has ended.
     *
     * @param name its name
     * @param changed when its directory changed last, in milliseconds since the epoch: with its card, and with where it leads
     * @param scope in which its processes are dead; {@link #SAID} if its client said that it is over
     * @param said when its client said so, in milliseconds since the epoch; otherwise 0
     */
    record Note(SessionId id, String name, long changed, String scope, long said) {

        private static Optional<Note> parse(String line) {
            String[] fields = line.split(" ", -1);
            if (fields.length != FIELDS
                    || !SessionId.isValid(fields[0])
                    || !Names.isValid(fields[1])
                    || !(fields[3].equals(SAID) || SCOPE.matcher(fields[3]).matches())) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Note(
                        new SessionId(fields[0]),
                        fields[1],
                        Long.parseLong(fields[2]),
                        fields[3],
                        Long.parseLong(fields[4])));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private String line() {
            return id + " " + name + " " + changed + " " + scope + " " + said + "\n";
        }
    }

    private final Store store;
    private final Disk disk;
    private final Liveness liveness;
    private final String scope;

    EndedNotes(Store store, ProcessTable processes) {
        this.store = store;
        this.disk = store.disk();
        this.liveness = new Liveness(processes);
        this.scope = processes.self().scope();
    }

    private Path directory() {
        return store.home().resolve(DIRECTORY);
    }

    /** The file of a project; it may be absent. */
    Path fileOf(String project) {
        return directory().resolve(ProjectIndex.directoryOf(project));
    }

    /** What was noted of a project; nothing, if that cannot be read. */
    Map<SessionId, Note> of(String project) {
        Path file = fileOf(project);
        try {
            if (!store.isRealDirectory(directory()) || disk.isAbsent(file)) {
                return Map.of();
            }
            Map<SessionId, Note> notes = new HashMap<>();
            for (String line :
                    Checksummed.decode(file, disk.readFile(file, MAX_BYTES)).split("\n", -1)) {
                Note.parse(line).ifPresent(note -> notes.put(note.id(), note));
            }
            return notes;
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            store.trace().event(Event.INDEX_UNUSABLE, Map.of("reason", e.toString()));
            return Map.of();
        }
    }

    /** Whether nothing has changed that the note was made from. What cannot be told is a no. */
    boolean stands(Note note) {
        try {
            return isUnchanged(store.session(note.id()), note.changed())
                    && (note.scope().equals(SAID)
                            ? isUnchanged(store.activity(note.id()), note.said())
                            : note.scope().equals(scope));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isUnchanged(Path path, long since) throws IOException {
        Optional<Long> now = disk.modifiedMillis(path);
        return now.isPresent() && now.get() == since;
    }

    /**
     * A note that a session has ended, if it has, and if its next change will show in the times.
     *
     * @param read reads its card; called after the times were taken
     */
    Optional<Note> note(SessionId id, CardReader read) throws IOException {
        Optional<Long> changed = settled(store.session(id));
        Optional<Long> said = settled(store.activity(id));
        if (changed.isEmpty() || !disk.isAbsent(store.movedTo(id))) {
            return Optional.empty();
        }
        Optional<Peer> card = read.card(id);
        if (card.isEmpty() || !Names.isValid(card.get().name())) {
            return Optional.empty();
        }
        if (liveness.isOver(card.get())) {
            return Optional.of(new Note(id, card.get().name(), changed.get(), scope, 0));
        }
        // Whose process runs may be heard of again, in the file that says now that it is over.
        boolean isSaid = said.isPresent() && liveness.of(card.get()) != Life.LIVE && hasSaid(id);
        return isSaid
                ? Optional.of(new Note(id, card.get().name(), changed.get(), SAID, said.get()))
                : Optional.empty();
    }

    /** Reads the card that a session has under its own id. */
    @FunctionalInterface
    interface CardReader {
        Optional<Peer> card(SessionId id) throws IOException;
    }

    private boolean hasSaid(SessionId id) {
        try {
            String word = new String(disk.readFile(store.activity(id), 256), US_ASCII).strip();
            return Activity.of(word) == Activity.ENDED;
        } catch (IOException e) {
            return false;
        }
    }

    /** When something changed last, if that was long enough ago for the next change to have another time. */
    private Optional<Long> settled(Path path) throws IOException {
        return disk.modifiedMillis(path).filter(at -> store.clock().millis() - at > ProjectIndex.UNSETTLED_MILLIS);
    }

    /** Replaces the notes of a project. What another process has noted meanwhile may be lost, and is noted again. */
    void write(String project, Collection<Note> notes) {
        StringBuilder lines = new StringBuilder();
        notes.stream().limit(MOST).forEach(note -> lines.append(note.line()));
        Path file = fileOf(project);
        Path begun = file.resolveSibling(file.getFileName() + "." + Ids.random() + ".tmp");
        try {
            store.makeIfMissing(directory());
            disk.createFile(begun, Checksummed.encode(lines.toString()), Disk.Sync.UNFORCED);
            disk.rename(begun, file);
        } catch (IOException e) {
            store.trace().event(Event.INDEX_NOT_NOTED, Map.of("reason", e.toString()));
        }
    }
}
