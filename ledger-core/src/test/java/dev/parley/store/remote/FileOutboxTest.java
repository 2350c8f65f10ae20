package dev.parley.store.remote;

import static dev.parley.store.remote.TwoHosts.ANN;
import static dev.parley.store.remote.TwoHosts.BEN;
import static dev.parley.store.remote.TwoHosts.CLEO;
import static dev.parley.store.remote.TwoHosts.HERE;
import static dev.parley.store.remote.TwoHosts.THERE;
import static dev.parley.store.remote.TwoHosts.arrived;
import static dev.parley.store.remote.TwoHosts.letter;
import static dev.parley.store.remote.TwoHosts.returned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.remote.Intake;
import dev.parley.remote.Outbox;
import dev.parley.remote.Outbox.Settled;
import dev.parley.remote.OutboxFullException;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Receipt;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.lock.ModelLocks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.remote.TwoHosts.Processes;
import dev.parley.store.remote.TwoHosts.Road;
import dev.parley.store.upkeep.FileUpkeep;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits to leave a machine, and what another machine says to it. */
final class FileOutboxTest {

    private static final Pair TO_BEN = new Pair(THERE, ANN.value(), BEN.value());

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final List<MessageId> sent = new ArrayList<>();
    private Processes hosts;

    @BeforeEach
    void makeHosts() throws IOException {
        TwoHosts.make(files.disk());
        hosts = on(files);
    }

    private Processes on(SimulatedFiles some) throws IOException {
        return new Processes(some.kernel("process"), clock, new SimulatedProcesses(), 1);
    }

    private void put(Processes there, String body) throws IOException, InterruptedException {
        Envelope letter = letter(BEN, body);
        there.outbox.put(THERE, letter);
        sent.add(letter.id());
    }

    private Parcel next() throws IOException {
        return arrived(hosts.outbox.waiting(TO_BEN, 1).get(0));
    }

    @Test
    void numbersHaveNoGapAndNameTheOneBefore() throws Exception {
        for (String body : List.of("one", "two", "three")) {
            put(hosts, body);
        }
        hosts.outbox.put(THERE, letter(CLEO, "uno"));

        List<Parcel> parcels = hosts.outbox.waiting(TO_BEN, 10);

        assertEquals(List.of(1L, 2L, 3L), parcels.stream().map(Parcel::number).toList());
        assertEquals(
                sent, parcels.stream().map(parcel -> parcel.envelope().id()).toList());
        assertEquals(
                sent.subList(0, 2),
                parcels.stream().flatMap(parcel -> parcel.after().stream()).toList());
        assertEquals(2, hosts.outbox.waiting(TO_BEN, 2).size());
        assertEquals(Set.of(TO_BEN, new Pair(THERE, ANN.value(), CLEO.value())), Set.copyOf(hosts.outbox.pairs()));
        assertEquals(4, hosts.outbox.size());
    }

    private static Outbox.Backlog backlog(Pair pair, int count) {
        return new Outbox.Backlog(Optional.of(pair), count, Optional.of(Letters.SENT));
    }

    /** Whoever leaves is told of it all. */
    @Test
    void whatWaitsIsToldWithItsReceiverAndItsAge() throws Exception {
        assertEquals(List.of(), hosts.outbox.backlog());
        for (String body : List.of("one", "two")) {
            put(hosts, body);
        }
        hosts.outbox.put(THERE, letter(CLEO, "uno"));
        assertEquals(
                Set.of(backlog(TO_BEN, 2), backlog(new Pair(THERE, ANN.value(), CLEO.value()), 1)),
                Set.copyOf(hosts.outbox.backlog()));
        String epoch = next().epoch();
        hosts.outbox.settle(new Receipt(TO_BEN, epoch, 2, Optional.of(sent.get(1)), false));
        assertEquals(1, hosts.outbox.backlog().size());
    }

