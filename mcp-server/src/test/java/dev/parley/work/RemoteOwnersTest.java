package dev.parley.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.JsonLog;
import dev.parley.hub.HubOffice;
import dev.parley.hub.Team;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.overview.Feed;
import dev.parley.overview.Message;
import dev.parley.overview.Overview;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.Selection;
import dev.parley.overview.Threads.Placed;
import dev.parley.overview.Wait;
import dev.parley.overview.Who;
import dev.parley.overview.WorkOverview;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SharedProject;
import dev.parley.wake.Ladder;
import dev.parley.wake.RingGuard;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session is told of its questions to another machine, by what that machine has told. */
final class RemoteOwnersTest {

    private static final HostName HOST = new HostName("build-server");
    private static final String TOKEN = new SharedProject("example.org/app").token();

    private TwoSessions two;
    private HubOffice office;
    private RemoteMail mail;
    private Reminders first;
    private Reminders second;
    private long revision;
    private Activity does = Activity.BUSY;
    private Instant since = Instant.EPOCH;
    private boolean isAway;

    /** Who is asked there: as one of this machine is called, which owes nothing. */
    private SessionId there = TwoSessions.OWNER;

    @BeforeEach
    void start() throws Exception {
        two = new TwoSessions();
        Team team = new Team("team", new HostName("laptop"), "one", Optional.empty(), Map.of(TOKEN, "/work"));
        office = new HubOffice(two.office, () -> Optional.of(team));
        mail = office.remoteMail().orElseThrow();
        first = server();
        second = server();
        says(Activity.BUSY);
    }

