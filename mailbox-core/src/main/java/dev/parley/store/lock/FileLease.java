package dev.parley.store.lock;

import dev.parley.lock.Lease;
import dev.parley.lock.LeaseLostException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@link Lease} of a {@link FileOwnerLock}: the file {@code lock/token}, for as long as it has that name, or the next one that
 * its holder gives it.
 *
 * <p>Belongs to the thread that acquired it.
 */
public final class FileLease implements Lease {

    private final Store store;
    private final Disk disk;
    private final Path lock;
    private OwnerToken token;
    private Path file;
    private boolean over;

    FileLease(Store store, Path lock, OwnerToken token) {
        this.store = store;
        this.disk = store.disk();
        this.lock = lock;
        this.token = token;
        this.file = lock.resolve(token.toString());
    }

    /** The name of this ownership. */
    public OwnerToken token() {
        return token;
    }

    /**
     * Gives the ownership another name, so that whatever others have judged of it by the old one is void: they displace a
     * name, and that is gone.
     *
     * @param next a name that no ownership ever had
     * @return whether it was still held; if not, it is over
     * @throws IOException if the disk fails; the name is the old one
     */
    boolean rename(OwnerToken next) throws IOException {
        if (over) {
            return false;
        }
        Path renamed = lock.resolve(next.toString());
        try {
            disk.rename(file, renamed);
        } catch (NoSuchFileException e) {
            over = true;
            store.trace().event(Event.LEASE_LOST, Map.of("lock", lock.toString(), "token", token.toString()));
            return false;
        }
        token = next;
        file = renamed;
        return true;
    }

    @Override
    public void ensureHeld() throws IOException {
        if (over || disk.stat(file).isEmpty()) {
            throw new LeaseLostException(token.toString(), new NoSuchFileException(file.toString()));
        }
    }

    /**
     * Publishes new content of the guarded file and releases the lock, in one rename. On return the content survives a
     * power cut.
     *
     * @param target in the same file system as the store
     * @throws LeaseLostException if the lock had been taken over; the file is then as the successor left it
     * @throws IllegalStateException if this lease was committed, closed or lost before; nothing has happened
     * @throws IOException if the disk fails; the file is unchanged unless only the last force failed, and the lock is
     *     released by {@link #close}
     */
    public void commit(Path target, byte[] content) throws IOException {
        Path directory = parent(target);
        ensureOpen();
        try {
            // Never with CREATE: a token that was unlinked must stay unlinked, or a displaced holder would be back.
            disk.overwriteFile(file, content, Disk.Sync.FORCED);
            disk.rename(file, target);
        } catch (NoSuchFileException e) {
            if (disk.stat(file).isPresent()) {
                // Still held: it is the target's directory that is missing.
                throw e;
            }
            over = true;
            throw new LeaseLostException(token.toString(), e);
        }
        over = true;
        removeEmptyLock();
        disk.forceDirectory(directory);
    }

    private void ensureOpen() {
        if (over) {
            throw new IllegalStateException("the lease " + token + " is over: it was committed, closed or lost");
        }
    }

    @Override
    public void close() throws IOException {
        if (over) {
            return;
        }
        over = true;
        try {
            disk.deleteFile(file);
        } catch (NoSuchFileException e) {
            store.trace().event(Event.LEASE_LOST, Map.of("lock", lock.toString(), "token", token.toString()));
        }
        removeEmptyLock();
    }

    /** Only tidiness: an empty directory is a free lock. Fails if somebody else has moved in, as it should. */
    private void removeEmptyLock() {
        try {
            disk.deleteDirectory(lock);
        } catch (NoSuchFileException e) {
            // Somebody else tidied up.
        } catch (IOException e) {
            store.trace().event(Event.LOCK_DIRECTORY_KEPT, Map.of("lock", lock.toString(), "reason", e.toString()));
        }
    }

    private static Path parent(Path target) {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a guarded file lies in a directory: " + target);
        }
        return parent;
    }
}
