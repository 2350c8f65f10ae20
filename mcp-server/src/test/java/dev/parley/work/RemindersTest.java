package dev.parley.work;

import static dev.parley.work.TwoSessions.ASKER;
import static dev.parley.work.TwoSessions.OWNER;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.store.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a session is told of its open questions and of what it owes, and that it is told once. */
final class RemindersTest {

    private static final Duration DAY = Duration.ofHours(24);

    private TwoSessions two;
    private Reminders first;
    private Reminders second;

    @BeforeEach
    void start() throws Exception {
        two = new TwoSessions();
        first = two.server(ASKER);
        second = two.server(ASKER);
    }

    private Ahead look() throws Exception {
        Ahead ahead = first.lookOnce();
        assertEquals(ahead, second.lookOnce());
        return ahead;
    }

    private void lookAtTheEndOfALongTime(Duration time) throws Exception {
        two.pass(time);
        var unused = look();
    }

    @Test
    void whereNothingIsOpenNothingIsAhead() throws Exception {
        assertTrue(look().isNothing());
        assertTrue(two.server(OWNER).lookOnce().isNothing());
        assertTrue(two.server(new SessionId("nobody")).lookOnce().isNothing());
    }

    @Test
    void anOpenQuestionIsWatchedUntilItIsAnswered() throws Exception {
        Envelope request = two.ask();
        Ahead ahead = look();
        assertTrue(ahead.isWatched());
        assertEquals(Optional.of(request.sentAt().plus(DAY).plusMillis(1)), ahead.deadline());
        assertTrue(two.server(OWNER).lookOnce().isNothing(), "it is due at no time");

        two.change(request, WorkState.COMPLETED);
        two.office.ledger(OWNER).markAnswered(request.id());
        assertTrue(look().isNothing());
        lookAtTheEndOfALongTime(DAY.plusMinutes(1));

        assertEquals(List.of(), two.told(ASKER));
        assertEquals(List.of(), two.office.asks(ASKER).kept(), "the ticket is spent");
    }

    @Test
    void aCallBringsALookAtTheNewQuestionsAlone() throws Exception {
        Envelope earlier = two.ask();
        Ahead ahead = first.lookOnce();
        assertEquals(ahead, first.lookAtNew());
        two.change(earlier, WorkState.DECLINED);
        two.pass(Duration.ofMinutes(1));
        Envelope later = two.ask(Optional.of(Duration.ofMinutes(5)));
        two.ownerIsKilled();

        Ahead both = first.lookAtNew();

        List<Envelope> told = two.mail(ASKER);
        assertEquals(1, told.size(), told.toString());
        assertEquals(Optional.of(later.id()), told.get(0).sourceMessageId());
        assertEquals(later.due(), both.deadline(), "the earlier of both");
        assertTrue(both.isWatched(), "the earlier one was, when it was looked at");
        var unused = first.lookOnce();
        assertEquals(
                Optional.of(earlier.id()),
                two.mail(ASKER).get(0).sourceMessageId(),
                "what it missed is told by a look at all");
    }

    @Test
    void whoWentIdleIsToldOnceToWhoeverAsked() throws Exception {
        Envelope request = two.ask();
        two.signal(request, 0);

        var unused = look();

        List<Envelope> mail = two.mail(ASKER);
        assertEquals(1, mail.size());
        Envelope notice = mail.get(0);
        assertEquals(Envelope.Origin.OFFICE, notice.origin());
        assertEquals(Optional.of(OWNER), notice.from());
        assertEquals(Optional.of(request.id()), notice.sourceMessageId());
        assertEquals(Optional.empty(), notice.replyTo(), "the question stays open");
        assertEquals(
                "owner was reminded of your request " + request.id() + " ("
                        + request.requestId().orElseThrow()
                        + ") and went idle without an answer. It stays open. You asked: \"what is the time?\".",
                notice.body());
        assertEquals(List.of(), two.office.asks(ASKER).idleSigns());
        two.signal(request, 0);
        assertTrue(look().isWatched());
        assertEquals(List.of(), two.told(ASKER));
    }

