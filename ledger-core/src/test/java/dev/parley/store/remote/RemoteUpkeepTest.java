package dev.parley.store.remote;

import static dev.parley.store.remote.TwoHosts.ANN;
import static dev.parley.store.remote.TwoHosts.BEN;
import static dev.parley.store.remote.TwoHosts.CLEO;
import static dev.parley.store.remote.TwoHosts.THERE;
import static dev.parley.store.remote.TwoHosts.letter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding.Severity;
import dev.parley.office.Upkeep;
import dev.parley.office.Upkeep.Mode;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.remote.TwoHosts.Processes;
import dev.parley.store.remote.TwoHosts.Road;
import dev.parley.store.upkeep.FileFinding;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.store.upkeep.StoreSweep;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is damaged of mail between machines is found and put right, and goes on; what nobody needs is removed in time. */
final class RemoteUpkeepTest {

    private static final Pair TO_BEN = new Pair(THERE, ANN.value(), BEN.value());
    private static final Path SENDER = Path.of("/sender");
    private static final Path RECEIVER = Path.of("/receiver");
    private static final Path PAIR = SENDER.resolve("outbox").resolve(TO_BEN.key());

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Processes hosts;

    @BeforeEach
    void makeHosts() throws IOException {
        TwoHosts.make(files.disk());
        hosts = new Processes(files.kernel("process"), clock, machine, 1);
        files.disk().createFile(SENDER.resolve("hub"), new byte[0], Disk.Sync.UNFORCED);
    }

    private Store store(Path home) throws IOException {
        return Store.over(home, files.disk(), clock, Trace.NONE);
    }

    private StoreCheck check(Path home) throws IOException {
        return new StoreCheck(store(home), machine.start(2));
    }

    private List<String> sweep(Path home, Mode mode) throws Exception {
        return new StoreSweep(store(home), machine.start(2), StoreSweep.KEEP_ENDED)
                .sweep(mode).stream()
                        .filter(removed -> !removed.file().startsWith(home.resolve("locks")))
                        .map(removed -> home.relativize(removed.file()) + ": " + removed.why())
                        .toList();
    }

    private Envelope put(String body) throws Exception {
        Envelope letter = letter(BEN, body);
        hosts.outbox.put(THERE, letter);
        return letter;
    }

    private void damage(Path file) throws IOException {
        files.disk().overwriteFile(file, new byte[] {'x'}, Disk.Sync.UNFORCED);
    }

    private Path fileOf(long number, Envelope letter) {
        return PAIR.resolve(new OutboxName(number, letter.id()).toString());
    }

    private List<String> arrivals() throws IOException {
        return hosts.read(BEN);
    }

    private String found(Path home, Severity severity, Path file) throws IOException {
        List<FileFinding> findings = check(home).check().stream()
                .filter(finding -> finding.file().equals(file))
                .toList();
        assertEquals(1, findings.size(), findings::toString);
        assertEquals(severity, findings.get(0).severity());
        return findings.get(0).what() + " / " + findings.get(0).remedy();
    }

