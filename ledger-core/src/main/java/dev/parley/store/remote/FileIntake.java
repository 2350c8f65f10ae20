package dev.parley.store.remote;

import dev.parley.address.Ids;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.remote.Intake;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.ledger.FileDelivery;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.mailbox.PostedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@link Intake} in the file store: a directory for each pair and epoch; see {@code docs/FORMAT.md}.
 *
 * <p>A message is written aside and forced. Then one fenced commit says, in one file, that its number has come and which file
 * it is. Then that very file is recorded and renamed into the mailbox. A process that stalls before the commit was displaced
 * and commits nothing; one that stalls behind it finds the file gone, for a file can be renamed away only once. So whoever
 * comes later goes on where it was left, and nothing is made visible twice.
 */
public final class FileIntake implements Intake {

    static final String DIRECTORY = "intake";
    static final String STATE = "state";

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}-[0-9a-z]{16}");

    private final Store store;
    private final Disk disk;
    private final Locks locks;
    private final Mailboxes mailboxes;
    private final Ledgers ledgers;
    private final FileDelivery delivery;
    private final TakingBack takingBack;
    private final Path root;
    private final Directories directories;

    /** The intake of a store. */
    public FileIntake(Store store, Locks locks, Mailboxes mailboxes, Ledgers ledgers) {
        this.store = store;
        this.disk = store.disk();
        this.locks = locks;
        this.mailboxes = mailboxes;
        this.ledgers = ledgers;
        this.delivery = new FileDelivery(store, mailboxes, ledgers);
        this.takingBack = new TakingBack(store, mailboxes, ledgers, delivery);
        this.root = store.home().resolve(DIRECTORY);
        this.directories = new Directories(store);
    }

    @Override
    public Outcome take(Parcel parcel) throws IOException, InterruptedException {
        Pair pair = parcel.pair();
        Envelope envelope = arrived(parcel);
        if (!store.hasDirectory(store.session(envelope.to()))) {
            return new Refused("no session " + envelope.to() + " is known here");
        }
        String name = pair.key() + "-" + parcel.epoch();
        Path directory = directories.made(root, name);
        if (disk.isAbsent(directory.resolve(STATE))) {
            finishOtherEpochs(pair);
        }
        IntakeState next;
        try (FileLease lease = locks.named(DIRECTORY + "-" + name).acquire(Leases.WAIT)) {
            IntakeState state = state(directory).orElse(IntakeState.none(pair, parcel.epoch()));
            // The one before has to be visible before the next one is.
            finish(directory, state);
            Optional<Outcome> outcome = outcomeWithoutStoring(parcel, state);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            removeLitter(directory, lease);
            Optional<String> stage = Optional.empty();
            if (ledgers.of(envelope.to()).find(envelope.id()).isEmpty()) {
                stage = Optional.of(stage(directory, envelope));
            }
            next = state.with(parcel, stage);
            lease.commit(directory.resolve(STATE), next.encode());
        }
        finish(directory, next);
        return new Stored(next.receipt());
    }

    /** The message, which says from now on which machine it came from, whatever it said of that. */
    private static Envelope arrived(Parcel parcel) {
        return parcel.envelope().from(parcel.pair().host());
    }

    /** What is to be answered if the parcel is not the next, or cannot be stored now. */
    private Optional<Outcome> outcomeWithoutStoring(Parcel parcel, IntakeState state) throws IOException {
        if (parcel.settled() > state.number()) {
            return Optional.of(new Astray(state.lost()));
        }
        if (parcel.number() <= state.number()) {
            return Optional.of(new Known(state.receipt()));
        }
        if (parcel.number() > state.number() + 1) {
            return Optional.of(new Early(state.receipt()));
        }
        if (!parcel.after().equals(state.last())) {
            return Optional.of(new Astray(state.receipt()));
        }
        Envelope envelope = arrived(parcel);
        Optional<Envelope> recorded = ledgers.of(envelope.to()).find(envelope.id());
        if (recorded.isPresent() && !recorded.get().equals(envelope)) {
            return Optional.of(new Refused("another message has the id " + envelope.id()));
        }
        try {
            if (!parcel.isWithdrawn() && envelope.cancels().isEmpty()) {
                mailboxes.admit(envelope);
            }
            return Optional.empty();
        } catch (MailboxFullException e) {
            return Optional.of(new Refused(String.valueOf(e.getMessage())));
        }
    }

    /** Writes a message aside. On return it survives a power cut. */
    private String stage(Path directory, Envelope envelope) throws IOException {
        String name = envelope.id() + "." + Ids.random();
        disk.createFile(directory.resolve(name), EnvelopeCodec.encode(envelope), Disk.Sync.FORCED);
        // Before the commit: a state that names a file that was never there would say that it has been delivered.
        disk.forceDirectory(directory);
        return name;
    }

    /**
     * What others have written and not committed. Listed while the lock was held for certain: what a successor has written,
     * and perhaps committed, must not be taken for litter by one that was displaced.
     */
    private void removeLitter(Path directory, FileLease lease) throws IOException {
        List<String> names = disk.list(directory);
        lease.ensureHeld();
        for (String name : names) {
            if (IntakeState.isStage(name)) {
                remove(directory.resolve(name));
            }
        }
    }

    private void remove(Path file) throws IOException {
        try {
            disk.deleteFile(file);
        } catch (NoSuchFileException e) {
            // It is gone already.
        }
    }

    private Optional<IntakeState> state(Path directory) throws IOException {
        Path file = directory.resolve(STATE);
        try {
            IntakeState state = IntakeState.decode(file, disk.readFile(file, IntakeState.MAX_BYTES));
            if (!directory.endsWith(state.pair().key() + "-" + state.epoch())) {
                throw new DamagedPairException(file, "it belongs to another pair");
            }
            return Optional.of(state);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes the last message visible that was taken in, if it is not yet, behind what it takes back. All of it may be repeated until
     * the stage is gone.
     *
     * @return whether this call did it
     */
    private boolean finish(Path directory, IntakeState state) throws IOException, InterruptedException {
        if (state.stage().isEmpty()) {
            return false;
        }
        Path stage = directory.resolve(state.stage().get());
        try {
            Envelope envelope = EnvelopeCodec.decode(stage, disk.readFile(stage, EnvelopeCodec.MAX_FILE_BYTES));
            boolean isToBeSeen = takingBack.run(envelope) && !state.isWithdrawn();
            try (PostedFile posting = mailboxes.staged(stage, envelope)) {
                if (state.isWithdrawn()) {
                    delivery.recordWithdrawn(posting);
                } else if (isToBeSeen) {
                    delivery.deliver(posting, envelope.hops() > Delivery.MAX_HOPS_RUNG ? Ring.NO : Ring.YES);
                }
            }
            if (!isToBeSeen) {
                remove(stage);
            }
            return true;
        } catch (CorruptFileException e) {
            throw new DamagedPairException(stage, e.what());
        } catch (NoSuchFileException e) {
            if (!disk.isAbsent(stage)) {
                // It is the mailbox that is missing.
                throw e;
            }
            return false;
        }
    }

    /** A message that another epoch has taken in has to be in the ledger before this one asks whether it is. */
    private void finishOtherEpochs(Pair pair) throws IOException, InterruptedException {
        for (String name : names()) {
            if (name.startsWith(pair.key())) {
                Optional<IntakeState> state = state(root.resolve(name));
                if (state.isPresent()) {
                    finish(root.resolve(name), state.get());
                }
            }
        }
    }

    private List<String> names() throws IOException {
        try {
            return disk.list(root).stream()
                    .filter(name -> NAME.matcher(name).matches())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public int finish() throws IOException, InterruptedException {
        int finished = 0;
        List<IOException> failed = new ArrayList<>();
        for (String name : names()) {
            Path directory = root.resolve(name);
            try {
                Optional<IntakeState> state = state(directory);
                finished += state.isPresent() && finish(directory, state.get()) ? 1 : 0;
            } catch (IOException e) {
                // One that cannot be finished holds up its own pair only.
                directories.unreadable(directory, e);
                failed.add(e);
            }
        }
        if (!failed.isEmpty()) {
            IOException first = failed.remove(0);
            failed.forEach(first::addSuppressed);
            throw first;
        }
        return finished;
    }
}