    @Test
    void aChangeOfItsStateIsANewReason() throws Exception {
        Envelope request = two.ask();
        two.signal(request, 0);
        two.change(request, WorkState.WORKING);
        var unused = look();
        assertEquals(List.of(), two.told(ASKER), "it has said something since");

        two.signal(request, 1);
        unused = look();
        assertEquals(1, two.told(ASKER).size());
    }

    @Test
    void whoIsBlockedIsNotSaidToBeIdle() throws Exception {
        Envelope request = two.ask();
        two.change(request, WorkState.BLOCKED);
        two.signal(request, 1);
        var unused = look();
        assertEquals(List.of(), two.told(ASKER));
    }

    @Test
    void whoWasKilledIsToldOnce() throws Exception {
        Envelope request = two.ask();
        assertTrue(look().isWatched());
        two.ownerIsKilled();

        Ahead ahead = look();

        assertEquals(
                List.of("owner has ended without an answer to your request " + request.id() + " ("
                        + request.requestId().orElseThrow()
                        + "). It stays open, in case that session comes back. You asked: \"what is the time?\"."),
                two.told(ASKER));
        assertFalse(ahead.isWatched(), "nothing comes of it before its ticket runs out");
        two.ownerStarts();
        assertTrue(look().isWatched());
        two.ownerIsKilled();
        var unused = look();
        assertEquals(List.of(), two.told(ASKER));
        assertFalse(two.server(ASKER).lookOnce().isWatched());
        assertEquals(List.of(), two.told(ASKER), "nor by one that starts now");
    }

