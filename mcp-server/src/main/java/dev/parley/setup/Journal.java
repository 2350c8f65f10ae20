package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What setup has changed: of every file, what it was before and what setup made of it. Kept in the store's {@code setup}
 * directory; see {@code docs/FORMAT.md}. It is written before anything is changed, and says what a killed setup may leave.
 */
final class Journal {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Disk DISK = Disk.local(Durability.POWER_CUT);
    private static final int LONGEST = 1 << 20;
    /** How the names of what is kept for the user begin. */
    private static final String LOST = "lost-";

    private final Path directory;
    private final Map<String, Entry> entries = new TreeMap<>();
    /** The directories that setup made, parents first. */
    private final TreeSet<String> made = new TreeSet<>();
    /** Temporary files of a setup that is not finished. */
    private final TreeSet<String> temporary = new TreeSet<>();

    /** Whether there is one: then what it does not name was not changed by setup. */
    private boolean known;
    /** Files whose bytes are being replaced in place, and what their temporary files are called. */
    private final Map<String, String> torn = new TreeMap<>();

    private Journal(Path directory) {
        this.directory = directory;
    }

    /**
     * One file.
     *
     * @param existed whether there was a file
     * @param before the fingerprint of its bytes before; the bytes themselves are in {@code before/<fingerprint>}
     * @param after the fingerprint of what setup made of it
     * @param client whose file it is; empty if an older Parley has written this
     * @param project the directory of the project that it was set up for; empty if for the user
     */
    record Entry(boolean existed, String before, String after, String client, String project) {}

    /** Reads the journal of a store; an empty one if there is none. */
    static Journal of(Path home) throws IOException {
        Journal journal = new Journal(home.resolve("setup"));
        try {
            JsonNode root = JSON.readTree(read(journal.file()));
            journal.known = true;
            for (Map.Entry<String, JsonNode> entry : root.path("files").properties()) {
                JsonNode value = entry.getValue();
                journal.entries.put(
                        entry.getKey(),
                        new Entry(
                                value.path("existed").asBoolean(false),
                                value.path("before").asString(""),
                                value.path("after").asString(""),
                                value.path("client").asString(""),
                                value.path("project").asString("")));
            }
            root.path("made").forEach(directory -> journal.made.add(directory.asString("")));
            root.path("torn")
                    .properties()
                    .forEach(file ->
                            journal.torn.put(file.getKey(), file.getValue().asString("")));
            root.path("temporary").forEach(file -> journal.temporary.add(file.asString("")));
        } catch (NoSuchFileException e) {
            return journal;
        } catch (JacksonException | NotEditableException | CorruptFileException e) {
            throw new IOException(
                    journal.file() + " is damaged; move it away, then 'parley setup --undo' removes what it finds", e);
        }
        return journal;
    }

    private static byte[] read(Path file) throws IOException {
        if (ConfigFile.state(file).isEmpty()) {
            throw new NoSuchFileException(file.toString());
        }
        return DISK.readFile(file, LONGEST);
    }

    private Path file() {
        return directory.resolve("journal.json");
    }

    /** Where the journal is, and what is being written. */
    Path directory() {
        return directory;
    }

    /** The directory of the back-ups. */
    Path backups() {
        return directory.resolve("before");
    }

    /** Whether there is one: then what it does not name was not changed by setup. */
    boolean isKnown() {
        return known;
    }

    /** The files that setup has changed. */
    Map<String, Entry> entries() {
        return Map.copyOf(entries);
    }

    /** What is known of a file; empty if setup has not changed it. */
    Optional<Entry> entry(Path file) {
        return Optional.ofNullable(entries.get(file.toString()));
    }

    /** What a file held before setup; nothing if that is not known. */
    Content original(Path file) throws IOException {
        Entry entry = entries.get(file.toString());
        return entry == null || !entry.existed ? Content.empty() : backup(entry.before);
    }

    private Content backup(String fingerprint) throws IOException {
        Path backup = backups().resolve(fingerprint);
        try {
            return new Content.OnDisk(backup, Files.size(backup));
        } catch (NoSuchFileException e) {
            throw new IOException(backup + " is missing: what was there before setup is not known any more; move "
                    + file() + " away, then 'parley setup --undo' removes what it finds");
        }
    }

