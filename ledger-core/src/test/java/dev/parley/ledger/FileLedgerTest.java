package dev.parley.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.CorruptFileException;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import dev.parley.store.Trace;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FileLedgerTest extends ReceivedLedgerContract {

    private static final Path HOME = Path.of("/parley");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Post post;
    private Post other;

    @Override
    void open(Retention retention, SessionId... sessions) throws IOException, InterruptedException {
        files.disk().makeDirectory(HOME);
        post = Post.over(Store.over(HOME, files.disk(), clock, Trace.NONE), machine.start(1), retention);
        other = Post.over(Store.over(HOME, files.disk(), clock, Trace.NONE), machine.start(2), retention);
        for (SessionId session : sessions) {
            post.peers().register(post.registration(session));
        }
    }

    @Override
    ReceivedLedger ledger(SessionId owner) {
        return post.ledger(owner);
    }

    @Override
    ReceivedLedger elsewhere(SessionId owner) {
        return other.ledger(owner);
    }

    @Override
    Mailbox mailbox(SessionId owner) {
        return post.mailbox(owner);
    }

    @Override
    void move(SessionId from, SessionId to) throws IOException, InterruptedException {
        post.peers().move(from, post.registration(to));
    }

    @Override
    void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    void assertSound() throws IOException {
        Soundness.assertClean(post.store(), post.processes());
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