    /** After /clear it goes on under another id in a moment. */
    @Test
    void whoSaidThatItIsOverIsGivenAMoment() throws Exception {
        Envelope request = two.ask();
        two.says("ended");
        two.signal(request, 0);

        Ahead ahead = look();

        assertEquals(List.of(), two.told(ASKER));
        assertEquals(Optional.of(two.clock.instant().plus(Questions.END_IS_CERTAIN)), ahead.deadline());
        two.pass(Questions.END_IS_CERTAIN);
        var unused = look();
        List<String> told = two.told(ASKER);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).startsWith("owner has ended without an answer"), told.toString());
        assertEquals(List.of(), two.office.asks(ASKER).idleSigns(), "the sign said the same");
    }

    /** Its server died between the change and the notice. */
    @ParameterizedTest
    @EnumSource(
            value = WorkState.class,
            names = {"BLOCKED", "COMPLETED", "FAILED", "DECLINED"})
    void whatNobodyCouldTellIsToldAtTheNextLook(WorkState state) throws Exception {
        Envelope request = two.ask();
        two.change(request, state);
        Ahead soon = look();
        assertEquals(Optional.of(two.clock.instant().plus(Questions.TELLS_ITSELF)), soon.deadline());
        assertEquals(List.of(), two.told(ASKER), "whoever changed it may be about to tell");

        two.pass(Questions.TELLS_ITSELF);
        Ahead ahead = first.lookOnce();
        var unused = second.lookOnce();

        List<Envelope> mail = two.mail(ASKER);
        assertEquals(1, mail.size(), mail.toString());
        Optional<RequestId> ends = state.isTerminal() ? request.requestId() : Optional.empty();
        assertEquals(ends, mail.get(0).replyTo());
        assertEquals(state.isTerminal(), ahead.isNothing());
        lookAtTheEndOfALongTime(DAY.plusMinutes(1));
        List<String> later = two.told(ASKER);
        assertEquals(state.isTerminal() ? 0 : 1, later.size(), later.toString());
    }

    @Test
    void whatTheOwnerTellsItselfIsNotToldAgain() throws Exception {
        Envelope request = two.ask();
        two.change(request, WorkState.DECLINED);
        assertTrue(two.office.asks(ASKER).claim(request.requestId().orElseThrow(), Edge.of(Edge.Kind.DECLINED)));
        lookAtTheEndOfALongTime(Questions.TELLS_ITSELF);
        assertEquals(List.of(), two.told(ASKER));
        assertTrue(look().isNothing());
    }

    @Test
    void whatNobodyWantsAnyMoreIsNotTold() throws Exception {
        Envelope request = two.ask();
        two.change(request, WorkState.CANCELED);
        lookAtTheEndOfALongTime(Questions.TELLS_ITSELF);
        assertTrue(look().isNothing());
        lookAtTheEndOfALongTime(DAY);
        assertEquals(List.of(), two.told(ASKER));
    }

    @Test
    void aTicketThatRunsOutIsToldOnce() throws Exception {
        Envelope request = two.ask();
        lookAtTheEndOfALongTime(DAY);
        assertEquals(List.of(), two.told(ASKER));

        lookAtTheEndOfALongTime(Duration.ofMillis(1));

        List<Envelope> mail = two.mail(ASKER);
        assertEquals(1, mail.size(), mail.toString());
        assertTrue(mail.get(0).body().contains("has had no answer for 24 hours"), mail.toString());
        assertEquals(request.requestId(), mail.get(0).replyTo());
        assertEquals(List.of(), two.office.asks(ASKER).kept());
        assertTrue(look().isNothing());
        assertEquals(WorkState.OPEN, two.state(request), "without a due time nothing expires");
    }

    /** Also if nothing of it is left but the ticket. */
    @Test
    void aTicketWhoseOwnerIsForgottenRunsOut() throws Exception {
        two.office
                .asks(ASKER)
                .open(new PendingAsk(
                        RequestId.create(),
                        MessageId.create(Optional.of(ASKER)),
                        new SessionId("nobody-0001"),
                        two.clock.instant()));
        assertFalse(look().isWatched());
        lookAtTheEndOfALongTime(DAY.plusMillis(1));
        List<String> told = two.told(ASKER);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(" to nobody-0001 has had no answer"), told.toString());
    }

    /** Messages of older versions have no state. */
    @Test
    void whatAnOlderVersionAskedIsLeftInPeace() throws Exception {
        Envelope request = two.ask();
        two.store.disk().deleteFile(two.store.ledger(OWNER).resolve(request.id() + ",work=0"));
        assertTrue(look().isWatched(), "it may be on its way");
        two.pass(Questions.TELLS_ITSELF);
        assertTrue(look().isNothing());
        two.ownerIsKilled();
        assertTrue(look().isNothing());
        lookAtTheEndOfALongTime(DAY);
        assertEquals(List.of(), two.told(ASKER));
    }

    @Test
    void theOwnerIsToldOnceWhenItFallsDueWhoeverLooksFirst() throws Exception {
        Envelope request = two.ask(Optional.of(Duration.ofMinutes(10)));
        Reminders owner = two.server(OWNER);
        assertEquals(request.due(), owner.lookOnce().deadline());
        assertEquals(request.due(), look().deadline());
        two.pass(Duration.ofMinutes(10));

        var unused = look();
        unused = owner.lookOnce();
        unused = two.server(OWNER).lookOnce();

        List<Envelope> mail = two.mail(OWNER);
        assertEquals(2, mail.size(), mail.toString());
        assertEquals(request, mail.get(0));
        assertEquals(Envelope.Origin.OFFICE, mail.get(1).origin());
        assertEquals(Optional.of(ASKER), mail.get(1).from());
        assertEquals(List.of(), two.told(ASKER));
    }

    @Test
    void theOwnersServerTellsWhereTheAskersIsGone() throws Exception {
        Envelope request = two.ask(Optional.of(Duration.ofMinutes(10)));
        assertEquals(List.of(request), two.mail(OWNER));
        Reminders owner = two.server(OWNER);
        assertEquals(request.due(), owner.lookOnce().deadline());
        two.pass(Duration.ofMinutes(10));

        Ahead ahead = owner.lookOnce();

        assertEquals(request.due().map(due -> due.plus(DAY)), ahead.deadline());
        assertEquals(
                List.of("The request " + request.id() + " ("
                        + request.requestId().orElseThrow()
                        + ") that asker sent you is due, and not finished. Answer it with reply_to_message, or say with"
                        + " update_work how it stands. It expires at 2026-03-05T05:16:07Z. It asked: \"what is the"
                        + " time?\"."),
                two.told(OWNER));
        assertEquals(ahead, two.server(OWNER).lookOnce());
        var unused = look();
        assertEquals(List.of(), two.told(OWNER));
    }

    @Test
    void whatIsLongOverdueExpiresAndWhoeverAskedIsToldOnce() throws Exception {
        Envelope request = two.ask(Optional.of(Duration.ofMinutes(10)));
        Reminders owner = two.server(OWNER);
        two.pass(DAY.plusMinutes(10));

        var unused = owner.lookOnce();
        unused = look();

        assertEquals(WorkState.EXPIRED, two.state(request));
        List<Envelope> mail = two.mail(ASKER);
        assertEquals(1, mail.size(), mail.toString());
        assertTrue(
                mail.get(0).body().contains(" to owner has expired: it was due at 2026-03-04T05:16:07Z,"),
                mail.toString());
        assertEquals(request.requestId(), mail.get(0).replyTo());
        assertTrue(look().isNothing());
        assertTrue(owner.lookOnce().isNothing());
        lookAtTheEndOfALongTime(Duration.ofHours(1));
        assertEquals(List.of(), two.told(ASKER));
        assertEquals(List.of(), two.office.asks(ASKER).kept());
    }

    /** Nobody lived when it expired. */
    @Test
    void whatExpiredMeanwhileIsToldAtTheNextStart() throws Exception {
        Envelope request = two.ask(Optional.of(Duration.ofMinutes(10)));
        lookAtTheEndOfALongTime(Duration.ofDays(9));
        assertEquals(WorkState.EXPIRED, two.state(request));
        assertEquals(1, two.told(ASKER).size());
        assertEquals(List.of(), two.office.asks(ASKER).kept());
    }

    @Test
    void oneThatCannotBeReadHidesNoOther() throws Exception {
        Envelope damaged = two.ask();
        Envelope request = two.ask();
        Path record = two.store.ledger(OWNER).resolve(damaged.id().value());
        two.store.disk().deleteFile(record);
        two.store.disk().createFile(record, new byte[] {1, 2, 3}, Disk.Sync.UNFORCED);
        two.ownerIsKilled();

        assertTrue(look().isWatched(), "it is tried again");

        List<String> told = two.told(ASKER);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(request.id().value()), told.toString());
        assertTrue(
                two.events.stream().anyMatch(event -> event.startsWith("question-unobserved")), two.events.toString());
    }

    /** The thread is there only as long as it has something to watch. */
    @Test
    void aSignIsNoticedWithoutACall() throws Exception {
        first.look();
        assertEquals(0, watchers());
        Envelope request = two.ask();
        first.look();
        assertEquals(1, watchers());

        two.signal(request, 0);

        await().until(() -> two.office.mailbox(ASKER).waiting() == 1);
        two.change(request, WorkState.COMPLETED);
        two.office.ledger(OWNER).markAnswered(request.id());
        first.look();
        await().until(() -> watchers() == 0);
        assertEquals(1, two.told(ASKER).size());
    }

    @Test
    void theWatchEndsWithTheServer() throws Exception {
        two.ask();
        first.look();
        assertEquals(1, watchers());
        first.stop();
        await().until(() -> watchers() == 0);
        first.look();
        assertEquals(0, watchers());
    }

    private static long watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("parley-work"))
                .count();
    }
}
