package dev.parley.mcp;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The process's own streams, kept for the protocol: from {@link #take} on, whoever prints, prints to standard error, and
 * whoever reads standard input finds it empty.
 *
 * @param in the real standard input
 * @param out the real standard output
 * @param err standard error
 */
record StandardStreams(InputStream in, OutputStream out, PrintStream err) {
    /** Takes them. Unbuffered: the line reader has a buffer, and an answer is one write. */
    static StandardStreams take() {
        System.setOut(System.err);
        System.setIn(InputStream.nullInputStream());
        return new StandardStreams(
                new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), System.err);
    }
}
