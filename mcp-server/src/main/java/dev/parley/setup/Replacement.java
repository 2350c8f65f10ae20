package dev.parley.setup;

import dev.parley.setup.ConfigFile.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One file on its way from one text to the next. All that is slow or likely to fail happens in {@link #prepare}, where
 * nobody sees it; {@link #commit} is one comparison and one rename. Owner, permissions and other names of the file stay: where
 * a rename would lose them, or cannot be, the bytes are replaced in place.
 *
 * <p>The race: a client may write the file between the comparison and the rename. A second name, given before, shows
 * afterwards what the replaced file then held; that a whole other file was replaced is told by the directory's events.
 */
final class Replacement {

    private final Change change;
    private final Path real;
    private final String name;
    private final Path fresh;
    private final Path aside;
    private final Steps steps;
    private final boolean inPlace;
    private String after = "";
    private boolean committed;
    private final List<String> warnings = new ArrayList<>();

    /**
     * Nothing is done yet.
     *
     * @param own a directory that is Parley's own
     * @param nonce tells the names of its temporary files from others
     */
    Replacement(Change change, Path own, String nonce, Steps steps) {
        this.change = change;
        this.real = change.before().real();
        this.steps = steps;
        this.inPlace = change.exists() && !change.deleted() && mustStayInPlace();
        Path place = inPlace ? own : Objects.requireNonNull(real.getParent(), "a file is in a directory");
        this.name = ".parley-" + nonce;
        this.fresh = place.resolve(name + ".new");
        this.aside = place.resolve(name + ".old");
    }

    private boolean mustStayInPlace() {
        return change.before().state().map(State::links).orElse(1) > 1 || MountPoints.isOne(real);
    }

    Change change() {
        return change;
    }

    /** Files that a killed process may leave. */
    List<Path> temporary() {
        return List.of(fresh, aside);
    }

    /** The fingerprint of what it becomes. */
    String after() {
        return after;
    }

    /** What its temporary files are called, if its bytes are replaced in the file itself; empty otherwise. */
    String torn() {
        return inPlace ? name : "";
    }

    /** What the user should know of it. */
    List<String> warnings() {
        return warnings;
    }

    /** Makes everything ready; on return the new bytes survive a power cut, and nothing of the file has changed. */
    void prepare() throws IOException {
        try {
            if (!change.deleted()) {
                writeFresh();
                steps.done("new bytes of " + real.getFileName());
            }
            if (inPlace) {
                keepCopy();
                try (FileChannel writable = FileChannel.open(real, StandardOpenOption.WRITE)) {
                    Objects.requireNonNull(writable);
                }
            } else if (change.exists() && !change.deleted()) {
                keepName();
            } else if (change.deleted() && !Files.isWritable(parent())) {
                throw new AccessDeniedException(parent().toString());
            }
            steps.done("old bytes of " + real.getFileName());
        } catch (FileSystemException e) {
            throw refused(e);
        }
    }

    private Path parent() {
        return Objects.requireNonNull(real.getParent(), "a file is in a directory");
    }

    private void writeFresh() throws IOException {
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ConfigFile.Fingerprinting out = new ConfigFile.Fingerprinting(Channels.newOutputStream(channel));
            change.draft().write(out);
            channel.force(true);
            after = out.fingerprint();
        }
        if (!inPlace) {
            Optional<State> old = change.before().state();
            if (!own(fresh, old.isPresent() ? old.get() : State.of(parent()))) {
                throw new FileSystemException(
                        real.toString(), null, "it belongs to another user, and the new file would not");
            }
            if (old.isPresent()) {
                Files.setAttribute(fresh, "unix:mode", old.get().mode());
            }
        }
    }

    /** Gives a file the owner of another one, or of the directory that it is in: root leaves nothing of its own behind. */
    private static boolean own(Path file, State like) throws IOException {
        State is = State.of(file);
        try {
            if (is.group() != like.group()) {
                Files.setAttribute(file, "unix:gid", like.group(), LinkOption.NOFOLLOW_LINKS);
            }
        } catch (FileSystemException e) {
            // A group that the user is not in: its members lose access, which is no harm.
            if (is.owner() != like.owner()) {
                return false;
            }
        }
        try {
            if (is.owner() != like.owner()) {
                Files.setAttribute(file, "unix:uid", like.owner(), LinkOption.NOFOLLOW_LINKS);
            }
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    /** Makes a directory for such a file, as its owner would. */
    static void makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!own(directory, State.of(Objects.requireNonNull(directory.getParent())))) {
                throw new FileSystemException(directory.toString(), null, "it would not belong to the parent's owner");
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw new FileSystemException(directory.toString(), null, "it is not a directory");
            }
        }
    }

    private void keepName() throws IOException {
        try {
            Files.createLink(aside, real);
        } catch (FileSystemException | UnsupportedOperationException e) {
            keepCopy();
        }
    }

    private void keepCopy() throws IOException {
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(aside)) {
            change.before().content().copy(0, change.before().content().size(), out);
        }
    }

    /** Says which file, why, and what to do. */
    private IOException refused(FileSystemException e) {
        String reason = e instanceof AccessDeniedException
                ? "permission denied"
                : e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        Path place = e.getFile() == null
                        || Path.of(e.getFile()).equals(fresh)
                        || Path.of(e.getFile()).equals(aside)
                ? parent()
                : Path.of(e.getFile());
        String behind = real.equals(change.file().toAbsolutePath()) ? "" : " (a link to " + real + ")";
        return new IOException(
                change.file() + behind + " cannot be changed: " + place + ": " + reason
                        + "; make it writable, or make the change by hand: 'parley setup --dry-run' shows it",
                e);
    }

    /**
     * Puts the new bytes in the place of the old ones.
     *
     * @return what somebody else wrote meanwhile and is not there any more; it is to be put back with Parley's change
     * @throws IOException if somebody has changed the file since it was looked at, or it fails; what has changed by then,
     *     {@link #takeBack} restores
     */
    Optional<Content> commit() throws IOException {
        try (Events events = Events.in(parent())) {
            if (!change.before().isStill()) {
                throw changed();
            }
            steps.done("compared " + real.getFileName());
            Optional<Content> lost = Optional.empty();
            if (change.deleted()) {
                delete();
            } else if (inPlace) {
                committed = true;
                overwrite(real, new Content.OnDisk(fresh, Files.size(fresh)));
            } else if (change.exists()) {
                Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE);
                committed = true;
                lost = lost(events);
            } else {
                appear();
            }
            steps.done("replaced " + real.getFileName());
            force(parent());
            return lost;
        } catch (NotEditableException e) {
            throw change.refused(e);
        } catch (FileSystemException e) {
            throw refused(e);
        }
    }

    private IOException changed() {
        return new IOException(change.file() + " was changed by somebody else just now; run it again");
    }

    /** What the replaced file holds now, if that is not what was read of it. */
    private Optional<Content> lost(Events events) throws IOException {
        State old = change.before().state().orElseThrow();
        Optional<State> is = ConfigFile.state(aside);
        if (is.isPresent() && is.get().key().equals(old.key()) && !is.get().isAs(old)) {
            return Optional.of(new Content.OnDisk(aside, awaitQuiet(aside)));
        }
        if (events.cameBefore(fresh, real)) {
            warnings.add(
                    change.file() + " was replaced by another program in the very moment in which setup replaced it;"
                            + " what that program wrote last is lost: look whether something is missing there");
        }
        return Optional.empty();
    }

    /** Who writes in place is given the time to finish. */
    private static long awaitQuiet(Path file) throws IOException {
        State before = ConfigFile.state(file).orElseThrow();
        for (int i = 0; i < 20; i++) {
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            State now = ConfigFile.state(file).orElseThrow();
            if (now.isAs(before)) {
                return now.size();
            }
            before = now;
        }
        return before.size();
    }

    private boolean isOurs() throws IOException {
        return ConfigFile.state(real).isPresent()
                && ConfigFile.fingerprint(ConfigFile.read(real)).equals(after);
    }

    /** A new file: whoever else makes it first keeps it. */
    private void appear() throws IOException {
        try {
            try {
                Files.createLink(real, fresh);
            } catch (FileAlreadyExistsException e) {
                throw changed();
            } catch (FileSystemException | UnsupportedOperationException e) {
                // No second names here.
                Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE);
            }
            committed = true;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void delete() throws IOException {
        Files.move(real, aside, StandardCopyOption.ATOMIC_MOVE);
        committed = true;
        Optional<State> was = ConfigFile.state(aside);
        if (was.isEmpty() || !was.get().isAs(change.before().state().orElseThrow())) {
            takeBack();
            throw changed();
        }
    }

    /** In the file itself, so that it stays the same one. */
    static void overwrite(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            content.copy(0, content.size(), new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
            });
            channel.truncate(content.size());
            channel.force(true);
        }
    }

    /** Whether another program has replaced what was put there. */
    boolean isOvertaken() throws IOException {
        return !change.deleted() && !isOurs();
    }

    /**
     * Puts the old file back, unless somebody else has put another one there since. Where the bytes are replaced in the file
     * itself, the old ones come back in any case.
     */
    void takeBack() throws IOException {
        if (!committed) {
            return;
        }
        if (inPlace) {
            overwrite(real, new Content.OnDisk(aside, Files.size(aside)));
        } else if (change.deleted()) {
            if (ConfigFile.state(real).isEmpty()) {
                Files.move(aside, real, StandardCopyOption.ATOMIC_MOVE);
            }
        } else if (isOurs()) {
            if (change.exists()) {
                Files.move(aside, real, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.deleteIfExists(real);
            }
        }
        committed = false;
        force(parent());
    }

    /** Removes what nobody needs any more. */
    void clean() throws IOException {
        Files.deleteIfExists(fresh);
        Files.deleteIfExists(aside);
        steps.done("tidied up after " + real.getFileName());
    }

    /** Makes the names in a directory survive a power cut, where the system can; the rename is atomic all the same. */
    static void force(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }
}