    @Test
    void whatWaitsIsCountedWhereItCannotBeRead() throws Exception {
        put(hosts, "one");
        put(hosts, "two");
        Path pair = Path.of("/sender/outbox").resolve(TO_BEN.key());
        Disk disk = files.disk();
        String first = disk.list(pair).stream()
                .filter(name -> !name.equals("head"))
                .sorted()
                .findFirst()
                .orElseThrow();
        disk.overwriteFile(pair.resolve(first), new byte[] {1}, Disk.Sync.UNFORCED);
        assertEquals(List.of(new Outbox.Backlog(Optional.of(TO_BEN), 2, Optional.empty())), hosts.outbox.backlog());
        disk.overwriteFile(pair.resolve("head"), new byte[] {1}, Disk.Sync.UNFORCED);
        assertEquals(List.of(new Outbox.Backlog(Optional.empty(), 2, Optional.empty())), hosts.outbox.backlog());
    }

    @Test
    void whichTeamItIsForIsKept() throws Exception {
        assertEquals(Optional.empty(), hosts.outbox.team());
        hosts.outbox.keepTeam("blue");
        hosts.outbox.keepTeam("red");
        assertEquals(Optional.of("red"), on(files).outbox.team());
        files.disk().overwriteFile(Path.of("/sender/outbox/team"), new byte[] {1}, Disk.Sync.UNFORCED);
        assertEquals(Optional.empty(), hosts.outbox.team());
    }

    @Test
    void aReceiptLetsGoOfAllUpToIt() throws Exception {
        for (String body : List.of("one", "two", "three")) {
            put(hosts, body);
        }
        String epoch = next().epoch();
        Receipt second = new Receipt(TO_BEN, epoch, 2, Optional.of(sent.get(1)), false);
        assertEquals(Settled.PROGRESS, hosts.outbox.settle(second));
        assertEquals(Settled.KNOWN, hosts.outbox.settle(second));
        Receipt first = new Receipt(TO_BEN, epoch, 1, Optional.of(sent.get(0)), false);
        assertEquals(Settled.KNOWN, hosts.outbox.settle(first));

        Parcel left = hosts.outbox.waiting(TO_BEN, 10).get(0);
        assertEquals(3, left.number());
        assertEquals(2, left.settled());
        assertEquals(sent.get(2), left.envelope().id());
        put(hosts, "four");
        assertEquals(4, hosts.outbox.waiting(TO_BEN, 10).get(1).number());
        assertEquals(2, hosts.outbox.size());
    }

    @Test
    void numbersGoOnWhereAllIsSettled() throws Exception {
        put(hosts, "one");
        hosts.carryAll(Road.GOOD);
        assertEquals(0, hosts.outbox.size());
        put(hosts, "two");
        assertEquals(2, next().number());
        hosts.carryAll(Road.GOOD);
        hosts.inspect(BEN, sent, Set.of());
    }

    @Test
    void whatHasComeIsAnsweredAgainAndWhatIsEarlyHasToComeAgain() throws Exception {
        put(hosts, "one");
        put(hosts, "two");
        List<Parcel> parcels =
                hosts.outbox.waiting(TO_BEN, 10).stream().map(TwoHosts::arrived).toList();

        Intake.Early early = assertInstanceOf(Intake.Early.class, hosts.intake.take(parcels.get(1)));
        assertEquals(0, early.receipt().number());
        assertInstanceOf(Intake.Stored.class, hosts.intake.take(parcels.get(0)));
        Intake.Known known = assertInstanceOf(Intake.Known.class, hosts.intake.take(parcels.get(0)));
        assertEquals(1, known.receipt().number());
        assertInstanceOf(Intake.Stored.class, hosts.intake.take(parcels.get(1)));
        hosts.inspect(BEN, sent, Set.of());
        assertEquals(List.of("one", "two"), hosts.read(BEN));
    }

    /** The sender's store is put back from a copy: its next numbers are known there, with other messages. */
    @Test
    void nothingIsLostWhenTheSendersStoreIsPutBack() throws Exception {
        put(hosts, "one");
        hosts.carryAll(Road.GOOD);
        SimulatedFiles copy = files.copy();
        put(hosts, "two");
        put(hosts, "three");
        hosts.carryAll(Road.GOOD);

        // The receiver is as it was: so the copy's sender goes on beside this receiver.
        FileOutbox old = on(copy).outbox;
        for (int later = 0; later < 4; later++) {
            Envelope letter = letter(BEN, "later " + later);
            old.put(THERE, letter);
            sent.add(letter.id());
        }
        int astray = 0;
        for (int round = 0; old.size() > 0; round++) {
            assertTrue(round < 10, "it never arrives");
            for (Parcel parcel : old.waiting(TO_BEN, 10)) {
                Receipt receipt = TwoHosts.receipt(hosts.intake.take(arrived(parcel)));
                astray += old.settle(returned(receipt)) == Settled.ASTRAY ? 1 : 0;
            }
        }
        assertEquals(1, astray);
        hosts.inspect(BEN, sent, Set.of());
    }

