package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.address.SessionId;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.ReceivedLedgerContract;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.mailbox.PostedFile;
import dev.parley.store.upkeep.StoreCheck;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FileLedgerTest extends ReceivedLedgerContract {

    private static final Path HOME = Path.of("/parley");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Post post;
    private Post other;

    @Override
    protected void open(Retention retention, SessionId... sessions) throws IOException, InterruptedException {
        files.disk().makeDirectory(HOME);
        post = Post.over(Store.over(HOME, files.disk(), clock, Trace.NONE), machine.start(1), retention);
        other = Post.over(Store.over(HOME, files.disk(), clock, Trace.NONE), machine.start(2), retention);
        for (SessionId session : sessions) {
            post.peers().register(post.registration(session));
        }
    }

    @Override
    protected ReceivedLedger ledger(SessionId owner) {
        return post.ledger(owner);
    }

    @Override
    protected ReceivedLedger elsewhere(SessionId owner) {
        return other.ledger(owner);
    }

    @Override
    protected Mailbox mailbox(SessionId owner) {
        return post.mailbox(owner);
    }

    @Override
    protected void move(SessionId from, SessionId to) throws IOException, InterruptedException {
        post.peers().move(from, post.registration(to));
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    protected void assertSound() throws IOException {
        Soundness.assertClean(post.store(), post.processes());
    }

    /** A look-up by id costs the same at any size. */
    @Test
    void whatBecameOfAMessageIsFoundWithoutListingTheLedger() throws Exception {
        SessionId owner = ANN;
        Envelope letter = Letters.plain(BEN, owner, "one");
        ledger(owner).record(letter);
        Map<String, Integer> verbs = new HashMap<>();
        Disk counted = CountedDisk.byVerb(files.disk(), verbs);
        ReceivedLedger seen = Post.over(Store.over(HOME, counted, clock, Trace.NONE), machine.start(3))
                .ledger(owner);
        assertEquals(Optional.empty(), seen.rung(letter.id()));
        seen.markRung(letter.id(), "a-rung-of-somebody");
        assertEquals("a-rung-of-somebody", seen.rung(letter.id()).orElseThrow().rung());
        assertEquals(0, verbs.getOrDefault("list", 0), verbs::toString);
    }

    @Test
    void marksOfOlderVersionsAreRead() throws Exception {
        SessionId owner = ANN;
        for (String rung : List.of("doorbell", "codex-queue", "tmux")) {
            Envelope letter = Letters.plain(BEN, owner, rung);
            ledger(owner).record(letter);
            Path mark = post.store().ledger(owner).resolve(letter.id() + ",rung=" + rung);
            files.disk().createFile(mark, new byte[0], Disk.Sync.UNFORCED);
            assertEquals(rung, ledger(owner).rung(letter.id()).orElseThrow().rung());
        }
        assertSound();
    }

    @Test
    void aMarkWhoseWriterDiedTellsNoRung() throws Exception {
        SessionId owner = ANN;
        Envelope letter = Letters.plain(BEN, owner, "one");
        ledger(owner).record(letter);
        files.disk()
                .createFile(post.store().ledger(owner).resolve(letter.id() + ",rung"), new byte[0], Disk.Sync.UNFORCED);
        assertEquals(Optional.empty(), ledger(owner).rung(letter.id()));
        assertSound();
    }

    private Path recorded(Envelope letter, Kernel kernel) throws IOException {
        Store store = Store.over(HOME, new SimulatedDisk(kernel), clock, Trace.NONE);
        Post own = Post.over(store, machine.start(3));
        try (PostedFile posting = own.mailboxes().prepare(letter)) {
            own.ledgers().file(ANN).record(posting);
            posting.deliver();
        }
        assertEquals(Optional.of(letter), ledger(ANN).find(letter.id()));
        assertSound();
        return store.ledger(ANN).resolve(letter.id());
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
        ledger(ANN).record(letter);
        recorded(letter, files.kernel("sender"));
        assertEquals(1, ledger(ANN).size());
    }

    @Test
    void aDamagedRecordSaysSo() throws IOException, InterruptedException {
        Envelope letter = Letters.plain(BEN, ANN, "one");
        ledger(ANN).record(letter);
        Path file = post.store().ledger(ANN).resolve(letter.id());
        files.disk().overwriteFile(file, new byte[] {1}, dev.parley.store.Disk.Sync.UNFORCED);
        CorruptFileException e =
                assertThrows(CorruptFileException.class, () -> ledger(ANN).find(letter.id()));
        assertEquals(file, e.file());
        assertEquals(
                List.of(),
                new StoreCheck(post.store(), post.processes()).repair().left());
    }
}
