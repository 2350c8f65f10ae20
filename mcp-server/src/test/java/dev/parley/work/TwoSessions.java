package dev.parley.work;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import dev.parley.wake.Ladder;
import dev.parley.wake.RingGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One that asks and one that is asked, on a simulated disk whose clock a test moves. */
final class TwoSessions {

    static final SessionId ASKER = new SessionId("asker-0001");
    static final SessionId OWNER = new SessionId("owner-0001");

    private static final Path HOME = Path.of("/parley");
    private static final long OWNERS_CLIENT = 2_001;

    final SteppedClock clock = new SteppedClock(Letters.SENT);
    final List<String> events = new ArrayList<>();
    final Store store;
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable here = machine.start(1_001);
    final FilePostOffice office;

    TwoSessions() throws IOException, InterruptedException {
        SimulatedFiles files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(HOME);
        Trace trace = (event, fields) -> {
            synchronized (events) {
                events.add(event + " " + fields);
            }
        };
        store = Store.over(HOME, files.disk(), clock, trace);
        office = new FilePostOffice(store, here, Retention.DEFAULT);
        register(ASKER, here);
        ownerStarts();
    }

    private void register(SessionId id, ProcessTable process) throws IOException, InterruptedException {
        Peer peer = office.peers()
                .register(new Registration(
                        id,
                        Peer.CLAUDE_CODE,
                        "/work",
                        "/work",
                        Optional.of(process.self()),
                        Optional.of(process.self()),
                        Optional.empty(),
                        false));
        String name = id.value().substring(0, id.value().indexOf('-'));
        if (!peer.name().equals(name)) {
            var unused = office.peers().update(id, card -> card.withName(name));
        }
    }

    /** Who is asked is started, or started again. */
    void ownerStarts() throws IOException, InterruptedException {
        register(OWNER, machine.start(OWNERS_CLIENT));
        says("idle");
    }

    void ownerIsKilled() {
        machine.kill(OWNERS_CLIENT);
    }

    /** What its client says that who is asked does. */
    void says(String word) throws IOException {
        Path file = store.activity(OWNER);
        if (store.disk().stat(file).isPresent()) {
            store.disk().deleteFile(file);
        }
        store.disk().createFile(file, (word + "\n").getBytes(US_ASCII), Disk.Sync.UNFORCED);
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    /** A request with its ticket. */
    Envelope ask(Optional<Duration> dueIn) throws IOException {
        Instant now = clock.instant();
        Optional<Instant> due = dueIn.map(now::plus);
        Envelope request = new Envelope(
                MessageId.create(Optional.of(ASKER)),
                now,
                Origin.PEER,
                Optional.of(ASKER),
                "asker",
                OWNER,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                due,
                Optional.empty(),
                "what is the time?");
        office.asks(ASKER).open(new PendingAsk(request.requestId().orElseThrow(), request.id(), OWNER, now, due));
        office.delivery().send(request, Ring.NO);
        return request;
    }

    Envelope ask() throws IOException {
        return ask(Optional.empty());
    }

    /** Changes a request, as its owner does whose server dies before it tells; nothing if that is not allowed. */
    boolean change(Envelope request, WorkState next) throws IOException, InterruptedException {
        return office.work(OWNER)
                .change(request.id(), WorkChange.of(next.mover().orElseThrow(), next))
                .orElseThrow()
                .isChanged();
    }

    WorkState state(Envelope request) throws IOException {
        return office.work(OWNER).find(request.id()).orElseThrow().state();
    }

    int revision(Envelope request) throws IOException {
        return office.work(OWNER).find(request.id()).orElseThrow().revision();
    }

    /** Its hook says that the owner goes idle, as docs/FORMAT.md has it. */
    void signal(Envelope request, int revision) throws IOException {
        Path asks = store.asks(ASKER);
        String id = request.requestId().orElseThrow().value();
        boolean isOpen = store.disk().stat(asks.resolve(id)).isPresent();
        boolean isTold =
                store.disk().stat(asks.resolve(id + ",told=idle-" + revision)).isPresent();
        Path sign = asks.resolve(id + ",idle=" + revision);
        if (isOpen && !isTold && store.disk().stat(sign).isEmpty()) {
            store.disk().createFile(sign, new byte[0], Disk.Sync.UNFORCED);
        }
    }

    /** A server of a session that has just started. */
    Reminders server(SessionId id) {
        Notices notices = new Notices(office, new Ladder(Map.of(), office, List.of()), new RingGuard());
        return new Reminders(office, notices, () -> find(id));
    }

    private Optional<Peer> find(SessionId id) {
        try {
            return office.peers().find(id);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The mail that waits for a session, taken and shown. */
    List<Envelope> mail(SessionId id) throws IOException {
        List<Envelope> all = new ArrayList<>();
        while (office.mailbox(id).waiting() > 0) {
            Batch batch = office.mailbox(id).claim(Budget.READ, request -> false);
            batch.messages().forEach(claimed -> all.add(claimed.envelope()));
            batch.written();
            batch.confirm();
        }
        return all;
    }

    /** The texts of what the office has told a session. */
    List<String> told(SessionId id) throws IOException {
        return mail(id).stream()
                .filter(envelope -> envelope.origin() == Origin.OFFICE)
                .map(Envelope::body)
                .toList();
    }
}
