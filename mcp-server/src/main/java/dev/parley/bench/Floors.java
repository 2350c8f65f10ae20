package dev.parley.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What this machine takes for the least that a server or a hook has to do: to be read beside their figures. */
final class Floors {

    private static final int BYTES = 1200;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path directory;
    private int written;

    Floors(Path directory) {
        this.directory = directory;
    }

    /** Milliseconds for two new files of a message's size, each forced: one message and one record. */
    double twoForcedWrites() throws IOException {
        long start = System.nanoTime();
        forcedWrite();
        forcedWrite();
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    private void forcedWrite() throws IOException {
        Path file = directory.resolve("forced-" + written++);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(BYTES));
            channel.force(true);
        }
    }

    /** Milliseconds for a shell that does nothing, started like a hook. */
    double emptyShell() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process shell = new ProcessBuilder("/bin/sh", "-c", "bash -c :")
                .directory(Files.createDirectories(directory).toFile())
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().close();
        shell.getInputStream().readAllBytes();
        shell.waitFor();
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
