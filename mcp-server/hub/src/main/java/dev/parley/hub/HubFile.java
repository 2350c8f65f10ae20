package dev.parley.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.lock.Lease;
import dev.parley.lock.Leases;
import dev.parley.process.ProcessTable;
import dev.parley.remote.RefusedMail.Refusal;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.store.remote.FileOutbox;
import dev.parley.store.remote.FileRefusedMail;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The file {@code hub} of a store, mode 0600: which team's hub its machine uses, and what is shared there. Holds no secret, only where
 * one is. Safe for use by several processes.
 */
public final class HubFile {

    /** What it is called. */
    public static final String NAME = "hub";

    private static final int MAX_BYTES = 256 * 1024;

    private final Store store;
    private final Locks locks;
    private final Path file;

    /** That of a store. */
    public HubFile(Store store, ProcessTable processes) {
        this.store = store;
        this.locks = new Locks(store, processes);
        this.file = store.home().resolve(NAME);
    }

    /**
     * That of the store in a directory, which is made if it is absent.
     *
     * @throws dev.parley.trace.UnavailableException if it cannot be used; nothing has been written then
     */
    public static HubFile in(Path home) throws IOException {
        Store store = Store.open(home, Durability.POWER_CUT, Trace.NONE);
        return new HubFile(store, LocalProcessTable.ofStore(store.home()));
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * What it tells; empty if this machine has joined no team.
     *
     * @throws DamagedHubFileException if it is not as it has to be
     */
    public Optional<HubSettings> read() throws IOException {
        try {
            return Optional.of(decoded(store.disk().readFile(file, MAX_BYTES)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private HubSettings decoded(byte[] content) throws DamagedHubFileException {
        try {
            return HubText.read(new String(content, UTF_8));
        } catch (HubText.WrongException e) {
            throw new DamagedHubFileException(file, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Writes it, whatever it held, and says for which team messages are put from now on. On return that survives a power cut.
     *
     * @throws dev.parley.lock.LockTimeoutException if another process is changing it; nothing changed
     */
    public void write(HubSettings settings) throws IOException, InterruptedException {
        // Before: what is put by whoever reads the file has to be of its team.
        new FileOutbox(store, locks).keepTeam(settings.membership().team().value());
        var unused = locks.guarded(file, NAME).update(Leases.WAIT, present -> encoded(settings));
    }

    /**
     * Changes what it tells. On return that survives a power cut.
     *
     * @return what it tells now; empty if there is none, and then none was made
     * @throws DamagedHubFileException if it is not as it has to be; nothing changed
     * @throws dev.parley.lock.LockTimeoutException if another process is changing it; nothing changed
     */
    public Optional<HubSettings> change(UnaryOperator<HubSettings> change) throws IOException, InterruptedException {
        if (store.disk().isAbsent(file)) {
            return Optional.empty();
        }
        byte[] now = locks.guarded(file, NAME)
                .update(
                        Leases.WAIT,
                        present -> encoded(change.apply(decoded(present.orElseThrow(
                                () -> new NoSuchFileException(file.toString(), null, "it was removed meanwhile"))))));
        return Optional.of(decoded(now));
    }

    private byte[] encoded(HubSettings settings) throws IOException {
        byte[] content = HubText.write(settings).getBytes(UTF_8);
        if (content.length > MAX_BYTES) {
            throw new IOException(file + " would be larger than " + MAX_BYTES + " bytes; unshare projects");
        }
        // What cannot be read again is not written.
        var unused = decoded(content);
        return content;
    }

    /** What came for this machine and was no mail, as far as it is kept, newest last. */
    public List<Refusal> refused() throws IOException {
        return new FileRefusedMail(store).all();
    }

    /** Removes it. On return that survives a power cut. */
    public void remove() throws IOException, InterruptedException {
        try (Lease lease = locks.named(NAME).acquire(Leases.WAIT)) {
            lease.ensureHeld();
            store.disk().deleteFile(file);
        } catch (NoSuchFileException e) {
            return;
        }
        store.disk().forceDirectory(store.home());
    }
}
