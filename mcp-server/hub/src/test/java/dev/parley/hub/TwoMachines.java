package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Changes;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Registration;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessTable;
import dev.parley.store.office.FileOffice;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Two machines of a team, with a hub between them, under test as if they were one office. Whose id begins with {@code ben} lives on
 * the one, everybody else on the other. Whatever one machine has to hear of from the other it has heard of when a call is over: the
 * postmen work within it.
 */
public final class TwoMachines extends OfficeUnderTest {

    /** So often each postman has to work for what is sent to arrive, and for what becomes of it to be told. */
    private static final int ROUNDS = 3;

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final Side laptop;
    private final Side server;

    /** The road of a machine. */
    public interface Roads {
        Road of(HostName host) throws IOException;
    }

    private TwoMachines(Retention retention, Optional<Roads> roads) throws IOException {
        MemoryHub hub = new MemoryHub(clock, 1);
        laptop = new Side("laptop", retention, roads.orElse(hub::as));
        server = new Side("build-server", retention, roads.orElse(hub::as));
    }

    /** With a hub in memory. */
    static TwoMachines overMemory(Retention retention) throws IOException, InterruptedException {
        return new TwoMachines(retention, Optional.empty()).begun();
    }

    /** With these roads. */
    public static TwoMachines over(Roads roads, Retention retention) throws IOException, InterruptedException {
        return new TwoMachines(retention, Optional.of(roads)).begun();
    }

    /** Only of a session that is known is it known in which project it sends. */
    private TwoMachines begun() throws IOException, InterruptedException {
        laptop.files.here().peers().register(ofAnotherMachine(new SessionId("ben"), "codex", Machine.KEY));
        return this;
    }

    private final class Side {
        private final FileOffice files;
        private final Team team;
        private final Road road;
        private final Random random;

        Side(String name, Retention retention, Roads roads) throws IOException {
            SimulatedFiles disk = SimulatedFiles.empty(clock);
            disk.disk().makeDirectory(Path.of("/parley"));
            files = FileOffice.over(disk, clock, retention);
            HostName host = new HostName(name);
            team = new Team("blue", host, name, Optional.empty(), Map.of(Machine.PROJECT.token(), Machine.KEY));
            road = roads.of(host);
            random = new Random(name.hashCode());
        }

        PostOffice office(ProcessTable process, Seats seats) {
            return new HubOffice(files.open(process, seats), () -> Optional.of(team));
        }

        /** One that has just begun knows of nothing, and looks at all. */
        Postman postman() throws IOException, InterruptedException {
            ProcessTable process = table("postman of " + team.host());
            PostOffice office = files.open(process, new Seats(process));
            return new Postman(office, office.remoteMail().orElseThrow(), team, road, clock::elapsedNanos, random);
        }
    }

    private Side of(SessionId session) {
        return session.value().startsWith("ben") ? laptop : server;
    }

