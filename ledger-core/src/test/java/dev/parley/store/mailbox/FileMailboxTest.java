package dev.parley.store.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.office.contract.MailboxContract;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FileOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the disk of this machine, since many threads meet there, and a real watch wakes who waits. */
final class FileMailboxTest extends MailboxContract {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");

    @TempDir
    Path home;

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.in(home.resolve("store"), retention);
    }

    private Mailbox mailbox() throws IOException {
        return office().here().mailbox(ANN);
    }

    private Batch claim(Budget budget) throws IOException {
        return mailbox().claim(budget, Set.<RequestId>of()::contains);
    }

    private Envelope send(SessionId from, String body) throws IOException {
        Envelope letter = Letters.plain(from, ANN, body);
        mailbox().deliver(letter);
        return letter;
    }

    private Optional<Place> place(Envelope letter) throws IOException {
        return mailbox().locate(letter.id()).map(Position::place);
    }

    private static List<String> bodies(Batch batch) {
        return batch.messages().stream()
                .map(claimed -> claimed.envelope().body())
                .toList();
    }

    @Test
    void lookingForWhatFitsOpensABoundedNumberOfMessages() throws Exception {
        for (int i = 0; i <= Mailbox.PASSED_OVER; i++) {
            send(new SessionId("sender-" + i), "x".repeat(100));
        }
        send(BEN, "small");
        assertEquals(List.of("x".repeat(100)), bodies(claim(new Budget(50, 150))));
        assertEquals(List.of("x".repeat(100), "small"), bodies(claim(new Budget(50, 150))));
    }

    @Test
    void onlySoMuchShownMailIsKept() throws IOException {
        Envelope first = send(BEN, "first");
        claim(Budget.READ).confirm();
        for (int i = 0; i < 300; i++) {
            send(BEN, "m");
            claim(Budget.READ).confirm();
        }
        Envelope last = send(BEN, "last");
        claim(Budget.READ).confirm();
        assertEquals(Optional.empty(), place(first));
        assertEquals(Optional.of(Place.SHOWN), place(last));
    }

    /** Its claim is renamed when the answer with it is out, and goes to another directory when that is proven. */
    @Test
    void aMessageThatMovesWhileItIsLookedForIsFound() throws IOException {
        for (boolean proven : List.of(false, true)) {
            Envelope letter = send(BEN, "on its way");
            Batch batch = claim(Budget.READ);
            Disk disk = CountedDisk.andThen(Disk.local(Durability.PROCESS), "list", "cur", () -> moved(batch, proven));
            Store store = Store.over(home.resolve("store").toRealPath(), disk, InstantSource.system(), Trace.NONE);

            Optional<Position> found =
                    new Mailboxes(store, LocalProcessTable.INSTANCE).of(ANN).locate(letter.id());

            assertEquals(Optional.of(proven ? Place.SHOWN : Place.HANDED), found.map(Position::place));
            batch.confirm();
        }
    }

    private static void moved(Batch batch, boolean proven) {
        try {
            batch.written();
            if (proven) {
                batch.confirm();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
