package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What setup has changed: of every file, what it was before and what setup made of it. Kept in the store's {@code setup}
 * directory; see {@code docs/FORMAT.md}.
 */
final class Journal {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final Map<String, Entry> entries = new TreeMap<>();
    /** The directories that setup made, parents first. */
    private final TreeSet<String> made = new TreeSet<>();

    private Journal(Path directory) {
        this.directory = directory;
    }

    /**
     * One file.
     *
     * @param existed whether there was a file
     * @param before the fingerprint of its text before; the text itself is in {@code before/<fingerprint>}
     * @param after the fingerprint of what setup made of it
     */
    private record Entry(boolean existed, String before, String after) {}

    /** Reads the journal of a store; an empty one if there is none. */
    static Journal of(Path home) throws IOException {
        Journal journal = new Journal(home.resolve("setup"));
        try {
            JsonNode root = JSON.readTree(Files.readString(journal.file(), UTF_8));
            for (Map.Entry<String, JsonNode> entry : root.path("files").properties()) {
                JsonNode value = entry.getValue();
                journal.entries.put(
                        entry.getKey(),
                        new Entry(
                                value.path("existed").asBoolean(false),
                                value.path("before").asString(""),
                                value.path("after").asString("")));
            }
            root.path("made").forEach(directory -> journal.made.add(directory.asString("")));
        } catch (NoSuchFileException e) {
            return journal;
        } catch (JacksonException e) {
            throw new IOException(
                    journal.file() + " is damaged; move it away, then 'parley setup --undo' removes what it finds", e);
        }
        return journal;
    }

    private Path file() {
        return directory.resolve("journal.json");
    }

    /** The directory of the back-ups. */
    Path backups() {
        return directory.resolve("before");
    }

    /** What a file was before setup changed it; empty if setup did not, or somebody else has changed it since. */
    Optional<Original> original(Path file, String current) throws IOException {
        Entry entry = entries.get(file.toString());
        if (entry == null || !entry.after.equals(fingerprint(current))) {
            return Optional.empty();
        }
        return Optional.of(new Original(
                entry.existed, entry.existed ? Files.readString(backups().resolve(entry.before), UTF_8) : ""));
    }

    /**
     * What a file was.
     *
     * @param existed whether there was a file
     * @param text its text
     */
    record Original(boolean existed, String text) {}

    /** Keeps what a file was. Called before it is changed; the back-up is on the disk on return. */
    void record(Path file, Original original, String after) throws IOException {
        Files.createDirectories(
                backups(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String fingerprint = fingerprint(original.text);
        Path backup = backups().resolve(fingerprint);
        if (original.existed && !Files.exists(backup)) {
            ConfigFile.write(backup, original.text);
        }
        for (Path at = file.getParent(); at != null && !Files.exists(at); at = at.getParent()) {
            made.add(at.toString());
        }
        entries.put(file.toString(), new Entry(original.existed, fingerprint, fingerprint(after)));
        write();
    }

    /** Forgets a file that is as it was, with the directories made for it. The last one takes the journal with it. */
    void forget(Path file) throws IOException {
        Entry entry = entries.remove(file.toString());
        if (entry == null) {
            return;
        }
        removeEmptyDirectories();
        boolean stillNeeded = entries.values().stream().anyMatch(other -> other.before.equals(entry.before));
        if (entries.isEmpty()) {
            Files.deleteIfExists(file());
        } else {
            write();
        }
        if (!stillNeeded) {
            Files.deleteIfExists(backups().resolve(entry.before));
        }
        if (entries.isEmpty()) {
            Files.deleteIfExists(backups());
            Files.deleteIfExists(directory);
        }
    }

    private void removeEmptyDirectories() throws IOException {
        for (String directory : List.copyOf(made.descendingSet())) {
            try {
                Files.deleteIfExists(Path.of(directory));
                made.remove(directory);
            } catch (DirectoryNotEmptyException e) {
                // Another file of ours, or something of somebody else's.
            }
        }
    }

    private void write() throws IOException {
        ObjectNode root = JSON.createObjectNode().put("v", 1);
        ObjectNode files = root.putObject("files");
        entries.forEach((file, entry) -> files.putObject(file)
                .put("existed", entry.existed)
                .put("before", entry.before)
                .put("after", entry.after));
        made.forEach(root.putArray("made")::add);
        ConfigFile.write(file(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    private static String fingerprint(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
