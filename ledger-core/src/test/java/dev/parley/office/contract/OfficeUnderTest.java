package dev.parley.office.contract;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.lock.RenewableLock;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Registration;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A post office, empty at first, and the world around it: processes that start, end and are seen in terminals, and time.
 *
 * <p>A process is called by any word; what it is known by to the office stays in here.
 */
public abstract class OfficeUnderTest {

    /** What a look through the office may find. */
    public enum Tolerated {
        /** Nothing. */
        NOTHING,
        /** Mail that was put into a mailbox without being recorded. */
        UNRECORDED_MAIL,
        /** The same, and what the processes would put right by themselves. */
        LEFTOVERS
    }

    /** Something that is broken until it is closed. */
    public interface Breakage extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    private static final String HERE = "here";
    private static final String ELSEWHERE = "elsewhere";
    private static final long FIRST_NUMBER = 1_001;

    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, ProcessTable> processes = new HashMap<>();
    private final Map<String, PostOffice> views = new HashMap<>();
    private final Map<ProcessIdentity, List<String>> seen = new ConcurrentHashMap<>();

    /**
     * The office as one process sees it.
     *
     * @param seats where its sessions are seen
     */
    protected abstract PostOffice open(ProcessTable process, Seats seats) throws IOException;

    /** Lets time pass. */
    public abstract void pass(Duration time);

    /** Sets the clock forward or back, while no time passes. */
    public abstract void setClock(Duration by);

    /** The time by which the office dates things. */
    public abstract Instant now();

    /** A client says what it does in a session: a word that hooks use. */
    public abstract void says(SessionId session, String activity) throws IOException;

    /** A hook says which session the client's process runs. */
    public abstract void points(String process, SessionId session) throws IOException;

    /** A hook of who was asked leaves a sign with the asker: its turn ended, and the question is unanswered. */
    public abstract void signsIdle(SessionId asker, RequestId requestId, int revision) throws IOException;

    /** When the bell of a session was rung last, or made. */
    public abstract Instant rungAt(SessionId session) throws IOException;

    /** Lets nothing be recorded for a session. */
    public abstract Breakage breakLedger(SessionId session) throws IOException;

    /** Looks through all that is stored, and fails if it finds what is not tolerated. */
    public abstract void assertSound(Tolerated tolerated) throws IOException;

    /** All sessions as one of them sees them. */
    public PeerDirectory seenBy(SessionId session) throws IOException {
        return here().peers();
    }

    /** What its receiver gets of a message that was sent: the same, where the two are on one machine. */
    public Envelope arrived(Envelope sent) {
        return sent;
    }

    /** What a status says of the message itself, without where it is: the whole of it, where there is one machine. */
    public MessageStatus ofTheMessage(MessageStatus status) {
        return status;
    }

    /** Delivers so many messages of one sender, {@code filler}, in whatever way is fast. */
    public void fill(SessionId owner, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            here().mailbox(owner).deliver(Letters.plain(new SessionId("filler"), owner, "filler"));
        }
    }

    /** The office as the process sees it in which the test runs. */
    public final PostOffice here() throws IOException {
        return as(HERE);
    }

    /** The office as another process sees it. */
    public final PostOffice elsewhere() throws IOException {
        return as(ELSEWHERE);
    }

    /** The office as this process sees it, which is started if it does not run. */
    public final synchronized PostOffice as(String process) throws IOException {
        PostOffice view = views.get(process);
        if (view == null) {
            ProcessTable table = table(process);
            view = open(table, new Seats(table, this::seen));
            views.put(process, view);
        }
        return view;
    }

    /** Which session is noted of a client's process. */
    public final ClientNotes.Pointer sessionOf(PostOffice view, String process) throws IOException {
        return view.notes().sessionOf(identity(process), Optional.of(now()));
    }

    /** The same, where the note names this very process. */
    public final Optional<SessionId> pointedTo(PostOffice view, String process) throws IOException {
        return view.notes().pointedTo(identity(process));
    }

    /** Notes that a process hosts a session. */
    public final void noteHosted(PostOffice view, String process, SessionId session) throws IOException {
        view.notes().noteHosted(identity(process), session);
    }

    /** Which sessions a process hosts. */
    public final List<SessionId> hostedBy(PostOffice view, String process) throws IOException {
        return view.notes().hostedBy(identity(process));
    }

    /** Whether somebody is the process in which the test runs. */
    public final boolean isHeldHere(RenewableLock.Holder holder) {
        return holder.process().equals(Optional.of(identity(HERE)));
    }

    /** What tells this process from every other. */
    protected final ProcessIdentity identity(String process) {
        return table(process).self();
    }

    /** What this process knows of the others; it is started if it does not run. */
    protected final synchronized ProcessTable table(String process) {
        ProcessTable known = processes.get(process);
        if (known == null) {
            long number = numbers.computeIfAbsent(process, name -> FIRST_NUMBER + numbers.size());
            known = machine.start(number);
            processes.put(process, known);
        }
        return known;
    }

    /** The process in which the test runs ends where it stands, and starts again. */
    public final void restart() {
        end(HERE);
    }

    /** A process ends where it stands. Another of that name, if one is asked for, is not it, although it has its number. */
    public final synchronized void end(String process) {
        machine.kill(table(process).self().pid());
        processes.remove(process);
        views.remove(process);
    }

    /** All processes end where they stand. */
    public final synchronized void endAll() {
        machine.killAll();
        processes.clear();
        views.clear();
    }

    /** Shows a process in the panes of these tmux sessions, and in no others. */
    public final void show(String process, String... tmuxSessions) {
        seen.put(table(process).self(), List.of(tmuxSessions));
    }

    private Map<ProcessIdentity, List<String>> seen(java.util.Collection<ProcessIdentity> asked) {
        Map<ProcessIdentity, List<String>> found = new HashMap<>(seen);
        found.keySet().retainAll(asked);
        return found;
    }

    /**
     * What the server of a session knows when it starts.
     *
     * @param client see {@link dev.parley.peer.Peer#client}
     * @param process the client's process, if that is known
     * @param server the server's, if one has started
     */
    public final Registration registration(
            SessionId id, String client, String project, Optional<String> process, Optional<String> server) {
        return new Registration(
                id,
                client,
                "/work/project",
                project,
                process.map(name -> table(name).self()),
                server.map(name -> table(name).self()),
                Optional.empty(),
                false);
    }

    /** The same for a session whose client runs where nobody here can tell whether it lives. */
    public final Registration ofAnotherMachine(SessionId id, String client, String project) {
        Optional<ProcessIdentity> process = Optional.of(new ProcessIdentity(FIRST_NUMBER, 1, "anotherboot"));
        return new Registration(
                id, client, "/work/project", project, process, Optional.empty(), Optional.empty(), false);
    }
}
