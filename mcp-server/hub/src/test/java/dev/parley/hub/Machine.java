package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SharedProject;
import dev.parley.store.office.FileOffice;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A machine of a team, with a store of its own on a simulated disk, and a postman that does a step when a test says so. */
final class Machine {

    static final SharedProject PROJECT = new SharedProject("example.org/app");
    static final String KEY = "/work/project/.git";

    final HostName host;
    final MemoryHub hub;
    final SteppedClock clock;
    final FileOffice office;
    final PostOffice here;
    final RemoteMail mail;
    private Team team;
    private Postman postman;

    /** How much it has carried. */
    int carried;

    private Machine(String name, MemoryHub hub, SteppedClock clock, FileOffice office, String incarnation)
            throws IOException, InterruptedException {
        this.host = new HostName(name);
        this.hub = hub;
        this.clock = clock;
        this.office = office;
        this.here = office.here();
        this.mail = here.remoteMail().orElseThrow();
        this.team = new Team("team", host, incarnation, Optional.empty(), Map.of(PROJECT.token(), KEY));
        this.postman = postman();
    }

    static Machine of(String name, MemoryHub hub, SteppedClock clock) throws IOException, InterruptedException {
        return new Machine(name, hub, clock, office(files(clock), clock), name);
    }

    /** On these files, with this word made when it joined. */
    static Machine of(String name, MemoryHub hub, SteppedClock clock, SimulatedFiles files, String incarnation)
            throws IOException, InterruptedException {
        return new Machine(name, hub, clock, office(files, clock), incarnation);
    }

    static SimulatedFiles files(SteppedClock clock) throws IOException {
        SimulatedFiles files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(Path.of("/parley"));
        return files;
    }

    private static FileOffice office(SimulatedFiles files, SteppedClock clock) throws IOException {
        return FileOffice.over(files, clock, Retention.DEFAULT);
    }

    private Postman postman() throws IOException, InterruptedException {
        return new Postman(here, mail, team, hub.as(host), clock::elapsedNanos, new Random(host.hashCode()));
    }

    Team team() {
        return team;
    }

    /** Takes mail from these machines only. */
    void accept(Set<HostName> hosts) throws IOException, InterruptedException {
        team = new Team("team", host, team.incarnation(), Optional.of(hosts), team.projects());
        relieve();
    }

    /** Another postman takes over; the one before says nothing more. */
    void relieve() throws IOException, InterruptedException {
        postman = postman();
    }

    Postman postmanNow() {
        return postman;
    }

    /** A session begins. */
    Peer begin(String id) throws IOException, InterruptedException {
        return begin(id, KEY);
    }

    Peer begin(String id, String project) throws IOException, InterruptedException {
        Registration registration = office.registration(
                new SessionId(id), "codex", project, Optional.of("client of " + id), Optional.of("server of " + id));
        return here.peers().register(registration);
    }

    Envelope letter(String from, String to, String body) throws IOException {
        return letter(from, to, Optional.empty(), body);
    }

    Envelope letter(String from, String to, Optional<RequestId> request, String body) throws IOException {
        SessionId sender = new SessionId(from);
        String name = here.peers().find(sender).map(Peer::name).orElse("tidy-fox");
        return new Envelope(
                MessageId.create(Optional.of(sender)),
                clock.instant(),
                Origin.PEER,
                Optional.of(sender),
                name,
                new SessionId(to),
                request,
                Optional.empty(),
                Optional.empty(),
                0,
                body);
    }

    /** Sends to a session of another machine. */
    Envelope send(String from, Machine other, String to, String body) throws IOException, InterruptedException {
        Envelope letter = letter(from, to, body);
        mail.outbox().put(other.host, letter);
        return letter;
    }

    /** Everything that a postman does, once. */
    void step() throws IOException, InterruptedException {
        postman.keep();
        carried += postman.send(Duration.ZERO);
        carried += postman.receive(Duration.ZERO);
    }

    /** A reader takes what waits, and proves it shown. */
    List<Envelope> read(String who) throws IOException {
        List<Envelope> messages = new ArrayList<>();
        while (true) {
            Batch batch = here.mailbox(new SessionId(who)).claim(new Budget(20, 1 << 20), request -> false);
            if (batch.messages().isEmpty()) {
                return messages;
            }
            batch.messages().forEach(claimed -> messages.add(claimed.envelope()));
            batch.written();
            batch.confirm();
        }
    }

    List<String> bodies(String who) throws IOException {
        return read(who).stream().map(Envelope::body).toList();
    }

    /** Time passes, and every postman does its work, until nothing waits anywhere. */
    static void settle(SteppedClock clock, int most, Machine... machines) throws IOException, InterruptedException {
        for (int round = 0; round < most; round++) {
            for (Machine machine : machines) {
                machine.step();
            }
            clock.advance(Duration.ofSeconds(1));
            int waiting = 0;
            for (Machine machine : machines) {
                waiting += machine.mail.outbox().size();
            }
            if (waiting == 0 && round > 3) {
                return;
            }
        }
        throw new AssertionError("it never arrives");
    }

    static void pass(SteppedClock clock, int seconds, Machine... machines) throws IOException, InterruptedException {
        for (int second = 0; second < seconds; second++) {
            for (Machine machine : machines) {
                machine.step();
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }
}