    /** Makes the directories of the journal. */
    void open() throws IOException {
        Files.createDirectories(
                backups(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Says beforehand which files and directories may come into being. */
    void announce(List<Path> files, Set<Path> directories) throws IOException {
        files.forEach(file -> temporary.add(file.toString()));
        directories.forEach(each -> made.add(each.toString()));
        write();
    }

    /** Keeps bytes from before, as long as an entry names them. On return they survive a power cut. */
    String keep(Draft draft) throws IOException {
        return keep(draft, backups(), "");
    }

    /** Keeps bytes that are nowhere else until the user removes them. On return they survive a power cut. */
    Path keepForUser(Content content) throws IOException {
        return directory.resolve(LOST + keep(Draft.unchanged(content), directory, LOST));
    }

    private String keep(Draft draft, Path place, String prefix) throws IOException {
        Path fresh = backups().resolve("fresh.tmp");
        String fingerprint;
        try (FileChannel channel = privateFile(fresh)) {
            ConfigFile.Fingerprinting out = new ConfigFile.Fingerprinting(Channels.newOutputStream(channel));
            draft.write(out);
            channel.force(true);
            fingerprint = out.fingerprint();
        }
        Files.move(fresh, place.resolve(prefix + fingerprint), StandardCopyOption.ATOMIC_MOVE);
        Replacement.force(place);
        return fingerprint;
    }

    private static FileChannel privateFile(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Says what a file was and will be. It counts with the next {@link #write}. */
    void put(Path file, Entry entry) {
        entries.put(file.toString(), entry);
    }

    /** Says that the bytes of a file are about to be replaced in place. It counts with the next {@link #write}. */
    void tear(Path file, String name) {
        torn.put(file.toString(), name);
    }

    /** Everything is as it was said, or was taken back: no temporary file is left, nothing is half written. */
    void settle() throws IOException {
        temporary.clear();
        torn.clear();
        write();
        sweep();
    }

    /** What was said is not so: everything is as it was. */
    void resetTo(Map<String, Entry> before) throws IOException {
        entries.clear();
        entries.putAll(before);
        forget(Set.of());
    }

    /** Forgets files that are as they were, with the directories made for them. The last one takes the journal with it. */
    void forget(Set<Path> files) throws IOException {
        files.forEach(file -> entries.remove(file.toString()));
        temporary.clear();
        torn.clear();
        removeEmptyDirectories();
        if (!entries.isEmpty()) {
            write();
        }
        sweep();
        if (entries.isEmpty()) {
            removeEverything();
        }
    }

    /** Removes back-ups that no entry names. */
    private void sweep() throws IOException {
        if (!Files.isDirectory(backups())) {
            return;
        }
        Set<String> needed = entries.values().stream().map(Entry::before).collect(Collectors.toSet());
        List<Path> litter = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(backups())) {
            all.forEach(backup -> {
                if (!needed.contains(backup.getFileName().toString())) {
                    litter.add(backup);
                }
            });
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (Path backup : litter) {
            Files.deleteIfExists(backup);
        }
    }

    private void removeEverything() throws IOException {
        Files.deleteIfExists(file());
        try {
            Files.deleteIfExists(backups());
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // What is kept for the user, or what somebody has put there.
            return;
        }
    }

    private void removeEmptyDirectories() throws IOException {
        for (String each : List.copyOf(made.descendingSet())) {
            try {
                DISK.deleteDirectory(Path.of(each));
                made.remove(each);
            } catch (DirectoryNotEmptyException e) {
                // It holds another file of Parley's, or of somebody else.
            } catch (FileSystemException e) {
                // It is gone, or has become something else, such as a link, or a mount: no longer Parley's to remove.
                made.remove(each);
            }
        }
    }

    /** Brings in order what a killed setup left: temporary files, and bytes that were half written in place. */
    void recover() throws IOException {
        if (temporary.isEmpty() && torn.isEmpty()) {
            return;
        }
        for (Map.Entry<String, String> each : torn.entrySet()) {
            mend(Path.of(each.getKey()), each.getValue());
        }
        for (String each : temporary) {
            Files.deleteIfExists(Path.of(each));
        }
        temporary.clear();
        torn.clear();
        removeEmptyDirectories();
        write();
        sweep();
    }

    /** A file whose beginning is of the new bytes and whose rest is of the old ones becomes what it was before. */
    private void mend(Path file, String name) throws IOException {
        ConfigFile is = ConfigFile.look(file);
        Path fresh = directory.resolve(name + ".new");
        Path old = directory.resolve(name + ".old");
        if (!is.exists() || !Files.exists(fresh) || !Files.exists(old)) {
            return;
        }
        Content was = new Content.OnDisk(old, Files.size(old));
        Content next = new Content.OnDisk(fresh, Files.size(fresh));
        if (!is.fingerprint().equals(ConfigFile.fingerprint(next)) && isBetween(is.content(), was, next)) {
            Replacement.overwrite(is.real(), was);
        }
    }

    /** Whether a text is the beginning of the one and, from there on, the other. */
    private static boolean isBetween(Content torn, Content was, Content next) throws IOException {
        long same;
        try (InputStream left = torn.from(0);
                InputStream right = next.from(0)) {
            int c = left.read();
            for (same = 0; c >= 0 && c == right.read(); same++) {
                c = left.read();
            }
        }
        if (torn.size() != Math.max(was.size(), same)) {
            return false;
        }
        try (InputStream left = torn.from(same);
                InputStream right = was.from(Math.min(same, was.size()))) {
            for (int c = left.read(); c >= 0; c = left.read()) {
                if (c != right.read()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Writes it whole or not at all; on return it survives a power cut. */
    void write() throws IOException {
        open();
        ObjectNode root = JSON.createObjectNode().put("v", 1);
        ObjectNode files = root.putObject("files");
        entries.forEach((file, entry) -> {
            ObjectNode node = files.putObject(file)
                    .put("existed", entry.existed)
                    .put("before", entry.before)
                    .put("after", entry.after);
            Map<String, String> more = Map.of("client", entry.client, "project", entry.project);
            new TreeMap<>(more).forEach((name, value) -> {
                if (!value.isEmpty()) {
                    node.put(name, value);
                }
            });
        });
        made.forEach(root.putArray("made")::add);
        if (!torn.isEmpty()) {
            ObjectNode names = root.putObject("torn");
            torn.forEach(names::put);
        }
        if (!temporary.isEmpty()) {
            temporary.forEach(root.putArray("temporary")::add);
        }
        Path fresh = directory.resolve("journal.tmp");
        byte[] text = (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n").getBytes(UTF_8);
        Files.deleteIfExists(fresh);
        DISK.createFile(fresh, text, Disk.Sync.FORCED);
        DISK.rename(fresh, file());
        Replacement.force(directory);
    }
}
