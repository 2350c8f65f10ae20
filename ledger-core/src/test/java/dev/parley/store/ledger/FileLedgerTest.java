package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.office.contract.ReceivedLedgerContract;
import dev.parley.process.ProcessTable;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.mailbox.PostedFile;
import dev.parley.store.office.FileOffice;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Errno;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FileLedgerTest extends ReceivedLedgerContract {

    private static final Path HOME = Path.of("/parley");
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private FileOffice opened;

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        files.disk().makeDirectory(HOME);
        opened = FileOffice.over(files, clock, retention);
        return opened;
    }

    private ReceivedLedger ledger() throws IOException {
        return opened.here().ledger(ANN);
    }

    private Store store() {
        return opened.store();
    }

    private ProcessTable processes() {
        return opened.processes();
    }

    private void assertSound() throws IOException {
        opened.assertSound(Tolerated.NOTHING);
    }

    /** A look-up by id costs the same at any size. */
    @Test
    void whatBecameOfAMessageIsFoundWithoutListingTheLedger() throws Exception {
        Envelope letter = Letters.plain(BEN, ANN, "one");
        ledger().record(letter);
        Map<String, Integer> verbs = new HashMap<>();
        Disk counted = CountedDisk.byVerb(files.disk(), verbs);
        ReceivedLedger seen = Post.over(Store.over(HOME, counted, clock, Trace.NONE), processes())
                .ledger(ANN);
        assertEquals(Optional.empty(), seen.rung(letter.id()));
        seen.markRung(letter.id(), "a-rung-of-somebody");
        assertEquals("a-rung-of-somebody", seen.rung(letter.id()).orElseThrow().rung());
        assertEquals(0, verbs.getOrDefault("list", 0), verbs::toString);
    }

    /** It may hold a hundred thousand: whoever sends next only counts them, and nobody waits for the rest. */
    @Test
    void aLongLedgerIsPrunedOutsideOfAnyCall() throws Exception {
        ledger().record(Letters.plain(BEN, ANN, "one"));
        for (int i = 0; i < 1_600; i++) {
            Path record = store().ledger(ANN).resolve("m-%016d".formatted(i));
            files.disk().createFile(record, new byte[0], Disk.Sync.UNFORCED);
        }
        Map<String, Integer> verbs = new HashMap<>();
        Store counted = Store.over(HOME, CountedDisk.byVerb(files.disk(), verbs), clock, Trace.NONE);
        List<Runnable> left = new ArrayList<>();
        Ledgers ledgers = new Ledgers(counted, processes(), Retention.DEFAULT, left::add);
        for (int i = 0; i < 600; i++) {
            clock.advance(Duration.ofSeconds(1));
            verbs.clear();
            ledgers.of(ANN).record(Letters.plain(BEN, ANN, "more"));
            assertEquals(0, verbs.getOrDefault("deleteFile", 0), verbs::toString);
            assertTrue(verbs.getOrDefault("stat", 0) < 5, verbs::toString);
        }
        assertEquals(1, left.size(), "once at a time");
        left.get(0).run();
        assertEquals(Retention.DEFAULT.newest(), ledger().size());
        ledgers.of(ANN).record(Letters.plain(BEN, ANN, "last"));
        assertEquals(Retention.DEFAULT.newest() + 1, ledger().size());
        for (String name : files.disk().list(store().ledger(ANN))) {
            if (name.startsWith("m-00")) {
                files.disk().deleteFile(store().ledger(ANN).resolve(name));
            }
        }
    }

    @Test
    void marksOfOlderVersionsAreRead() throws Exception {
        for (String rung : List.of("doorbell", "codex-queue", "tmux")) {
            Envelope letter = Letters.plain(BEN, ANN, rung);
            ledger().record(letter);
            Path mark = store().ledger(ANN).resolve(letter.id() + ",rung=" + rung);
            files.disk().createFile(mark, new byte[0], Disk.Sync.UNFORCED);
            assertEquals(rung, ledger().rung(letter.id()).orElseThrow().rung());
        }
        assertSound();
    }

    @Test
    void aMarkWhoseWriterDiedTellsNoRung() throws Exception {
        Envelope letter = Letters.plain(BEN, ANN, "one");
        ledger().record(letter);
        files.disk().createFile(store().ledger(ANN).resolve(letter.id() + ",rung"), new byte[0], Disk.Sync.UNFORCED);
        assertEquals(Optional.empty(), ledger().rung(letter.id()));
        assertSound();
    }

    private Path recorded(Envelope letter, Kernel kernel) throws IOException {
        Store store = Store.over(HOME, new SimulatedDisk(kernel), clock, Trace.NONE);
        Post own = Post.over(store, processes());
        try (PostedFile posting = own.mailboxes().prepare(letter)) {
            own.ledgers().file(ANN).record(posting);
            posting.deliver();
        }
        assertEquals(Optional.of(letter), ledger().find(letter.id()));
        assertSound();
        return store.ledger(ANN).resolve(letter.id().value());
    }

    @Test
    void theRecordOfAPostedMessageIsItsFileUnderAnotherName() throws IOException {
        List<SystemCall> links = new ArrayList<>();
        Kernel kernel = files.kernel("sender");
        Path record = recorded(Letters.plain(BEN, ANN, "one"), call -> {
            if (call instanceof SystemCall.Link) {
                links.add(call);
            }
            return kernel.call(call);
        });
        assertEquals(1, links.size());
        assertEquals(record, ((SystemCall.Link) links.get(0)).name());
    }

    @Test
    void whereAFileCannotHaveTwoNamesItIsCopied() throws IOException {
        Kernel kernel = files.kernel("sender");
        recorded(
                Letters.plain(BEN, ANN, "one"),
                call -> call instanceof SystemCall.Link ? new Reply.Failed(Errno.EPERM) : kernel.call(call));
    }

    @Test
    void aMessageThatIsDeliveredAgainKeepsOneRecord() throws IOException {
        Envelope letter = Letters.plain(BEN, ANN, "one");
        ledger().record(letter);
        recorded(letter, files.kernel("sender"));
        assertEquals(1, ledger().size());
    }

    @Test
    void aDamagedRecordSaysSo() throws IOException, InterruptedException {
        Envelope letter = Letters.plain(BEN, ANN, "one");
        ledger().record(letter);
        Path file = store().ledger(ANN).resolve(letter.id().value());
        files.disk().overwriteFile(file, new byte[] {1}, dev.parley.store.Disk.Sync.UNFORCED);
        CorruptFileException e = assertThrows(CorruptFileException.class, () -> ledger().find(letter.id()));
        assertEquals(file, e.file());
        assertEquals(List.of(), new StoreCheck(store(), processes()).repair().left());
    }
}
