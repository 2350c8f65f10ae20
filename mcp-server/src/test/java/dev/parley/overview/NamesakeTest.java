package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.hub.HubOffice;
import dev.parley.hub.Team;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two sessions of one id on two machines, as the views see them. */
final class NamesakeTest {

    private static final Path HOME = Path.of("/parley");
    private static final String PROJECT = "/work";
    private static final String TOKEN = "0123456789abcdef0123";
    private static final HostName SERVER = new HostName("build-server");
    private static final HostName DESK = new HostName("workstation");
    private static final SessionId ANN = new SessionId("ann-00001");
    private static final SessionId BEN = new SessionId("ben-00001");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final ProcessTable process = new SimulatedProcesses().start(1_001);
    private HubOffice office;

    @BeforeEach
    void join() throws Exception {
        SimulatedFiles files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(HOME);
        FilePostOffice local =
                new FilePostOffice(Store.over(HOME, files.disk(), clock, Trace.NONE), process, Retention.DEFAULT);
        Team team = new Team("team", new HostName("laptop"), "one", Optional.empty(), Map.of(TOKEN, PROJECT));
        office = new HubOffice(local, () -> Optional.of(team));
        for (SessionId id : List.of(ANN, BEN)) {
            var unused = office.peers()
                    .register(new Registration(
                            id,
                            Peer.CLAUDE_CODE,
                            PROJECT,
                            PROJECT,
                            Optional.of(process.self()),
                            Optional.of(process.self()),
                            Optional.empty(),
                            false));
        }
        office.remoteMail().orElseThrow().cards().keepLink(new Link(true, clock.instant(), Optional.empty()));
        office.remoteMail()
                .orElseThrow()
                .cards()
                .keepHosts(List.of(new Host(SERVER, clock.instant(), false), new Host(DESK, clock.instant(), false)));
        card(SERVER, "tidy-fox", Activity.BUSY);
    }

    private void card(HostName host, String name, Activity activity) throws IOException {
        Card card = new Card(
                host,
                TOKEN,
                BEN,
                name,
                "codex",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                activity,
                Optional.empty(),
                clock.instant());
        office.remoteMail().orElseThrow().cards().keep(host, TOKEN, List.of(card));
    }

    private void ask(SessionId from, Optional<HostName> host, SessionId to) throws IOException, InterruptedException {
        Envelope question = new Envelope(
                MessageId.create(Optional.of(from)),
                clock.instant(),
                Envelope.Origin.PEER,
                Optional.of(from),
                "calm-otter",
                to,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                "?");
        PendingAsk ask = new PendingAsk(question.requestId().orElseThrow(), question.id(), to, clock.instant());
        office.asks(from).open(ask);
        var unused = office.asks(from).waiting(ask.requestId());
        if (host.isPresent()) {
            office.remoteMail().orElseThrow().outbox().put(host.get(), question);
        } else {
            office.delivery().send(question, Ring.NO);
        }
    }

    private ProjectOverview project() throws IOException {
        return new Overview(office).of(PROJECT);
    }

    private ProjectWork work() throws IOException {
        return new WorkOverview(office).of(project());
    }

    @Test
    void whatItOwesThereIsShownAndIsNotOwedHere() throws Exception {
        ask(ANN, Optional.of(SERVER), BEN);
        ProjectWork work = work();
        Who there = new Who(Optional.of(SERVER), BEN);
        assertEquals(List.of(there), work.items().stream().map(OwedWork::owner).toList());
        assertEquals(List.of(there), work.waits().stream().map(Wait::asked).toList());
        assertEquals("tidy-fox@build-server", project().name(there));
        assertFalse(project().name(BEN).contains("tidy-fox"));
    }

    @Test
    void whoWaitsForTheOneThereIsInNoCircleWithTheOneHere() throws Exception {
        ask(ANN, Optional.of(SERVER), BEN);
        ask(BEN, Optional.empty(), ANN);
        ProjectWork work = work();
        assertEquals(2, work.items().size());
        assertFalse(work.isStuck(), () -> work.chains().toString());
        assertEquals(
                List.of("ben-00001 → ann-00001 → ben-00001@build-server"),
                work.chains().stream().map(chain -> chain.text(Who::target)).toList());
        assertEquals(List.of(), new Overview(office).cycles(project()));
    }

    @Test
    void whoHasEndedOnAThirdMachineOwesNothingOfIt() throws Exception {
        card(DESK, "calm-owl", Activity.ENDED);
        ask(ANN, Optional.of(SERVER), BEN);
        assertFalse(work().items().get(0).isOrphaned());
        card(SERVER, "tidy-fox", Activity.ENDED);
        assertTrue(work().items().get(0).isOrphaned());
    }

    /** It asks itself by that: a session of its own id is another one. */
    @Test
    void whoAsksTheOneOfItsOwnIdWaitsForAnother() throws Exception {
        ask(BEN, Optional.of(SERVER), BEN);
        ProjectWork work = work();
        assertFalse(work.isStuck());
        assertEquals(
                List.of("ben-00001 → ben-00001@build-server"),
                work.chains().stream().map(chain -> chain.text(Who::target)).toList());
    }
}