    private Reminders server() {
        Notices notices = new Notices(office, new Ladder(Map.of(), office, List.of()), new RingGuard());
        return new Reminders(office, notices, () -> {
            try {
                return office.peers().find(TwoSessions.ASKER);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** Its card says so from now on. */
    private void says(Activity activity) {
        does = activity;
        since = two.clock.instant();
    }

    private Ahead look() throws Exception {
        mail.cards().keepLink(new Link(true, Instant.EPOCH, Optional.empty()));
        mail.cards().keepHosts(List.of(new Host(HOST, two.clock.instant(), isAway)));
        mail.cards()
                .keep(
                        HOST,
                        TOKEN,
                        List.of(new Card(
                                HOST,
                                TOKEN,
                                there,
                                "ben",
                                "codex",
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                does,
                                Optional.of(since),
                                Instant.EPOCH)));
        Ahead ahead = first.lookOnce();
        var unused = second.lookOnce();
        return ahead;
    }

    private Ahead lookLater(Duration time) throws Exception {
        two.pass(time);
        return look();
    }

    private Envelope ask(Optional<Duration> dueIn) throws Exception {
        Instant now = two.clock.instant();
        Optional<Instant> due = dueIn.map(now::plus);
        Envelope request = new Envelope(
                MessageId.create(Optional.of(TwoSessions.ASKER)),
                now,
                Origin.PEER,
                Optional.of(TwoSessions.ASKER),
                "asker",
                there,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                due,
                Optional.empty(),
                "what is the time?");
        office.asks(TwoSessions.ASKER)
                .open(new PendingAsk(request.requestId().orElseThrow(), request.id(), there, now, due));
        mail.outbox().put(HOST, request);
        return request;
    }

    private Envelope ask() throws Exception {
        return ask(Optional.empty());
    }

    /** That machine tells how far the request is: shown now, and how far the work is. */
    private void told(Envelope request, WorkState work, int changes, boolean isAnswered) throws Exception {
        Optional<Instant> now = Optional.of(two.clock.instant());
        Progress progress = new Progress(
                request.id(),
                ++revision,
                isAnswered ? MessageState.ANSWERED : MessageState.SHOWN,
                Optional.empty(),
                now,
                now,
                isAnswered ? now : Optional.empty(),
                Optional.empty(),
                Optional.of(new WorkDone(work, changes, now.get(), Optional.empty(), Optional.empty())));
        assertTrue(mail.sent().learn(HOST, progress));
    }

    private void shown(Envelope request) throws Exception {
        told(request, WorkState.OPEN, 0, false);
    }

    private List<String> mail() throws IOException {
        return two.told(TwoSessions.ASKER);
    }

    private static String named(Envelope request) {
        return request.id() + " (" + request.requestId().orElseThrow() + ")";
    }

    @Test
    void thatItEndedIsToldOnceInTheWordsOfHome() throws Exception {
        Envelope request = ask();
        assertTrue(look().isWatched());
        assertEquals(List.of(), mail());
        says(Activity.ENDED);
        Ahead ahead = lookLater(Duration.ofSeconds(15));
        assertEquals(
                List.of("ben@build-server has ended without an answer to your request " + named(request)
                        + ". It stays open, in case that session comes back. You asked: \"what is the time?\"."),
                mail());
        assertEquals(Optional.of(request.sentAt().plus(Duration.ofHours(24)).plusMillis(1)), ahead.deadline());
        var unused = lookLater(Duration.ofMinutes(5));
        assertEquals(List.of(), mail());
    }

    @Test
    void thatItWentIdleIsToldOnceWhenItIsCertainAndAgainAfterAChange() throws Exception {
        Envelope request = ask();
        says(Activity.IDLE);
        var unused = lookLater(Duration.ofMinutes(1));
        assertEquals(List.of(), mail(), "it was shown nothing yet");
        shown(request);
        unused = lookLater(Duration.ofMinutes(1));
        assertEquals(List.of(), mail(), "it was idle before");
        says(Activity.BUSY);
        unused = lookLater(Duration.ofMinutes(1));
        says(Activity.IDLE);
        Ahead ahead = look();
        assertEquals(List.of(), mail(), "an answer may be on its way");
        assertEquals(Optional.of(two.clock.instant().plus(RemoteQuestions.IDLE_IS_CERTAIN)), ahead.deadline());
        assertTrue(lookLater(RemoteQuestions.IDLE_IS_CERTAIN).isWatched());
        assertEquals(
                List.of("ben@build-server was shown your request " + named(request)
                        + " and went idle without an answer. It stays open. You asked: \"what is the time?\"."),
                mail());
        unused = lookLater(Duration.ofMinutes(1));
        says(Activity.IDLE);
        unused = look();
        unused = lookLater(Duration.ofMinutes(1));
        assertEquals(List.of(), mail(), "nothing has changed");

        told(request, WorkState.WORKING, 1, false);
        two.pass(Duration.ofSeconds(1));
        says(Activity.IDLE);
        unused = look();
        unused = lookLater(Duration.ofMinutes(1));
        assertEquals(1, mail().size());
    }

    @Test
    void whatIsBlockedOrAnsweredInTimeIsNotToldOf() throws Exception {
        Envelope blocked = ask();
        Envelope answered = ask();
        shown(answered);
        told(blocked, WorkState.BLOCKED, 1, false);
        two.pass(Duration.ofSeconds(5));
        says(Activity.IDLE);
        var unused = look();
        told(answered, WorkState.COMPLETED, 1, true);
        unused = lookLater(Duration.ofMinutes(1));
        says(Activity.ENDED);
        told(blocked, WorkState.DECLINED, 2, false);
        assertTrue(lookLater(Duration.ofMinutes(1)).isNothing(), "the other side has told it itself");
        unused = lookLater(Duration.ofHours(24));
        assertEquals(List.of(), mail());
        assertEquals(List.of(), office.asks(TwoSessions.ASKER).kept(), "the tickets are spent");
    }

    /** Away is not ended, nor idle. */
    @Test
    void ofAMachineThatIsAwayNothingIsTold() throws Exception {
        Envelope request = ask();
        shown(request);
        two.pass(Duration.ofSeconds(5));
        says(Activity.IDLE);
        isAway = true;
        assertTrue(look().isWatched());
        assertTrue(lookLater(Duration.ofHours(2)).isWatched());
        assertEquals(List.of(), mail());
        isAway = false;
        var unused = look();
        unused = lookLater(RemoteQuestions.IDLE_IS_CERTAIN);
        assertEquals(1, mail().size());
    }

    @Test
    void aTicketThatRanOutIsToldWithTheMachine() throws Exception {
        Envelope request = ask();
        var unused = look();
        unused = lookLater(Duration.ofHours(24).plusMillis(2));
        assertEquals(
                List.of("Your request " + named(request)
                        + " to ben@build-server has had no answer for 24 hours: its ticket has run out."
                        + " An answer that still comes arrives as a message."
                        + " You asked: \"what is the time?\"."),
                mail());
        assertEquals(List.of(), office.asks(TwoSessions.ASKER).kept());
    }

    @Test
    void thatARequestExpiredThereIsToldHere() throws Exception {
        Envelope request = ask(Optional.of(Duration.ofMinutes(5)));
        shown(request);
        told(request, WorkState.EXPIRED, 1, false);
        assertTrue(look().isNothing());
        assertEquals(
                List.of(
                        "Your request " + named(request)
                                + " to ben@build-server has expired: it was due at "
                                + request.due().orElseThrow().truncatedTo(ChronoUnit.SECONDS)
                                + ", and nothing came of it. Nobody is asked for it any more. You asked: \"what is the time?\"."),
                mail());
    }

    /** For a view that is open; it takes the second that a view looks after. */
    @Test
    void thatASessionThereDoesSomethingElseIsNews() throws Exception {
        there = new SessionId("ben-00001");
        var unused = look();
        try (Feed feed = new Overview(office).feed("/work")) {
            says(Activity.IDLE);
            unused = look();
            Set<SessionId> changed = new HashSet<>();
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!changed.contains(there) && System.nanoTime() - end < 0) {
                changed.addAll(feed.next(Duration.ofSeconds(1)));
            }
            assertTrue(changed.contains(there), changed::toString);
        }
    }

    /** In status, watch, web and work. */
    @Test
    void whatIsOwedThereIsSeenUntilItIsAnswered() throws Exception {
        there = new SessionId("ben-00001");
        Envelope request = ask(Optional.of(Duration.ofMinutes(5)));
        var unused = look();
        Overview overview = new Overview(office);
        ProjectOverview project = overview.of("/work");
        Who owner = new Who(Optional.of(HOST), there);
        assertEquals("ben@build-server", project.name(owner));
        ProjectWork open = new WorkOverview(office).of(project);
        assertEquals(List.of(owner), open.waits().stream().map(Wait::asked).toList());
        assertEquals(WorkState.OPEN, open.items().get(0).work().state());
        told(request, WorkState.BLOCKED, 1, false);
        two.pass(Duration.ofMinutes(6));
        OwedWork blocked =
                new WorkOverview(office).of(overview.of("/work")).items().get(0);
        assertEquals(WorkState.BLOCKED, blocked.work().state());
        assertTrue(blocked.isOverdue());
        assertFalse(blocked.isOrphaned());
        says(Activity.ENDED);
        unused = look();
        assertTrue(
                new WorkOverview(office).of(overview.of("/work")).items().get(0).isOrphaned());
        told(request, WorkState.COMPLETED, 2, true);
        ProjectWork settled = new WorkOverview(office).of(overview.of("/work"));
        assertEquals(List.of(), settled.waits());
        assertEquals(List.of(), settled.items());
    }

    @Test
    void whatCameFromAnotherMachineIsShownWithItAndWithTheGroup() throws Exception {
        Envelope letter = new Envelope(
                        MessageId.create(Optional.empty()),
                        two.clock.instant(),
                        Origin.OPERATOR,
                        Optional.empty(),
                        Envelope.OPERATOR,
                        TwoSessions.ASKER,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        "to all of you")
                .toGroup("docs")
                .from(HOST);
        office.delivery().send(letter, Ring.NO);
        List<Message> shown = new ArrayList<>();
        var unused = new Overview(office).correspondence("/work").read(Selection.ALL, shown::add);
        assertEquals("operator@build-server", shown.get(0).senderName());
        StringWriter out = new StringWriter();
        JsonLog log = new JsonLog(new PrintWriter(out));
        log.message(new Placed(shown.get(0), 0));
        assertTrue(out.toString().contains("\"from_host\":\"build-server\""), out::toString);
        assertTrue(out.toString().contains("\"group\":\"docs\""), out::toString);
    }

    @Test
    void whoWaitsForANamesakeElsewhereHoldsNobodyUpHere() throws Exception {
        Envelope far = ask();
        PendingAsk back = new PendingAsk(
                RequestId.create(),
                MessageId.create(Optional.of(TwoSessions.OWNER)),
                TwoSessions.ASKER,
                two.clock.instant());
        try (var waiting =
                office.asks(TwoSessions.ASKER).waiting(far.requestId().orElseThrow())) {
            assertEquals(far.requestId(), Optional.of(waiting.requestId()));
            assertEquals(Optional.empty(), new Overview(office).cycleClosedBy(TwoSessions.OWNER, back));
        }
        Envelope here = two.ask();
        try (var waiting =
                office.asks(TwoSessions.ASKER).waiting(here.requestId().orElseThrow())) {
            assertEquals(here.requestId(), Optional.of(waiting.requestId()));
            assertTrue(
                    new Overview(office).cycleClosedBy(TwoSessions.OWNER, back).isPresent());
        }
    }

    /** Neither what its namesake on this machine says, nor that one's end, is that session's. */
    @Test
    void aNamesakeOnThisMachineIsAnotherSession() throws Exception {
        Envelope here = two.ask();
        Envelope there = ask();
        two.ownerIsKilled();
        var unused = look();
        List<String> told = mail();
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(here.id().value()), told::toString);
        says(Activity.ENDED);
        unused = lookLater(Duration.ofSeconds(15));
        told = mail();
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(there.id().value()), told::toString);
    }
}
