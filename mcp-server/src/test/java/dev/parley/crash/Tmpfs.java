package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A small file system of its own, which can be full or read-only. Only root can have one. */
final class Tmpfs implements AutoCloseable {

    private final Path root;

    private Tmpfs(Path root) {
        this.root = root;
    }

    /** Whether this process may mount. */
    static boolean isPossible() {
        return "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/mount"));
    }

    /** Mounts one of a few megabytes over an empty directory. */
    static Tmpfs over(Path directory, int megabytes) throws IOException, InterruptedException {
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString());
        return new Tmpfs(directory);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor(), List.of(command)::toString);
    }

    /** Takes all the room there is. */
    void fill() throws IOException {
        byte[] page = new byte[4096];
        try (FileChannel out =
                FileChannel.open(root.resolve("filler"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (true) {
                out.write(ByteBuffer.wrap(page));
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** Gives it back. */
    void empty() throws IOException {
        Files.delete(root.resolve("filler"));
    }

    /** Whether it can be written to. */
    void remount(String mode) throws IOException, InterruptedException {
        run("mount", "-o", "remount," + mode, root.toString());
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", "--lazy", root.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before " + root + " was unmounted");
        }
    }
}