    @Test
    void aMessageThatCannotBeReadIsPassedOverAndTheOthersGo() throws Exception {
        put("zero");
        hosts.carryAll(Road.GOOD);
        Envelope one = put("one");
        Envelope two = put("two");
        put("three");
        damage(fileOf(3, two));
        // The one before it goes first.
        assertTrue(found(SENDER, Severity.ERROR, fileOf(3, two)).contains("once those before it have left"));
        check(SENDER).repair();
        assertFalse(files.disk().isAbsent(fileOf(3, two)));

        damage(fileOf(2, one));
        String said = found(SENDER, Severity.ERROR, fileOf(2, one));
        assertTrue(said.contains("2 later ones of the same two sessions wait behind it"), said);
        StoreCheck.Repair repair = check(SENDER).repair();
        assertEquals(2, repair.cured().size());
        assertEquals(List.of(), repair.left());
        hosts.carryAll(Road.GOOD);
        put("four");
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("zero", "three", "four"), arrivals());
    }

    @Test
    void aMessageThatLostItsNameGetsItBack() throws Exception {
        put("one");
        Envelope two = put("two");
        put("three");
        files.disk().rename(fileOf(2, two), PAIR.resolve("copy of two"));
        String said = found(SENDER, Severity.ERROR, PAIR.resolve("copy of two"));
        assertTrue(said.contains("it gets the name 0000000000000002-" + two.id()), said);
        assertEquals(List.of(), check(SENDER).repair().left());
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("one", "two", "three"), arrivals());
    }

    @Test
    void whatWaitsIsLeftWhereItIsWhenNobodyKnowsWhomItIsFor() throws Exception {
        Envelope one = put("one");
        damage(PAIR.resolve("head"));
        String said = found(SENDER, Severity.ERROR, PAIR.resolve("head"));
        assertTrue(said.contains("the 1 messages beside it") && said.contains("put it back from a copy"), said);
        assertEquals(1, check(SENDER).repair().left().size());
        sweep(SENDER, Mode.REMOVE);
        assertFalse(files.disk().isAbsent(fileOf(1, one)));
    }

    @Test
    void aGapIsTold() throws Exception {
        Envelope one = put("one");
        put("two");
        files.disk().deleteFile(fileOf(1, one));
        assertTrue(
                found(SENDER, Severity.ERROR, PAIR).startsWith("has no message of number 1, for which 1 later ones"));
    }

    private Path intake() throws IOException {
        Path root = RECEIVER.resolve("intake");
        return root.resolve(files.disk().list(root).get(0));
    }

    @Test
    void numbersThatCannotBeReadAreBegunAnewAndNothingIsDoubled() throws Exception {
        put("one");
        put("two");
        hosts.carryAll(Road.GOOD);
        damage(intake().resolve("state"));
        put("three");
        String said = found(RECEIVER, Severity.ERROR, intake().resolve("state"));
        assertTrue(said.contains("no mail of these two sessions comes in"), said);
        StoreCheck.Repair repair = check(RECEIVER).repair();
        assertEquals(1, repair.cured().size());
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("one", "two", "three"), arrivals());
    }

    /** The receiver of these tests has no card. */
    private static List<Path> ofIntake(List<FileFinding> findings) {
        return findings.stream()
                .map(FileFinding::file)
                .filter(file -> file.startsWith(RECEIVER.resolve("intake")))
                .toList();
    }

    /** Taken in, and its process died before anybody could see it. */
    private Path pending(String body) throws Exception {
        put("before");
        hosts.carryAll(Road.GOOD);
        Envelope letter = put(body);
        Parcel parcel = TwoHosts.arrived(hosts.outbox.waiting(TO_BEN, 1).get(0));
        Envelope come = parcel.envelope().from(parcel.pair().host());
        String stage = letter.id() + ".0123456789abcdef";
        files.disk().createFile(intake().resolve(stage), EnvelopeCodec.encode(come), Disk.Sync.FORCED);
        Path state = intake().resolve("state");
        IntakeState before = IntakeState.decode(state, files.disk().readFile(state, IntakeState.MAX_BYTES));
        files.disk()
                .overwriteFile(state, before.with(parcel, Optional.of(stage)).encode(), Disk.Sync.FORCED);
        return intake().resolve(stage);
    }

    @Test
    void whatIsAboutToBeDeliveredIsNoLitter() throws Exception {
        Path stage = pending("here");
        Path litter = intake().resolve(MessageId.create(Optional.empty()) + ".fedcba9876543210");
        files.disk().createFile(litter, new byte[0], Disk.Sync.UNFORCED);
        assertEquals(List.of(), sweep(RECEIVER, Mode.REMOVE));
        clock.advance(Duration.ofHours(2));
        assertEquals(List.of(litter), ofIntake(check(RECEIVER).check()));
        String litterIs = RECEIVER.relativize(litter) + ": was begun and never finished";
        assertEquals(List.of(litterIs), sweep(RECEIVER, Mode.DRY_RUN));
        assertEquals(List.of(litterIs), sweep(RECEIVER, Mode.REMOVE));
        assertTrue(files.disk().isAbsent(litter));
        assertFalse(files.disk().isAbsent(stage));
        hosts.intake.finish();
        assertEquals(List.of("before", "here"), arrivals());
    }

    @Test
    void whatCameAndCannotBeReadIsSentAgain() throws Exception {
        Path stage = pending("here");
        damage(stage);
        assertTrue(found(RECEIVER, Severity.ERROR, stage).contains("the sender's machine sends it again"));
        check(RECEIVER).repair();
        assertEquals(List.of(), ofIntake(check(RECEIVER).check()));
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("before", "here"), arrivals());
    }

    @Test
    void whatNobodyNeedsIsRemovedInTime() throws Exception {
        Envelope one = put("one");
        hosts.carryAll(Road.GOOD);
        Path sent = SENDER.resolve("sent");
        SmallFiles notes = new SmallFiles(store(SENDER), "sent");
        FileSentMail mail = new FileSentMail(store(SENDER), hosts.outbox);
        assertTrue(mail.learn(THERE, Progress.refused(one.id(), 1, "later")));
        Path begun = sent.resolve(one.id() + ",progress.0123456789abcdef.tmp");
        files.disk().createFile(begun, new byte[0], Disk.Sync.UNFORCED);
        clock.advance(Duration.ofHours(2));
        assertEquals(
                List.of("sent/" + begun.getFileName() + ": was begun and never finished"), sweep(SENDER, Mode.REMOVE));
        notes.remove(one.id() + ",to=" + THERE);
        assertEquals(
                List.of("sent/" + one.id() + ",progress: tells of a message that is no longer kept"),
                sweep(SENDER, Mode.REMOVE));

        // Its sender is no session of this store, and nothing waits: after as long as an ended session is kept.
        hosts.outbox.put(THERE, letter(CLEO, "waits"));
        clock.advance(Duration.ofDays(Upkeep.KEEP_DAYS - 1));
        assertEquals(List.of(), sweep(SENDER, Mode.REMOVE));
        clock.advance(Duration.ofDays(2));
        assertEquals(
                List.of("outbox/" + TO_BEN.key() + ": a pair of a session that is not here"),
                sweep(SENDER, Mode.REMOVE));
        assertTrue(files.disk().isAbsent(PAIR));
        assertEquals(1, hosts.outbox.size());
        put("two");
        hosts.carryAll(Road.GOOD);
        assertEquals(List.of("one", "two"), arrivals());
    }

    @Test
    void whatIsStrandedIsTold() throws Exception {
        put("one");
        assertEquals(List.of(), check(SENDER).check());
        files.disk().deleteFile(SENDER.resolve("hub"));
        String said = found(SENDER, Severity.WARNING, SENDER.resolve("outbox"));
        assertTrue(said.contains("holds 1 messages to other machines, and this one has joined no team"), said);
    }

    @Test
    void whatDoesNotBelongIsSetAside() throws Exception {
        put("one");
        for (String name : List.of(
                "outbox/else",
                "outbox/rung/else",
                "intake/else",
                "sent/else",
                "followed/else",
                "refused/else",
                "elsewhere/else")) {
            Path file = SENDER.resolve(name);
            store(SENDER).makeIfMissing(file.getParent());
            files.disk().createFile(file, new byte[0], Disk.Sync.UNFORCED);
        }
        StoreCheck.Repair repair = check(SENDER).repair();
        assertEquals(7, repair.cured().size(), repair::toString);
        assertEquals(List.of(), repair.left());
        assertEquals(1, hosts.outbox.size());
    }
}
