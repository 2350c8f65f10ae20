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
import dev.parley.ledger.MessageState;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.overview.RemoteCycle.Step;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.remote.Progress;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteCards.Waiting;
import dev.parley.remote.RemoteMail;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Circles of waits that lead over other machines, as one of them sees them. */
final class RemoteCycleTest {

    private static final Path HOME = Path.of("/parley");
    private static final String PROJECT = "/work";
    private static final String TOKEN = "0123456789abcdef0123";
    private static final HostName HERE = new HostName("laptop");
    private static final HostName SERVER = new HostName("build-server");
    private static final HostName DESK = new HostName("workstation");
    private static final SessionId ANN = new SessionId("ann-00001");
    private static final SessionId CLEO = new SessionId("cleo-0001");
    private static final SessionId BEN = new SessionId("ben-00001");
    private static final SessionId DAN = new SessionId("dan-00001");
    private static final MessageId NOT_COMPARED = MessageId.create(Optional.empty());

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable process = machine.start(1_001);
    private HubOffice office;
    private RemoteMail mail;

    @BeforeEach
    void join() throws Exception {
        SimulatedFiles files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(HOME);
        FilePostOffice local =
                new FilePostOffice(Store.over(HOME, files.disk(), clock, Trace.NONE), process, Retention.DEFAULT);
        Team team = new Team("team", HERE, "one", Optional.empty(), Map.of(TOKEN, PROJECT));
        office = new HubOffice(local, () -> Optional.of(team));
        mail = office.remoteMail().orElseThrow();
        for (SessionId id : List.of(ANN, CLEO)) {
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
        mail.cards().keepLink(new Link(true, clock.instant(), Optional.empty()));
        mail.cards()
                .keepHosts(List.of(new Host(SERVER, clock.instant(), false), new Host(DESK, clock.instant(), false)));
    }

    private void elsewhere(HostName host, SessionId who, Waiting... waits) throws IOException {
        Card card = new Card(
                host,
                TOKEN,
                who,
                "tidy-fox",
                "codex",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Activity.BUSY,
                Optional.empty(),
                clock.instant());
        mail.cards().keep(host, TOKEN, List.of(card.waiting(List.of(waits), Optional.of(clock.instant()))));
    }

    private static Waiting on(HostName host, SessionId who, int second) {
        return new Waiting(host, who, at(second), MessageId.create(Optional.empty()));
    }

    private static Instant at(int second) {
        return Letters.SENT.plusSeconds(second);
    }

    /** A question that was asked at this second; its asker waits for the answer. */
    private PendingAsk ask(SessionId from, Optional<HostName> host, SessionId to, int second)
            throws IOException, InterruptedException {
        Envelope question = new Envelope(
                MessageId.create(Optional.of(from)),
                at(second),
                Envelope.Origin.PEER,
                Optional.of(from),
                "tidy-fox",
                to,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                "?");
        PendingAsk ask = new PendingAsk(question.requestId().orElseThrow(), question.id(), to, at(second));
        office.asks(from).open(ask);
        var unused = office.asks(from).waiting(ask.requestId());
        if (host.isPresent()) {
            mail.outbox().put(host.get(), question);
        } else {
            office.delivery().send(question, Ring.NO);
        }
        return ask;
    }

    private Optional<RemoteCycle> cycle(PendingAsk ask) throws IOException {
        return RemoteCycle.closedBy(ANN, ask, PROJECT, office);
    }

    private static List<Step> known(RemoteCycle cycle) {
        return cycle.steps().stream()
                .map(step -> new Step(step.who(), step.since(), NOT_COMPARED))
                .toList();
    }

    private static Step step(Optional<HostName> host, SessionId who, int second) {
        return new Step(new Who(host, who), at(second), NOT_COMPARED);
    }

    @Test
    void twoThatAskEachOtherAreACircle() throws Exception {
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN);
        assertEquals(Optional.empty(), cycle(ask));
        elsewhere(SERVER, BEN, on(HERE, ANN, 3));
        RemoteCycle cycle = cycle(ask).orElseThrow();
        assertEquals(List.of(step(Optional.empty(), ANN, 5), step(Optional.of(SERVER), BEN, 3)), known(cycle));
        assertEquals(cycle.steps().get(1), cycle.last());
        assertEquals(ask.messageId(), cycle.steps().get(0).question());
        assertTrue(cycle.isClosedByTheFirst());
        elsewhere(SERVER, BEN, on(HERE, ANN, 6));
        assertFalse(cycle(ask).orElseThrow().isClosedByTheFirst(), "the other asked later, and ends its wait");
        elsewhere(SERVER, BEN, on(HERE, ANN, 5));
        assertFalse(cycle(ask).orElseThrow().isClosedByTheFirst(), "one of two that asked in the same instant");
    }

    @Test
    void aCircleLeadsOverSessionsOfThisMachineAndOfTwoOthers() throws Exception {
        PendingAsk ask = ask(ANN, Optional.empty(), CLEO, 9);
        var unused = ask(CLEO, Optional.of(SERVER), BEN, 1);
        elsewhere(SERVER, BEN, on(SERVER, new SessionId("eve-00001"), 1), on(DESK, DAN, 2));
        elsewhere(DESK, DAN, on(HERE, ANN, 3));
        assertEquals(
                List.of(
                        step(Optional.empty(), ANN, 9),
                        step(Optional.empty(), CLEO, 1),
                        step(Optional.of(SERVER), BEN, 2),
                        step(Optional.of(DESK), DAN, 3)),
                known(cycle(ask).orElseThrow()));
    }

    /** Whoever looks at one machine only sees it. */
    @Test
    void aCircleWithinTheMachineIsNone() throws Exception {
        PendingAsk ask = ask(ANN, Optional.empty(), CLEO, 9);
        var unused = ask(CLEO, Optional.empty(), ANN, 1);
        elsewhere(SERVER, BEN, on(HERE, ANN, 3));
        assertEquals(Optional.empty(), cycle(ask));
    }

