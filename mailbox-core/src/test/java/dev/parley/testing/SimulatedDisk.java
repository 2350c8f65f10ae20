package dev.parley.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.testing.SystemCall.Close;
import dev.parley.testing.SystemCall.Force;
import dev.parley.testing.SystemCall.Link;
import dev.parley.testing.SystemCall.Look;
import dev.parley.testing.SystemCall.MakeDirectory;
import dev.parley.testing.SystemCall.OpenDirectory;
import dev.parley.testing.SystemCall.OpenNew;
import dev.parley.testing.SystemCall.OpenRead;
import dev.parley.testing.SystemCall.OpenTruncated;
import dev.parley.testing.SystemCall.Read;
import dev.parley.testing.SystemCall.ReadNames;
import dev.parley.testing.SystemCall.RemoveDirectory;
import dev.parley.testing.SystemCall.Rename;
import dev.parley.testing.SystemCall.SetTime;
import dev.parley.testing.SystemCall.Touch;
import dev.parley.testing.SystemCall.Unlink;
import dev.parley.testing.SystemCall.Write;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@link Disk} as one simulated process sees it: each verb becomes the system calls that the local disk makes, so that
 * something can happen between any two of them.
 */
public final class SimulatedDisk implements Disk {

    private final Kernel kernel;

    /** A disk whose calls go to this kernel. */
    public SimulatedDisk(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        call(new MakeDirectory(directory), directory);
    }

    @Override
    public void createFile(Path file, byte[] content, Sync sync) throws IOException {
        String handle = open(new OpenNew(file), file);
        try {
            fill(handle, file, content, sync);
        } catch (IOException e) {
            kernel.call(new Unlink(file));
            throw e;
        }
    }

    @Override
    public void overwriteFile(Path file, byte[] content, Sync sync) throws IOException {
        fill(open(new OpenTruncated(file), file), file, content, sync);
    }

    private void fill(String handle, Path file, byte[] content, Sync sync) throws IOException {
        try {
            if (content.length > 0) {
                call(new Write(handle, 0, new String(content, ISO_8859_1)), file);
            }
            if (sync == Sync.FORCED) {
                call(new Force(handle), file);
            }
        } finally {
            kernel.call(new Close(handle));
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        String handle = open(new OpenDirectory(directory), directory);
        try {
            call(new Force(handle), directory);
        } finally {
            kernel.call(new Close(handle));
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call(new Rename(from, to), from);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        call(new Link(file, name), name);
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        call(new Unlink(file), file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        call(new RemoveDirectory(directory), directory);
    }

    @Override
    public byte[] readFile(Path file, int maxBytes) throws IOException {
        String handle = open(new OpenRead(file), file);
        try {
            String content = text(call(new Read(handle), file));
            if (content.length() > maxBytes) {
                throw new CorruptFileException(file, maxBytes, "longer than " + maxBytes + " bytes");
            }
            return content.getBytes(ISO_8859_1);
        } finally {
            kernel.call(new Close(handle));
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        String handle = open(new OpenDirectory(directory), directory);
        try {
            if (call(new ReadNames(handle), directory) instanceof Reply.Names names) {
                return names.names();
            }
            throw new IllegalStateException("a kernel that does not know readdir");
        } finally {
            kernel.call(new Close(handle));
        }
    }

    @Override
    public Optional<Stat> stat(Path path) throws IOException {
        try {
            return call(new Look(path), path) instanceof Reply.Seen seen ? Optional.of(seen.stat()) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void touch(Path file) throws IOException {
        call(new Touch(file), file);
    }

    @Override
    public void setModified(Path path, long millis) throws IOException {
        call(new SetTime(path, millis), path);
    }

    @Override
    public void touchLike(Path file, Path model) throws IOException {
        if (call(new Look(model), model) instanceof Reply.Seen seen) {
            call(new SetTime(file, seen.stat().modifiedMillis()), file);
        }
    }

    private String open(SystemCall call, Path path) throws IOException {
        return text(call(call, path));
    }

    private static String text(Reply reply) {
        if (reply instanceof Reply.Text text) {
            return text.text();
        }
        throw new IllegalStateException("neither handle nor content: " + reply);
    }

    private Reply call(SystemCall call, Path path) throws IOException {
        Reply reply = kernel.call(call);
        if (reply instanceof Reply.Failed failed) {
            throw exception(failed.error(), call, path);
        }
        return reply;
    }

    private static FileSystemException exception(Errno error, SystemCall call, Path path) {
        return error == Errno.ENOTDIR && call instanceof OpenDirectory
                ? new NotDirectoryException(path.toString())
                : error.exception(path.toString());
    }
}
