package dev.parley.store.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.peer.Relocation;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Errno;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * That a process which remembers what waits finds what comes and misses nothing, whoever adds to it and when. The clock of this
 * disk stands still, so nothing here shows in a time but what is given one on purpose.
 */
final class WaitingTest {

    private static final Path HOME = Path.of("/home");
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId EVE = new SessionId("eve");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId CID = new SessionId("cid");
    private static final int FEW = 3;
    private static final Budget ONE = new Budget(1, 10_000);
    private static final Budget TWO = new Budget(2, 10_000);

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses processes = new SimulatedProcesses();
    private final ProcessTable table = processes.start(7);
    private final Map<String, Integer> asked = new TreeMap<>();
    private Store plain;
    private Mailboxes other;
    private long lastTime = 400_000_000_000L;
    private Happening beforeNext = WaitingTest::nothing;

    @BeforeEach
    void open() throws IOException {
        files.disk().makeDirectory(HOME);
        plain = store(files.disk());
        plain.makeSession(ANN);
        plain.makeSession(EVE);
        other = new Mailboxes(plain, table);
    }

    private Store store(Disk disk) throws IOException {
        return Store.over(HOME, disk, clock, Trace.NONE);
    }

    /** What others do meanwhile. */
    private interface Happening {
        void happen() throws IOException;
    }

    private static void nothing() {}