    @Test
    void anotherSessionOfTheSameIdIsAnother() throws Exception {
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN, on(DESK, ANN, 3));
        assertEquals(Optional.empty(), cycle(ask));
        elsewhere(DESK, BEN, on(HERE, ANN, 3));
        assertEquals(Optional.empty(), cycle(ask));
    }

    @Test
    void whatWasSaidTenSecondsAgoRefusesNothing() throws Exception {
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN, on(HERE, ANN, 3));
        clock.advance(RemoteCards.WAIT_IS_OLD);
        assertTrue(cycle(ask).isPresent());
        clock.advance(Duration.ofMillis(1));
        assertEquals(Optional.empty(), cycle(ask));
    }

    @Test
    void whatASilentMachineSaidRefusesNothing() throws Exception {
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN, on(HERE, ANN, 3));
        mail.cards().keepHosts(List.of(new Host(SERVER, clock.instant(), true)));
        assertEquals(Optional.empty(), cycle(ask));
        mail.cards().keepHosts(List.of(new Host(SERVER, clock.instant(), false)));
        assertTrue(cycle(ask).isPresent());
        mail.cards().keepLink(new Link(false, clock.instant(), Optional.of("cut")));
        assertEquals(Optional.empty(), cycle(ask));
    }

    @Test
    void whoHasItsAnswerIsHeldUpNoMore() throws Exception {
        PendingAsk ask = ask(ANN, Optional.empty(), CLEO, 9);
        PendingAsk second = ask(CLEO, Optional.of(SERVER), BEN, 1);
        elsewhere(SERVER, BEN, on(HERE, ANN, 3));
        assertTrue(cycle(ask).isPresent());
        Progress answered = new Progress(
                second.messageId(),
                1,
                MessageState.ANSWERED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(clock.instant()),
                Optional.empty(),
                Optional.empty());
        assertTrue(mail.sent().learn(SERVER, answered));
        assertEquals(Optional.empty(), cycle(ask));
    }

    /** What a session of another machine asked here at the third second. */
    private static Envelope question(SessionId from) {
        return new Envelope(
                MessageId.create(Optional.empty()),
                at(3),
                Envelope.Origin.PEER,
                Optional.of(from),
                "tidy-fox",
                ANN,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                "?");
    }

    /** It has asked two at once, and waits for the answer to one. */
    @Test
    void ofTwoQuestionsOfOneInstantTheOneThatHoldsItUpIsToBeAnsweredFirst() throws Exception {
        Envelope other = question(BEN);
        Envelope asked = question(BEN);
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN, new Waiting(HERE, ANN, at(3), asked.id()));
        RemoteCycle cycle = cycle(ask).orElseThrow();
        assertEquals(Optional.empty(), cycle.question(office.work(ANN)), "it is on its way");
        office.delivery().send(other.from(SERVER), Ring.NO);
        assertEquals(Optional.empty(), cycle.question(office.work(ANN)), "it is on its way, and the other is not it");
        office.delivery().send(asked.from(SERVER), Ring.NO);
        assertEquals(Optional.of(asked.id()), cycle.question(office.work(ANN)).map(Envelope::id));
    }

    /** A machine has nothing to say of what another one asked. */
    @Test
    void aQuestionOfAnotherMachineIsNotTheOneThatHoldsItUp() throws Exception {
        Envelope asked = question(BEN);
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN, new Waiting(HERE, ANN, at(3), asked.id()));
        office.delivery().send(asked.from(DESK), Ring.NO);
        assertEquals(Optional.empty(), cycle(ask).orElseThrow().question(office.work(ANN)));
    }

    /** Both machines call themselves none and the other by its name: what they compare has to be known to both alike. */
    @Test
    void ofTwoOfOneIdThatAskedInOneInstantOneEndsItsWait() throws Exception {
        PendingAsk ask = ask(ANN, Optional.of(SERVER), ANN, 5);
        MessageId before = new MessageId("m-0000000000000000");
        MessageId behind = new MessageId("m-zzzzzzzzzzzzzzzz");
        elsewhere(SERVER, ANN, new Waiting(HERE, ANN, at(5), before));
        assertTrue(cycle(ask).orElseThrow().isClosedByTheFirst());
        elsewhere(SERVER, ANN, new Waiting(HERE, ANN, at(5), behind));
        assertFalse(cycle(ask).orElseThrow().isClosedByTheFirst());
    }

    /** The other machine says so for a few seconds more. */
    @Test
    void whoWasAnsweredHereIsHeldUpNoMore() throws Exception {
        Envelope asked = question(BEN);
        PendingAsk ask = ask(ANN, Optional.of(SERVER), BEN, 5);
        elsewhere(SERVER, BEN, new Waiting(HERE, ANN, at(3), asked.id()));
        assertTrue(cycle(ask).isPresent(), "it is on its way");
        office.delivery().send(asked.from(SERVER), Ring.NO);
        assertTrue(cycle(ask).isPresent(), "it is open");
        var unused = office.work(ANN).change(asked.id(), WorkChange.of(Actor.OWNER, WorkState.DECLINED));
        assertEquals(Optional.empty(), cycle(ask));
    }

    @Test
    void whoDoesNotWaitInACallHoldsNobodyUp() throws Exception {
        PendingAsk ask = ask(ANN, Optional.empty(), CLEO, 9);
        var unused = ask(CLEO, Optional.of(SERVER), BEN, 1);
        elsewhere(SERVER, BEN, on(HERE, ANN, 3));
        machine.killAll();
        assertEquals(Optional.empty(), cycle(ask));
    }
}
