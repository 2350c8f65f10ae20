package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/**
 * The directory in which the shell in the terminal and its supervisor talk, see {@code docs/SUPERVISION.md}. Each file is written
 * once, and has its name only when it is complete. What is not there yet is told from what cannot be read, which is an error.
 */
final class RunDirectory {

    private static final int LONGEST_NUMBER = 32;

    private final Path path;

    RunDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Whether the shell still needs it. */
    boolean exists() {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The process of the client that was started as number {@code n}, from 1; empty as long as it was not. */
    OptionalLong client(int n) throws IOException {
        return number("client." + n);
    }

    /** The exit code of that client; empty as long as it runs. */
    OptionalLong ended(int n) throws IOException {
        return number("ended." + n);
    }

    /** Says what is to be started first. */
    void start(Answer answer) throws IOException {
        write("start", answer);
    }

    /** Says what follows the client with this number. */
    void answer(int n, Answer answer) throws IOException {
        write("answer." + n, answer);
    }

    /** Says what follows the wait behind that client. */
    void next(int n, Answer answer) throws IOException {
        write("next." + n, answer);
    }

    /** Removes it, if the shell has not done so. */
    void remove() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Files.deleteIfExists(path);
    }

    private OptionalLong number(String name) throws IOException {
        try {
            String text = Files.readString(path.resolve(name), UTF_8).strip();
            if (text.length() > LONGEST_NUMBER || !text.matches("[0-9]{1,18}")) {
                throw new IOException(path.resolve(name) + " holds no number");
            }
            return OptionalLong.of(Long.parseLong(text));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    private void write(String name, Answer answer) throws IOException {
        Path fresh = path.resolve(name + ".new");
        Files.writeString(fresh, answer.script(), UTF_8);
        Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
