package dev.parley.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A configuration file of somebody else's as it stood at one moment.
 *
 * @param file its name
 * @param real what is replaced: the file itself, or the one behind a link
 * @param state what is known of it without reading; empty if there is none
 * @param fingerprint SHA-256 of its bytes; that of no bytes if there is none
 * @param seen when it was looked at
 */
record ConfigFile(Path file, Path real, Optional<State> state, String fingerprint, Instant seen) {

    /** Up to here, reading it again costs nothing. */
    private static final long SHORT = 1 << 20;

    /** Two changes within this may have the same time. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    private static final int TRIES = 5;

    /**
     * What is known of a file without reading it.
     *
     * @param key device and inode
     * @param size bytes
     * @param modified the last change of its bytes
     * @param owner user
     * @param group group
     * @param mode permissions
     * @param links names of it
     */
    record State(String key, long size, FileTime modified, int owner, int group, int mode, int links) {

        /** Of a file or a directory. */
        static State of(Path path) throws IOException {
            return of(Files.readAttributes(path, "unix:*"));
        }

        private static State of(Map<String, Object> is) {
            return new State(
                    number(is, "dev") + ":" + number(is, "ino"),
                    number(is, "size"),
                    (FileTime) Objects.requireNonNull(is.get("lastModifiedTime")),
                    (int) number(is, "uid"),
                    (int) number(is, "gid"),
                    (int) number(is, "mode") & 07777,
                    (int) number(is, "nlink"));
        }

        private static long number(Map<String, Object> is, String name) {
            return ((Number) Objects.requireNonNull(is.get(name))).longValue();
        }

        /** Whether its bytes are those of another state, as far as can be told without reading. */
        boolean isAs(State other) {
            return key.equals(other.key) && size == other.size && modified.equals(other.modified);
        }
    }

    /**
     * Looks at a file. Never waits: what is no regular file is not opened.
     *
     * @throws NotEditableException if it is something else than a file, or a link that leads nowhere
     */
    static ConfigFile look(Path file) throws IOException {
        Path real = real(file);
        for (int i = 0; i < TRIES; i++) {
            Optional<State> before = state(real);
            Instant seen = Instant.now();
            String fingerprint = before.isEmpty() ? fingerprint(Content.empty()) : fingerprint(content(real, before));
            Optional<State> after = state(real);
            if (before.isPresent() == after.isPresent()
                    && before.flatMap(b -> after.filter(b::isAs)).isPresent() == before.isPresent()) {
                return new ConfigFile(file, real, after, fingerprint, seen);
            }
        }
        throw new NotEditableException("is written to all the time; end the client first");
    }

    /** The bytes of a file; none if it does not exist. Never waits. */
    static Content read(Path file) throws IOException {
        Path real = real(file);
        return content(real, state(real));
    }

    private static Path real(Path file) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return file.toAbsolutePath();
        }
        try {
            return file.toRealPath();
        } catch (NoSuchFileException e) {
            throw new NotEditableException("is a link to " + Files.readSymbolicLink(file)
                    + ", which is not there; make that file, or remove the link");
        }
    }

    private static Content content(Path real, Optional<State> state) {
        return state.isEmpty()
                ? Content.empty()
                : new Content.OnDisk(real, state.get().size());
    }

    /** What is known of a file; empty if there is none. */
    static Optional<State> state(Path file) throws IOException {
        try {
            Map<String, Object> is = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
            if (!Boolean.TRUE.equals(is.get("isRegularFile"))) {
                throw new NotEditableException("is "
                        + (Boolean.TRUE.equals(is.get("isDirectory")) ? "a directory" : "a pipe or a device")
                        + ", not a file; move it away");
            }
            return Optional.of(State.of(is));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).equals("Not a directory")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    boolean exists() {
        return state.isPresent();
    }

    /** Its bytes, as long as nobody changes it. */
    Content content() {
        return content(real, state);
    }

    /** Whether it is still as it was. The last thing this does is one look that reads nothing. */
    boolean isStill() throws IOException {
        Optional<State> now = state(real);
        if (now.isEmpty() || state.isEmpty()) {
            return now.isEmpty() && state.isEmpty();
        }
        boolean tell = now.get().size() <= SHORT
                || state.get().modified().toInstant().isAfter(seen.minus(CLOCK_STEP))
                || !now.get().isAs(state.get());
        if (!tell) {
            return true;
        }
        if (now.get().size() != state.get().size()
                || !fingerprint(content(real, now)).equals(fingerprint)) {
            return false;
        }
        return state(real).filter(now.get()::isAs).isPresent();
    }

    /** SHA-256 of a text. */
    static String fingerprint(Content content) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = content.from(0)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Passes bytes on, and takes their fingerprint. */
    static final class Fingerprinting extends OutputStream {

        private final OutputStream out;
        private final MessageDigest digest = sha256();

        Fingerprinting(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            digest.update(bytes, from, length);
            out.write(bytes, from, length);
        }

        /** Of all that was written. */
        String fingerprint() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