    /** What waits in the copy and had come before is not shown again. */
    @Test
    void nothingIsDoubledWhenTheSendersStoreIsPutBack() throws Exception {
        put(hosts, "one");
        put(hosts, "two");
        SimulatedFiles copy = files.copy();
        hosts.carryAll(Road.GOOD);
        put(hosts, "three");
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("one", "two", "three"), hosts.read(BEN));

        FileOutbox old = on(copy).outbox;
        for (int round = 0; old.size() > 0; round++) {
            assertTrue(round < 10, "it never arrives");
            for (Parcel parcel : old.waiting(TO_BEN, 10)) {
                old.settle(returned(TwoHosts.receipt(hosts.intake.take(arrived(parcel)))));
            }
        }
        hosts.inspect(BEN, sent, Set.of());
    }

    /** A hub that was put back gives again what it was given long ago: the ledger has forgotten it, and its pair has another epoch. */
    @Test
    void whatComesAgainLongAfterItsEpochIsNotShownAgain() throws Exception {
        put(hosts, "one");
        Parcel late = next();
        hosts.carryAll(Road.GOOD);
        Store here = Store.over(TwoHosts.SENDER, files.disk(), clock, Trace.NONE);
        new PairUpkeep(here, new Locks(here, new SimulatedProcesses().start(2)))
                .forget(TwoHosts.SENDER.resolve("outbox").resolve(TO_BEN.key()));
        put(hosts, "two");
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("one", "two"), hosts.read(BEN));
        forget(late.envelope().id());

        assertInstanceOf(Intake.Known.class, hosts.intake.take(late));
        assertEquals(List.of(), hosts.read(BEN));

        // What would be if it were removed with its epoch: each epoch begins with a number that follows none.
        Path intake = hosts.there.home().resolve("intake").resolve(late.pair().key() + "-" + late.epoch());
        files.disk().deleteFile(intake.resolve("state"));
        assertInstanceOf(Intake.Stored.class, hosts.intake.take(late));
        assertEquals(List.of("one"), hosts.read(BEN));
    }

    /** The receiver's ledger keeps what is new. */
    private void forget(MessageId message) throws IOException {
        Path ledger = hosts.there.ledger(BEN);
        for (String name : files.disk().list(ledger)) {
            if (name.contains(message.value())) {
                files.disk().deleteFile(ledger.resolve(name));
            }
        }
    }

    @Test
    void whatWaitsComesAlsoWhenTheReceiversStoreWasLost() throws Exception {
        put(hosts, "one");
        hosts.carryAll(Road.GOOD);
        SimulatedFiles others = SimulatedFiles.empty(clock);
        TwoHosts.make(others.disk());
        Processes fresh = on(others);
        sent.clear();
        put(hosts, "two");
        put(hosts, "three");
        for (int round = 0; hosts.outbox.size() > 0; round++) {
            assertTrue(round < 10, "it never arrives");
            for (Parcel parcel : hosts.outbox.waiting(TO_BEN, 10)) {
                hosts.outbox.settle(returned(TwoHosts.receipt(fresh.intake.take(arrived(parcel)))));
            }
        }
        fresh.inspect(BEN, sent, Set.of());
    }

    @Test
    void aCheckKnowsWhatTheyAre() throws Exception {
        put(hosts, "one");
        hosts.carry(Road.GOOD);
        for (String home : List.of("/sender", "/receiver")) {
            Store store = Store.over(Path.of(home), files.disk(), clock, Trace.NONE);
            FileUpkeep upkeep = new FileUpkeep(store, new SimulatedProcesses().start(1));
            List<String> found = upkeep.check().stream().map(String::valueOf).toList();
            assertTrue(found.stream().noneMatch(finding -> finding.contains("is no part of a store")), found::toString);
        }
    }

    @Test
    void itHoldsTenThousand() throws Exception {
        put(hosts, "one");
        Disk disk = files.disk();
        Path directory = Path.of("/sender/outbox").resolve(TO_BEN.key());
        for (long number = 2; number < Outbox.CAPACITY; number++) {
            String id = "m-" + "0".repeat(16 - Long.toString(number).length()) + number;
            disk.createFile(
                    directory.resolve(new OutboxName(number, new MessageId(id)).toString()),
                    new byte[0],
                    Disk.Sync.UNFORCED);
        }
        Processes another = on(files);
        assertEquals(Outbox.CAPACITY - 1, another.outbox.size());
        put(another, "the last");
        String said = assertThrows(OutboxFullException.class, () -> put(another, "too much"))
                .getMessage();
        assertTrue(said.startsWith("outbox-full: 10000 messages wait"), said);
        assertEquals(Outbox.CAPACITY, another.outbox.size());
    }

    /** As a postman that was stopped while it noted a receipt: a sender is told of no failure, where nothing is wrong. */
    @Test
    void aSenderOutlastsWhoeverStallsWithItsPair() throws Exception {
        put(hosts, "one");
        Store store = Store.over(Path.of("/sender"), files.disk(), clock, Trace.NONE);
        Locks locks = ModelLocks.on(clock, store, new SimulatedProcesses().start(1));
        FileOutbox outbox = new FileOutbox(store, locks);
        try (FileLease stalled = locks.named("outbox-" + TO_BEN.key()).acquire(Leases.WAIT)) {
            long begun = clock.elapsedNanos();
            outbox.put(THERE, letter(BEN, "two"));
            assertTrue(clock.elapsedNanos() - begun > Leases.LEASE.toNanos());
            assertThrows(LeaseLostException.class, stalled::ensureHeld);
        }
        assertEquals(2, outbox.size());
    }

    /** A sweep at any call of a put, which may take the pair for one of which nothing waits. */
    @Test
    void aPairThatIsSweptUnderASenderIsMadeAgain() throws Exception {
        put(hosts, "one");
        hosts.carryAll(Road.GOOD);
        Path directory = Path.of("/sender/outbox").resolve(TO_BEN.key());
        int swept = 0;
        int calls = 1;
        for (int call = 0; call < calls; call++) {
            SimulatedFiles copy = files.copy();
            SimulatedProcesses machine = new SimulatedProcesses();
            Store store = Store.over(Path.of("/sender"), copy.disk(), clock, Trace.NONE);
            PairUpkeep sweep = new PairUpkeep(store, ModelLocks.on(clock, store, machine.start(1)));
            AtomicInteger next = new AtomicInteger();
            boolean[] isSwept = {false};
            int at = call;
            Kernel kernel = asked -> {
                if (next.getAndIncrement() == at) {
                    try {
                        sweep.forget(directory);
                        isSwept[0] = true;
                    } catch (IOException | InterruptedException e) {
                        // It is in use, or not there any more.
                    }
                }
                return copy.kernel("sender").call(asked);
            };
            Processes sender = new Processes(kernel, clock, machine, 2);
            put(sender, "two");
            assertEquals(1, sender.outbox.size(), "swept at call " + call);
            calls = next.get();
            swept += isSwept[0] ? 1 : 0;
        }
        assertTrue(swept > 5, "it was swept at " + swept + " calls");
    }

    @Test
    void oneDamagedMessageHoldsUpItsOwnPairOnly() throws Exception {
        put(hosts, "one");
        hosts.outbox.put(THERE, letter(CLEO, "uno"));
        String name = new OutboxName(1, sent.get(0)).toString();
        Path file = Path.of("/sender/outbox").resolve(TO_BEN.key()).resolve(name);
        files.disk().overwriteFile(file, new byte[] {'x'}, Disk.Sync.UNFORCED);
        String said = assertThrows(DamagedException.class, () -> hosts.outbox.waiting(TO_BEN, 1))
                .getMessage();
        assertTrue(String.valueOf(said).contains(name + " is damaged"), said);
        assertEquals(
                1,
                hosts.outbox
                        .waiting(new Pair(THERE, ANN.value(), CLEO.value()), 1)
                        .size());
    }

    @Test
    void aSessionThatIsNotThereAndAFullMailboxRefuse() throws Exception {
        SessionId nobody = new SessionId("nobody-1");
        hosts.outbox.put(THERE, letter(nobody, "hello"));
        Parcel parcel = arrived(hosts.outbox
                .waiting(new Pair(THERE, ANN.value(), nobody.value()), 1)
                .get(0));
        Intake.Refused refused = assertInstanceOf(Intake.Refused.class, hosts.intake.take(parcel));
        assertTrue(refused.reason().contains("nobody-1"), refused.reason());

        for (int i = 0; i < Mailbox.CAPACITY_OF_ONE; i++) {
            Envelope letter = letter(BEN, "x");
            Path waiting = hosts.there.mailbox(BEN).resolve("new").resolve("%016d-%s".formatted(i + 1, letter.id()));
            files.disk().createFile(waiting, EnvelopeCodec.encode(letter), Disk.Sync.UNFORCED);
        }
        put(hosts, "one");
        Intake.Refused full = assertInstanceOf(Intake.Refused.class, hosts.intake.take(next()));
        assertTrue(full.reason().contains("too much mail of yours"), full.reason());
        for (int i = 0; i < 50; i++) {
            assertTrue(!hosts.read(BEN).isEmpty());
        }
        assertInstanceOf(Intake.Stored.class, hosts.intake.take(next()));
    }

    /** Nobody replaces the record of another's message by the choice of an id. */
    @Test
    void anIdThatIsTakenIsRefused() throws Exception {
        put(hosts, "one");
        Envelope mine = next().envelope();
        hosts.carryAll(Road.GOOD);
        Envelope forged = new Envelope(
                mine.id(),
                mine.sentAt(),
                mine.origin(),
                mine.from(),
                mine.fromName(),
                BEN,
                mine.requestId(),
                mine.replyTo(),
                mine.sourceMessageId(),
                0,
                "something else");
        Parcel parcel =
                new Parcel(Pair.of(new HostName("elsewhere"), forged), "e".repeat(16), 1, 0, Optional.empty(), forged);
        Intake.Refused refused = assertInstanceOf(Intake.Refused.class, hosts.intake.take(parcel));
        assertTrue(refused.reason().contains("another message has the id"), refused.reason());
        assertEquals(List.of("one"), hosts.read(BEN));
    }

    @Test
    void whatIsNoParcelIsNone() {
        Envelope letter = letter(BEN, "one");
        Pair pair = Pair.of(HERE, letter);
        MessageId other = letter(BEN, "other").id();
        String epoch = "e".repeat(16);
        assertThrows(IllegalArgumentException.class, () -> parcel(pair, "E".repeat(16), 1, 0, null, letter));
        assertThrows(IllegalArgumentException.class, () -> parcel(pair, epoch, 0, 0, null, letter));
        assertThrows(IllegalArgumentException.class, () -> parcel(pair, epoch, 1, 0, other, letter));
        assertThrows(IllegalArgumentException.class, () -> parcel(pair, epoch, 2, 0, null, letter));
        assertThrows(IllegalArgumentException.class, () -> parcel(pair, epoch, 2, 2, other, letter));
        assertThrows(IllegalArgumentException.class, () -> parcel(pair, epoch, 2, 0, letter.id(), letter));
        Pair wrong = new Pair(HERE, ANN.value(), CLEO.value());
        assertThrows(IllegalArgumentException.class, () -> parcel(wrong, epoch, 1, 0, null, letter));
        for (String host : List.of("", "A", "a.b", "a b", "*", ">", "-a", "a".repeat(33))) {
            assertThrows(IllegalArgumentException.class, () -> new HostName(host), host);
        }
    }

    private static Parcel parcel(
            Pair pair, String epoch, long number, long settled, @Nullable MessageId after, Envelope envelope) {
        return new Parcel(pair, epoch, number, settled, Optional.ofNullable(after), envelope);
    }
}
