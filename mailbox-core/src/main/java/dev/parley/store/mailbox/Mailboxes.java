package dev.parley.store.mailbox;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** The mailboxes of one store. Safe for use by several threads. */
public final class Mailboxes {

    private final Store store;
    private final ProcessTable processes;
    private final Stamps stamps;
    private final Supplier<Waiting> remembering;
    private final ConcurrentMap<SessionId, Room> rooms = new ConcurrentHashMap<>();
    private final ConcurrentMap<SessionId, Waiting> waiting = new ConcurrentHashMap<>();

    /** The mailboxes of a store; claims are made in the name of this process. */
    public Mailboxes(Store store, ProcessTable processes) {
        this(store, processes, Waiting::new);
    }

    /** The same, which remembers what waits in this way. */
    Mailboxes(Store store, ProcessTable processes, Supplier<Waiting> remembering) {
        this.store = store;
        this.remembering = remembering;
        this.processes = processes;
        this.stamps = new Stamps(store.clock());
    }

    /** {@link Mailbox#prepare} in the mailbox of the message's receiver. */
    public PostedFile prepare(Envelope envelope) throws IOException {
        return mailbox(envelope.to()).prepare(envelope);
    }

    /**
     * Takes room for a message that comes from elsewhere, as {@link Mailbox#prepare} does.
     *
     * @throws dev.parley.mailbox.MailboxFullException if there is none
     * @throws IOException if there is no mailbox
     */
    public void admit(Envelope envelope) throws IOException {
        mailbox(envelope.to()).admit(envelope);
    }

    /**
     * A message that somebody has written and forced already, to be delivered by one rename of that very file: of several
     * processes that do it one succeeds, and the others get {@link java.nio.file.NoSuchFileException}. Closing it leaves the
     * file alone.
     *
     * @param file as {@link EnvelopeCodec} made it
     */
    public PostedFile staged(Path file, Envelope envelope) throws IOException {
        return mailbox(envelope.to()).staged(file, envelope);
    }

    /** Lets what this process delivers to a session next sort behind what another process has just delivered there. */
    public void followOthers(SessionId owner) throws IOException {
        mailbox(owner).followOthers();
    }

    /** The mailbox of a session, which need not exist. */
    public Mailbox of(SessionId owner) {
        return mailbox(owner);
    }

    private FileMailbox mailbox(SessionId owner) {
        Room room = rooms.computeIfAbsent(owner, id -> new Room(stamps));
        return new FileMailbox(
                store, processes, owner, stamps, room, waiting.computeIfAbsent(owner, id -> remembering.get()));
    }
}
