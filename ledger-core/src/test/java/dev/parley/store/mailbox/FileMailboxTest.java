package dev.parley.store.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxContract;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.ledger.Soundness;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

final class FileMailboxTest extends MailboxContract {

    @TempDir
    Path home;

    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable other = machine.start(2);
    private ProcessTable self = machine.start(1);
    private Store store;
    private Mailboxes mailboxes;
    private Mailboxes others;

    @Override
    protected void open() throws IOException {
        store = Store.open(home.resolve("store"), Durability.PROCESS, Trace.NONE);
        mailboxes = new Mailboxes(store, self);
        others = new Mailboxes(store, other);
    }

    @Override
    protected void register(SessionId session) throws IOException, InterruptedException {
        new FilePeerDirectory(store, self).register(registration(session));
    }

    private Registration registration(SessionId id) {
        return new Registration(
                id,
                Peer.CODEX,
                "/work",
                "/work",
                Optional.of(other.self()),
                Optional.of(self.self()),
                Optional.empty(),
                false);
    }

    @Override
    protected Mailbox mailbox(SessionId owner) {
        return mailboxes.of(owner);
    }

    @Override
    protected Mailbox elsewhere(SessionId owner) {
        return others.of(owner);
    }

    @Override
    protected void restart() {
        machine.kill(1);
        self = machine.start(1);
        mailboxes = new Mailboxes(store, self);
    }

    @Override
    protected void move(SessionId from, SessionId to) throws IOException, InterruptedException {
        new FilePeerDirectory(store, self).move(from, registration(to));
    }

    @Override
    protected void fill(SessionId owner, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            Envelope letter = Letters.plain(new SessionId("filler"), owner, "filler");
            String name = MessageName.of(i, letter.id(), Optional.empty()).toString();
            Path file = store.mailbox(owner).resolve("new").resolve(name);
            store.disk().createFile(file, EnvelopeCodec.encode(letter), Disk.Sync.UNFORCED);
        }
    }

    /** All is well but that no message was recorded: that is the delivery's part, and not under test here. */
    @Override
    protected void assertSound() throws IOException {
        Soundness.assertNoErrors(store, self);
        List<String> rest = new StoreCheck(store, self)
                .check().stream()
                        .filter(finding -> !finding.what().startsWith("is not in the ledger"))
                        .map(Object::toString)
                        .toList();
        assertEquals(List.of(), rest);
    }
}
