package dev.parley.store.remote;

import dev.parley.address.Ids;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@link Intake} in the file store: a directory for each pair and epoch; see {@code docs/FORMAT.md}.
 *
 * <p>Messages are written aside and forced. Then one fenced commit says, in one file, that their numbers have come and which files
 * they are. Then those very files are recorded and renamed into the mailbox, one after the other. A process that stalls before the
 * commit was displaced and commits nothing; one that stalls behind it finds the file gone, for a file can be renamed away only
 * once. So whoever comes later goes on where it was left, and nothing is made visible twice.
 */
public final class FileIntake implements Intake {

    /** Where it is. */
    public static final String DIRECTORY = "intake";

    /** What of a pair and epoch says how far it is. */
    public static final String STATE = "state";

    /** So many are taken in by one commit: far more would hold the lock for as long as its lease on a slow disk. */
    static final int MOST = 16;

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

    /** Whether that is the name of the directory of a pair and epoch. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    @Override
    public List<Outcome> take(List<Parcel> parcels) throws IOException, InterruptedException {
        Parcel first = parcels.get(0);
        if (!parcels.stream()
                .allMatch(
                        each -> each.pair().equals(first.pair()) && each.epoch().equals(first.epoch()))) {
            throw new IllegalArgumentException("they are not all of " + first.pair() + " and " + first.epoch());
        }
        List<Outcome> outcomes = new ArrayList<>();
        while (outcomes.size() < parcels.size()) {
            outcomes.addAll(takeAtOnce(beginning(parcels.subList(outcomes.size(), parcels.size()))));
        }
        return outcomes;
    }

    /** As many as one commit takes in: without a second one of a message, of which the ledger has to tell whether it has come. */
    private static List<Parcel> beginning(List<Parcel> parcels) {
        Set<MessageId> ids = new HashSet<>();
        int end = 0;
        while (end < Math.min(parcels.size(), MOST)
                && ids.add(parcels.get(end).envelope().id())) {
            end++;
        }
        return parcels.subList(0, end);
    }

    private List<Outcome> takeAtOnce(List<Parcel> parcels) throws IOException, InterruptedException {
        Pair pair = parcels.get(0).pair();
        String epoch = parcels.get(0).epoch();
        SessionId receiver = parcels.get(0).envelope().to();
        if (!store.hasDirectory(store.session(receiver))) {
            return Collections.nCopies(parcels.size(), new Refused("no session " + receiver + " is known here"));
        }
        String name = pair.key() + "-" + epoch;
        Path directory = directories.made(root, name);
        if (disk.isAbsent(directory.resolve(STATE))) {
            finishOtherEpochs(pair);
        }
        List<Outcome> outcomes = new ArrayList<>();
        IntakeState next;
        try (FileLease lease = locks.named(DIRECTORY + "-" + name).acquire(Leases.WAIT)) {
            IntakeState state = state(directory).orElse(IntakeState.none(pair, epoch));
            // The one before has to be visible before the next one is.
            finish(directory, state);
            next = state.finished();
            for (Parcel parcel : parcels) {
                Optional<Outcome> outcome = outcomeWithoutStoring(parcel, next);
                if (outcome.isEmpty()) {
                    if (next.number() == state.number()) {
                        removeLitter(directory, lease);
                    }
                    next = next.with(parcel, stage(directory, arrived(parcel)));
                }
                outcomes.add(outcome.orElse(new Stored(next.receipt())));
            }
            if (next.number() == state.number()) {
                return outcomes;
            }
            if (!next.stages().isEmpty()) {
                // Before the commit: a state that names a file that was never there would say that it has been
                // delivered.
                disk.forceDirectory(directory);
            }
            lease.commit(directory.resolve(STATE), next.encode());
        }
        finish(directory, next);
        return outcomes;
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

    /** Writes a message aside, unless it has come in another epoch. On return its content survives a power cut. */
    private Optional<String> stage(Path directory, Envelope envelope) throws IOException {
        if (ledgers.of(envelope.to()).find(envelope.id()).isPresent()) {
            return Optional.empty();
        }
        String name = envelope.id() + "." + Ids.random();
        disk.createFile(directory.resolve(name), EnvelopeCodec.encode(envelope), Disk.Sync.FORCED);
        return Optional.of(name);
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
     * Makes the last messages visible that were taken in, if they are not yet, each behind what it takes back. All of it may be
     * repeated until the last stage is gone.
     *
     * @return how many this call made visible
     */
    private int finish(Path directory, IntakeState state) throws IOException, InterruptedException {
        List<String> stages = state.stages();
        if (stages.isEmpty() || disk.isAbsent(directory.resolve(stages.get(stages.size() - 1)))) {
            // They become visible in their order, so all are.
            return 0;
        }
        int finished = 0;
        for (String stage : stages) {
            if (finish(directory.resolve(stage), state.withdrawn().contains(stage))) {
                finished++;
            } else {
                // Another process has, which died behind it or is still at work.
                mailboxes.followOthers(new SessionId(state.pair().to()));
            }
        }
        return finished;
    }

    private boolean finish(Path stage, boolean isWithdrawn) throws IOException, InterruptedException {
        try {
            Envelope envelope = EnvelopeCodec.decode(stage, disk.readFile(stage, EnvelopeCodec.MAX_FILE_BYTES));
            boolean isToBeSeen = takingBack.run(envelope) && !isWithdrawn;
            try (PostedFile posting = mailboxes.staged(stage, envelope)) {
                if (isWithdrawn) {
                    delivery.recordWithdrawn(posting);
                    WorkChange canceled =
                            new WorkChange(Actor.REQUESTER, WorkState.CANCELED, Optional.empty(), Optional.empty());
                    var unused = ledgers.work(envelope.to()).change(envelope.id(), canceled);
                } else if (isToBeSeen) {
                    delivery.deliver(posting, Ring.of(envelope));
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
            return disk.list(root).stream().filter(FileIntake::isName).toList();
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
                finished += state.isPresent() ? finish(directory, state.get()) : 0;
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
