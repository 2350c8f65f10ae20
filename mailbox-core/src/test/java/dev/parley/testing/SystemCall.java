package dev.parley.testing;

import java.nio.file.Path;

/**
 * What a simulated process asks of the kernel, one step that happens as a whole or not at all.
 *
 * <p>Calls are values: a search recognises one it has seen. File content is text in ISO 8859-1, one character a byte,
 * because arrays do not compare. A handle is what an open call returned; it stays good when the name is gone.
 */
public sealed interface SystemCall {

    /** Carries the call out; a refusal is thrown. */
    Reply on(SimulatedFiles files, String process);

    /** {@code mkdir(2)}. */
    record MakeDirectory(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.makeDirectory(path);
        }
    }

    /** {@code open(2)} with {@code O_CREAT | O_EXCL | O_WRONLY}; returns a handle. */
    record OpenNew(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.openNew(process, path);
        }
    }

    /** {@code open(2)} with {@code O_WRONLY | O_TRUNC}, never creating; returns a handle. */
    record OpenTruncated(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.openTruncated(process, path);
        }
    }

    /** {@code open(2)} of a regular file with {@code O_RDONLY}; returns a handle. */
    record OpenRead(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.openRead(process, path);
        }
    }

    /** {@code open(2)} with {@code O_DIRECTORY}; returns a handle. */
    record OpenDirectory(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.openDirectory(process, path);
        }
    }

    /** {@code pwrite(2)}. */
    record Write(String handle, int offset, String content) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.write(handle, offset, content);
        }
    }

    /** {@code read(2)} of the whole file; returns the content. */
    record Read(String handle) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.read(handle);
        }
    }

    /** {@code readdir(3)}; returns the names, sorted. */
    record ReadNames(String handle) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.readNames(handle);
        }
    }

    /** {@code fsync(2)} of a file or a directory. */
    record Force(String handle) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.force(handle);
        }
    }

    /** {@code close(2)}. */
    record Close(String handle) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.close(process, handle);
        }
    }

    /** {@code rename(2)}. */
    record Rename(Path from, Path to) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.rename(from, to);
        }
    }

    /** {@code link(2)}. */
    record Link(Path file, Path name) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.link(file, name);
        }
    }

    /** {@code unlink(2)}. */
    record Unlink(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.unlink(path);
        }
    }

    /** {@code rmdir(2)}. */
    record RemoveDirectory(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.removeDirectory(path);
        }
    }

    /** {@code lstat(2)}. */
    record Look(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.look(path);
        }
    }

    /** {@code utimensat(2)} with the present time. */
    record Touch(Path path) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.touch(path);
        }
    }

    /** {@code utimensat(2)} with a given time. */
    record SetTime(Path path, long millis) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            return files.setTime(path, millis);
        }
    }

    /** Asks the world something that is not the disk's to answer, such as whether a process lives. */
    record Question(Object subject) implements SystemCall {
        @Override
        public Reply on(SimulatedFiles files, String process) {
            throw new IllegalStateException("nobody here knows " + subject);
        }
    }
}
