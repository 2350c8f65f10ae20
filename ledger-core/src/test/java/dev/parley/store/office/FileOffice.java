package dev.parley.store.office;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding.Severity;
import dev.parley.office.PostOffice;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.mailbox.MessageName;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The file office under test: on a simulated disk whose clock a test moves, or on this machine's. */
public final class FileOffice extends OfficeUnderTest {

    private static final Path HOME = Path.of("/parley");

    private final Store store;
    private final Retention retention;
    private final Optional<SteppedClock> clock;
    private final List<String> events;
    private UnaryOperator<PostOffice> around = office -> office;

    private FileOffice(Store store, Retention retention, Optional<SteppedClock> clock, List<String> events) {
        this.store = store;
        this.retention = retention;
        this.clock = clock;
        this.events = events;
    }

    /** On an empty simulated disk. */
    public static FileOffice simulated(Retention retention) throws IOException {
        SteppedClock clock = new SteppedClock(Letters.SENT);
        SimulatedFiles files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(HOME);
        return over(files, clock, retention);
    }

    /** On these simulated files. */
    public static FileOffice over(SimulatedFiles files, SteppedClock clock, Retention retention) throws IOException {
        List<String> events = new ArrayList<>();
        Store store = Store.over(HOME, files.disk(), clock, collecting(events));
        return new FileOffice(store, retention, Optional.of(clock), events);
    }

    /** In a directory of this machine, where time passes by itself. */
    public static FileOffice in(Path home, Retention retention) throws IOException {
        List<String> events = new ArrayList<>();
        Store store = Store.open(home, Durability.PROCESS, collecting(events));
        return new FileOffice(store, retention, Optional.empty(), events);
    }

    private static Trace collecting(List<String> events) {
        return (event, fields) -> {
            synchronized (events) {
                events.add(event.toString());
            }
        };
    }

    /** The same, in which each process has something around it. */
    public FileOffice within(UnaryOperator<PostOffice> whatIsAround) {
        around = whatIsAround;
        return this;
    }

    /** The directory. */
    public Store store() {
        return store;
    }

    /** The process table of the process in which the test runs. */
    public ProcessTable processes() {
        return table("here");
    }

    /** What has been traced. */
    public List<String> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    @Override
    public PostOffice open(ProcessTable process, Seats seats) {
        return around.apply(new FilePostOffice(
                store,
                process,
                retention,
                seats,
                clock.isPresent() ? new Locks(store, process, clock.get()::elapsedNanos) : new Locks(store, process)));
    }

    @Override
    public void pass(Duration time) {
        clock.orElseThrow(() -> new IllegalStateException("on a real disk time passes by itself"))
                .advance(time);
    }

    @Override
    public void setClock(Duration by) {
        clock.orElseThrow(() -> new IllegalStateException("the clock of a real disk is the machine's"))
                .set(by);
    }

    @Override
    public Instant now() {
        return store.clock().instant();
    }

    @Override
    public void says(SessionId session, String activity) throws IOException {
        Path file = store.activity(session);
        byte[] line = (activity + "\n").getBytes(StandardCharsets.US_ASCII);
        if (store.disk().stat(file).isEmpty()) {
            store.disk().createFile(file, line, Disk.Sync.UNFORCED);
        } else {
            store.disk().overwriteFile(file, line, Disk.Sync.UNFORCED);
        }
    }

    @Override
    public void points(String process, SessionId session) throws IOException {
        Path file = store.clients().resolve(identity(process).toString());
        byte[] line = (session + "\n").getBytes(StandardCharsets.US_ASCII);
        if (store.disk().stat(file).isEmpty()) {
            store.disk().createFile(file, line, Disk.Sync.UNFORCED);
        } else {
            store.disk().overwriteFile(file, line, Disk.Sync.UNFORCED);
        }
    }

    @Override
    public void signsIdle(SessionId asker, RequestId requestId, int revision) throws IOException {
        Path sign = store.asks(store.currentOf(asker)).resolve(requestId + ",idle=" + revision);
        if (store.disk().isAbsent(sign)) {
            store.disk().createFile(sign, new byte[0], Disk.Sync.UNFORCED);
        }
    }

    @Override
    public Instant rungAt(SessionId session) throws IOException {
        return Instant.ofEpochMilli(
                store.disk().stat(store.doorbell(session)).orElseThrow().modifiedMillis());
    }

    @Override
    public Breakage breakLedger(SessionId session) throws IOException {
        Path ledger = store.ledger(session);
        store.disk().deleteDirectory(ledger);
        return () -> store.disk().makeDirectory(ledger);
    }

    @Override
    public void fill(SessionId owner, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            Envelope letter = Letters.plain(new SessionId("filler"), owner, "filler");
            String name = MessageName.of(i, letter.id(), Optional.empty()).toString();
            Path file = store.mailbox(owner).resolve("new").resolve(name);
            store.disk().createFile(file, EnvelopeCodec.encode(letter), Disk.Sync.UNFORCED);
        }
    }

    @Override
    public void assertSound(Tolerated tolerated) throws IOException {
        List<String> found = new StoreCheck(store, processes())
                .check().stream()
                        .filter(finding -> tolerated != Tolerated.LEFTOVERS || finding.severity() == Severity.ERROR)
                        .filter(finding -> tolerated != Tolerated.UNRECORDED_MAIL
                                || finding.severity() == Severity.ERROR
                                || !finding.what().startsWith("is not in the ledger"))
                        .map(Object::toString)
                        .toList();
        assertEquals(List.of(), found);
    }
}