    /** The postmen work until nothing is left to be carried. */
    private synchronized void carry() throws IOException {
        try (Postman first = server.postman();
                Postman second = laptop.postman()) {
            for (int round = 0; round < ROUNDS; round++) {
                for (Postman postman : new Postman[] {first, second}) {
                    postman.keep();
                    var unused = postman.send(Duration.ZERO) + postman.receive(Duration.ZERO);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    protected PostOffice open(ProcessTable process, Seats seats) {
        return new View(laptop.office(process, seats), server.office(process, seats));
    }

    /** What the hub shows is certain after a look and a second one, and an end after some seconds. */
    @Override
    public synchronized PeerDirectory seenBy(SessionId session) throws IOException {
        try (Postman first = server.postman();
                Postman second = laptop.postman()) {
            for (int round = 0; round < ROUNDS; round++) {
                first.keep();
                second.keep();
                clock.advance(Postman.ROUND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        View view = (View) here();
        return view.on(session).peers();
    }

    @Override
    public Envelope arrived(Envelope sent) {
        Side from = of(sent.from().orElseThrow());
        return from == of(sent.to()) ? sent : sent.from(from.team.host());
    }

    @Override
    public MessageStatus ofTheMessage(MessageStatus status) {
        return new MessageStatus(
                status.state(),
                status.receiver(),
                status.stored(),
                status.rung(),
                status.handed(),
                status.shown(),
                status.answered());
    }

    @Override
    public void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    public void setClock(Duration by) {
        clock.set(by);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void says(SessionId session, String activity) throws IOException {
        of(session).files.says(session, activity);
    }

    @Override
    public void points(String process, SessionId session) {
        throw new UnsupportedOperationException("no process is of two machines");
    }

    @Override
    public void signsIdle(SessionId asker, RequestId requestId, int revision) throws IOException {
        of(asker).files.signsIdle(asker, requestId, revision);
    }

    @Override
    public Instant rungAt(SessionId session) throws IOException {
        return of(session).files.rungAt(session);
    }

    @Override
    public Breakage breakLedger(SessionId session) throws IOException {
        return of(session).files.breakLedger(session);
    }

    @Override
    public void assertSound(Tolerated tolerated) throws IOException {
        for (Side side : new Side[] {laptop, server}) {
            side.files.assertSound(tolerated);
        }
    }

    /** Both machines as one process sees them, which is on both. */
    private final class View implements PostOffice, Delivery, MessageTracker {

        private final PostOffice onLaptop;
        private final PostOffice onServer;

        View(PostOffice onLaptop, PostOffice onServer) {
            this.onLaptop = onLaptop;
            this.onServer = onServer;
        }

        private PostOffice on(SessionId session) {
            return of(session) == laptop ? onLaptop : onServer;
        }

        @Override
        public void send(Envelope envelope, Ring ring) throws IOException {
            SessionId from = envelope.from().orElseThrow();
            if (of(from) == of(envelope.to())) {
                on(from).delivery().send(envelope, ring);
            } else {
                Peer there = Peer.elsewhere(
                        of(envelope.to()).team.host(),
                        envelope.to(),
                        "name",
                        "codex",
                        Optional.empty(),
                        Optional.empty(),
                        Machine.KEY,
                        Letters.SENT);
                on(from).delivery().send(envelope, there, ring);
                carry();
            }
        }

        @Override
        public void send(Envelope envelope, Peer receiver, Ring ring) throws IOException {
            send(envelope, ring);
        }

        @Override
        public void ring(Peer receiver) {
            on(receiver.id()).delivery().ring(receiver);
        }

        @Override
        public boolean withdraw(SessionId receiver, MessageId messageId) throws IOException {
            return on(receiver).delivery().withdraw(receiver, messageId);
        }

        @Override
        public MessageStatus status(MessageId messageId, SessionId caller) throws IOException {
            carry();
            return on(caller).tracker().status(messageId, caller);
        }

        @Override
        public Mailbox mailbox(SessionId owner) {
            return on(owner).mailbox(owner);
        }

        @Override
        public ReceivedLedger ledger(SessionId owner) {
            return on(owner).ledger(owner);
        }

        @Override
        public PendingAsks asks(SessionId owner) {
            return on(owner).asks(owner);
        }

        @Override
        public OpenWork work(SessionId owner) {
            return on(owner).work(owner);
        }

        /** Each call is of the session that it names first. */
        @Override
        public PeerDirectory peers() {
            return (PeerDirectory) Proxy.newProxyInstance(
                    PeerDirectory.class.getClassLoader(),
                    new Class<?>[] {PeerDirectory.class},
                    (proxy, method, given) -> {
                        Object first = given[0];
                        SessionId session = first instanceof SessionId id
                                ? id
                                : first instanceof Registration registration ? registration.id() : ((Peer) first).id();
                        try {
                            return method.invoke(on(session).peers(), given);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public Delivery delivery() {
            return this;
        }

        @Override
        public MessageTracker tracker() {
            return this;
        }

        @Override
        public String place() {
            return onLaptop.place() + " and " + onServer.place();
        }

        @Override
        public Leases leases() {
            throw none();
        }

        @Override
        public ClientNotes notes() {
            throw none();
        }

        @Override
        public ProcessTable processes() {
            return onServer.processes();
        }

        @Override
        public Changes changes(String project) {
            throw none();
        }

        @Override
        public Optional<Upkeep> upkeep() {
            return Optional.empty();
        }

        @Override
        public InstantSource clock() {
            return clock;
        }

        @Override
        public Trace trace() {
            return Trace.NONE;
        }

        private UnsupportedOperationException none() {
            return new UnsupportedOperationException("two machines have none in common");
        }
    }
}
