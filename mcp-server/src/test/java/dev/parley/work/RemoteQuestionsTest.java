package dev.parley.work;

import static dev.parley.work.TwoSessions.ASKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.wake.Ladder;
import dev.parley.wake.RingGuard;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a session is told of its questions to sessions on other machines. */
final class RemoteQuestionsTest {

    private static final HostName SERVER = new HostName("build-server");
    private static final SessionId BEN = new SessionId("ben-00001");
    private static final Duration DAY = PendingAsk.LIFE;

    private TwoSessions two;
    private Reminders first;
    private Reminders second;

    @BeforeEach
    void join() throws Exception {
        two = new TwoSessions();
        first = server();
        second = server();
    }

    private Reminders server() throws IOException {
        Team team = new Team("team", new HostName("laptop"), "one", Optional.empty(), Map.of());
        HubOffice office = new HubOffice(two.office, () -> Optional.of(team));
        Notices notices = new Notices(office, new Ladder(Map.of(), office, List.of()), new RingGuard());
        var me = office.peers().find(ASKER);
        return new Reminders(office, notices, () -> me);
    }

    private Ahead look() throws Exception {
        Ahead ahead = first.lookOnce();
        var unused = second.lookOnce();
        return ahead;
    }

    private Envelope ask(Optional<Duration> dueIn) throws IOException, InterruptedException {
        Instant now = two.clock.instant();
        Envelope request = new Envelope(
                MessageId.create(Optional.of(ASKER)),
                now,
                Envelope.Origin.PEER,
                Optional.of(ASKER),
                "asker",
                BEN,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                dueIn.map(now::plus),
                Optional.empty(),
                "what is the time?");
        PendingAsk ask = new PendingAsk(request.requestId().orElseThrow(), request.id(), BEN, now, request.due());
        two.office.asks(ASKER).open(ask);
        two.office.remoteMail().orElseThrow().outbox().put(SERVER, request);
        return request;
    }

    private void tells(Envelope request, WorkState state) throws IOException {
        Instant now = two.clock.instant();
        Progress told = new Progress(
                request.id(),
                now.toEpochMilli(),
                MessageState.SHOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.of(now),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new WorkDone(state, 1, now, Optional.empty(), Optional.empty())));
        assertTrue(two.office.remoteMail().orElseThrow().sent().learn(SERVER, told));
    }

    private List<PendingAsk> kept() throws IOException {
        return two.office.asks(ASKER).kept();
    }

    @Test
    void anOpenOneIsWatched() throws Exception {
        Envelope request = ask(Optional.empty());
        Ahead ahead = look();
        assertTrue(ahead.isWatched());
        assertEquals(Optional.of(request.sentAt().plus(DAY).plusMillis(1)), ahead.deadline());
        assertEquals(List.of(), two.told(ASKER));
    }

    @Test
    void oneThatWasCanceledThereHasNoTicketAnyMore() throws Exception {
        Envelope request = ask(Optional.empty());
        tells(request, WorkState.CANCELED);
        assertTrue(look().isNothing());
        assertEquals(List.of(), kept());
        assertEquals(List.of(), two.told(ASKER));
    }

    /** It sees that by itself, and needs the ticket to say so. */
    @Test
    void theTicketOfACallThatWaitsIsLeftToIt() throws Exception {
        Envelope request = ask(Optional.empty());
        try (var waiting = two.office.asks(ASKER).waiting(request.requestId().orElseThrow())) {
            tells(request, WorkState.CANCELED);
            assertTrue(look().isNothing());
            assertEquals(waiting.requestId(), kept().get(0).requestId());
        }
    }

    /** Its owner's machine has told that itself. */
    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "DECLINED"})
    void ofOneThatHasEndedNobodyIsToldThatItHadNoAnswer(WorkState end) throws Exception {
        Envelope request = ask(Optional.empty());
        tells(request, end);
        assertTrue(look().isNothing());
        two.pass(DAY.plusMinutes(1));
        assertTrue(look().isNothing());
        assertEquals(List.of(), two.told(ASKER));
        assertEquals(List.of(), kept());
    }

    @Test
    void oneThatRunsOutIsToldOnce() throws Exception {
        Envelope request = ask(Optional.empty());
        two.pass(DAY.plusMillis(2));
        assertTrue(look().isNothing());
        List<String> told = two.told(ASKER);
        assertEquals(1, told.size(), told::toString);
        assertTrue(
                told.get(0)
                        .startsWith(
                                "Your request " + request.id() + " ("
                                        + request.requestId().orElseThrow()
                                        + ") to ben-00001@build-server has had no answer for 24 hours: its ticket has run out."),
                told::toString);
        assertEquals(List.of(), kept());
    }

    @Test
    void oneThatExpiresThereIsToldOnce() throws Exception {
        Envelope request = ask(Optional.of(Duration.ofMinutes(10)));
        two.pass(DAY.plusMinutes(11));
        assertTrue(look().isWatched(), "that machine has a while to say so");
        assertEquals(List.of(), two.told(ASKER));
        tells(request, WorkState.EXPIRED);
        assertTrue(look().isNothing());
        List<String> told = two.told(ASKER);
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).contains("to ben-00001@build-server has expired: it was due at "), told::toString);
        assertEquals(List.of(), kept());
    }

    @Test
    void oneOfAMachineThatSaysNothingRunsOut() throws Exception {
        var unused = ask(Optional.of(Duration.ofMinutes(10)));
        two.pass(DAY.plusMinutes(10).plus(RemoteQuestions.GRACE));
        assertTrue(look().isNothing());
        List<String> told = two.told(ASKER);
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).contains("has had no answer for 24 hours since it was due"), told::toString);
        assertEquals(List.of(), kept());
    }

    /** It came from a session that has the id of one here, which is told nothing. */
    @Test
    void aRequestFromElsewhereFallsDueAndExpiresWhereItsOwnerIs() throws Exception {
        Instant now = two.clock.instant();
        Envelope request = new Envelope(
                        MessageId.create(Optional.of(ASKER)),
                        now,
                        Envelope.Origin.PEER,
                        Optional.of(ASKER),
                        "asker",
                        TwoSessions.OWNER,
                        Optional.of(RequestId.create()),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.of(now.plusSeconds(600)),
                        Optional.empty(),
                        "what is the time?")
                .from(SERVER);
        two.office.delivery().send(request, Ring.NO);
        Reminders owner = two.server(TwoSessions.OWNER);
        assertEquals(Optional.of(now.plusSeconds(600)), owner.lookOnce().deadline());
        two.pass(Duration.ofMinutes(11));
        var unused = owner.lookOnce();
        unused = two.server(TwoSessions.OWNER).lookOnce();
        List<String> told = two.told(TwoSessions.OWNER);
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).startsWith("The request " + request.id() + " ("), told::toString);
        two.pass(DAY);
        unused = owner.lookOnce();
        assertEquals(WorkState.EXPIRED, two.state(request));
        assertEquals(List.of(), two.told(TwoSessions.OWNER));
        assertEquals(List.of(), two.told(ASKER));
    }
}