    /** A process that remembers more than {@value #FEW}, on a disk on which something may happen just before it takes a message. */
    private Mailbox remembering(Kernel kernel) throws IOException {
        Disk disk = new SimulatedDisk(call -> {
            if (call instanceof SystemCall.Rename rename && rename.from().startsWith(waiting())) {
                Happening now = beforeNext;
                beforeNext = WaitingTest::nothing;
                try {
                    now.happen();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return kernel.call(call);
        });
        Store store = store(CountedDisk.byVerbAndFile(disk, asked));
        return new Mailboxes(store, table, () -> new Waiting(FEW, () -> lastTime += 2_000)).of(ANN);
    }

    private Path waiting() {
        return plain.part(ANN, Part.NEW);
    }

    private void send(SessionId from, String body) throws IOException {
        other.of(ANN).deliver(Letters.plain(from, ANN, body));
    }

    private void sendTen() throws IOException {
        for (int i = 0; i < 10; i++) {
            send(BEN, "ben " + i);
        }
    }

    private static Batch claim(Mailbox mailbox, Budget budget) throws IOException {
        return mailbox.claim(budget, Set.<RequestId>of()::contains);
    }

    private static List<String> bodies(Batch batch) {
        return batch.messages().stream()
                .map(claimed -> claimed.envelope().body() + (claimed.redelivered() ? "*" : ""))
                .toList();
    }

    /** Ten were sent, and two of them have been read: from now on it remembers. */
    private Mailbox reader() throws IOException {
        return reader(files.kernel("reader"));
    }

    private Mailbox reader(Kernel kernel) throws IOException {
        sendTen();
        Mailbox reader = remembering(kernel);
        assertEquals(List.of("ben 0"), bodies(claim(reader, ONE)));
        assertEquals(List.of("ben 1"), bodies(claim(reader, ONE)));
        asked.clear();
        return reader;
    }

    /** The same, and it takes the third while this happens: of that no time tells but the one that is there for it. */
    private void takesOneMeanwhile(Mailbox reader, Happening happening) throws IOException {
        beforeNext = happening;
        assertEquals(List.of("ben 2"), bodies(claim(reader, ONE)));
    }

    private int listings() {
        int listed = asked.getOrDefault("list new", 0);
        asked.clear();
        return listed;
    }

    @Test
    void whatIsLeftIsListedTwiceAndThenRemembered() throws IOException {
        sendTen();
        Mailbox reader = remembering(files.kernel("reader"));
        for (int i = 0; i < 10; i++) {
            Batch batch = claim(reader, ONE);
            assertEquals(List.of("ben " + i), bodies(batch));
            assertEquals(9 - i, batch.remaining());
            // The last few are not worth remembering.
            assertEquals(i < 2 || 10 - i <= FEW ? 1 : 0, listings(), "read " + i);
        }
    }

    @Test
    void howManyWaitIsToldWithoutAListing() throws IOException {
        Mailbox reader = reader();
        assertEquals(8, reader.unread());
        assertEquals(0, listings());
        send(CID, "cid");
        assertEquals(9, reader.unread());
    }

    @Test
    void whatIsSentBetweenReadsIsFound() throws IOException {
        Mailbox reader = reader();
        send(CID, "cid");
        Batch batch = claim(reader, TWO);
        assertEquals(List.of("ben 2", "cid"), bodies(batch));
        assertEquals(7, batch.remaining());
    }

    @Test
    void whatIsSentDuringAReadIsFoundByTheNext() throws IOException {
        Mailbox reader = reader();
        takesOneMeanwhile(reader, () -> send(CID, "cid"));
        assertEquals(List.of("ben 3", "cid"), bodies(claim(reader, TWO)));
    }

    @Test
    void whatIsGivenBackDuringAReadComesFirstAgain() throws IOException {
        send(EVE, "eve");
        Batch taken = claim(other.of(ANN), ONE);
        Mailbox reader = reader();
        takesOneMeanwhile(reader, () -> taken.giveBack(Seen.NO));
        assertEquals(List.of("eve"), bodies(claim(reader, ONE)));
    }

    @Test
    void whatAnEndedProcessHadTakenComesBackDuringARead() throws IOException {
        send(EVE, "eve");
        assertEquals(
                1,
                claim(new Mailboxes(plain, processes.start(8)).of(ANN), ONE)
                        .messages()
                        .size());
        processes.kill(8);
        Mailbox recovers = new Mailboxes(plain, processes.start(9)).of(ANN);
        Mailbox reader = reader();
        takesOneMeanwhile(reader, () -> assertEquals(1, recovers.recover()));
        assertEquals(List.of("eve*"), bodies(claim(reader, ONE)));
    }

    @Test
    void whatComesFromAnotherIdDuringAReadIsFoundByTheNext() throws IOException {
        other.of(EVE).deliver(Letters.plain(CID, EVE, "for eve"));
        Mailbox.Posting underWay = other.of(EVE).prepare(Letters.plain(CID, EVE, "on its way"));
        Mailbox reader = reader();
        Relocation moves = new Relocation(plain, table);
        takesOneMeanwhile(reader, () -> {
            forward(moves);
            moves.complete(ANN);
        });
        assertEquals(List.of("for eve"), bodies(claim(reader, ONE)));
        beforeNext = underWay::deliver;
        assertEquals(List.of("ben 3"), bodies(claim(reader, ONE)));
        assertEquals(List.of("on its way", "ben 4"), bodies(claim(reader, TWO)));
    }

    private static void forward(Relocation moves) throws IOException {
        try {
            moves.forward(EVE, ANN);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAnotherMachineSentAndIsDeliveredDuringAReadIsFoundByTheNext() throws IOException {
        Mailbox reader = reader();
        Envelope letter = Letters.plain(CID, ANN, "from afar");
        Path file = HOME.resolve("staged");
        files.disk().createFile(file, EnvelopeCodec.encode(letter), Disk.Sync.FORCED);
        PostedFile posted = other.staged(file, letter);
        takesOneMeanwhile(reader, posted::deliver);
        assertEquals(List.of("ben 3", "from afar"), bodies(claim(reader, TWO)));
    }

    @Test
    void whatAnotherHasTakenIsNotCounted() throws IOException {
        Mailbox reader = reader();
        assertEquals(List.of("ben 2", "ben 3"), bodies(claim(other.of(ANN), TWO)));
        assertEquals(6, reader.unread());
        Batch batch = claim(reader, ONE);
        assertEquals(List.of("ben 4"), bodies(batch));
        assertEquals(5, batch.remaining());
    }

    /** What was next of a sender may be back under another name: what comes behind it must not overtake it. */
    @Test
    void whoFindsSomethingTakenLooksAgain() throws IOException {
        Mailbox reader = reader();
        beforeNext = () -> claim(other.of(ANN), TWO).giveBack(Seen.PERHAPS);
        assertEquals(List.of("ben 2*", "ben 3*", "ben 4"), bodies(claim(reader, new Budget(3, 10_000))));
    }

    @Test
    void whatNobodyToldOfIsFoundHalfAMinuteLater() throws IOException {
        send(EVE, "eve");
        Batch taken = claim(other.of(ANN), ONE);
        Path claim = files.disk().list(plain.part(ANN, Part.CUR)).stream()
                .map(plain.part(ANN, Part.CUR)::resolve)
                .findFirst()
                .orElseThrow();
        String name = files.disk().list(claim).get(0);
        assertEquals(1, taken.messages().size());
        Mailbox reader = reader();
        takesOneMeanwhile(
                reader, () -> files.disk().rename(claim.resolve(name), waiting().resolve(name)));
        clock.advance(Duration.ofMillis(Waiting.HOLDS_MILLIS));
        assertEquals(List.of("eve"), bodies(claim(reader, ONE)));
    }

    @Test
    void whereNoTimeCanBeSetNothingIsRemembered() throws IOException {
        Kernel kernel = files.kernel("reader");
        Mailbox reader =
                reader(call -> call instanceof SystemCall.SetTime ? new Reply.Failed(Errno.EACCES) : kernel.call(call));
        for (int i = 2; i < 10; i++) {
            assertEquals(List.of("ben " + i), bodies(claim(reader, ONE)));
            assertEquals(1, listings());
        }
    }

    @Test
    void whatIsNoMessageIsSetAsideOnce() throws IOException {
        Mailbox reader = reader();
        files.disk().overwriteFile(oldest(), new byte[] {'x'}, Disk.Sync.UNFORCED);
        assertEquals(List.of("ben 3"), bodies(claim(reader, ONE)));
        assertEquals(List.of("ben 4"), bodies(claim(reader, ONE)));
        assertEquals(5, reader.unread());
    }

    private Path oldest() throws IOException {
        return waiting()
                .resolve(files.disk().list(waiting()).stream()
                        .sorted()
                        .findFirst()
                        .orElseThrow());
    }

    /** No time tells that somebody has given it the mode that it should have. */
    @Test
    void whatMayNotBeReadIsTriedByEachRead() throws IOException {
        List<Path> barred = new ArrayList<>();
        Kernel kernel = files.kernel("reader");
        Mailbox reader = reader(call -> call instanceof SystemCall.OpenRead open && barred.contains(open.path())
                ? new Reply.Failed(Errno.EACCES)
                : kernel.call(call));
        barred.add(oldest());
        assertEquals(List.of("ben 3"), bodies(claim(reader, ONE)));
        assertEquals(List.of("ben 4"), bodies(claim(reader, ONE)));
        barred.clear();
        assertEquals(List.of("ben 2"), bodies(claim(reader, ONE)));
    }
}
