package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of messages on another machine that their sender takes back, and of requests that it cancels. */
final class TakingBackTest {

    private static final SessionId ANN = new SessionId("ann-00001");
    private static final SessionId BEN = new SessionId("ben-00001");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final MemoryHub hub = new MemoryHub(clock, 1);
    private Machine laptop;
    private Machine server;
    private HubOffice office;

    @BeforeEach
    void makeMachines() throws Exception {
        laptop = Machine.of("laptop", hub, clock);
        server = Machine.of("build-server", hub, clock);
        laptop.begin(ANN.value());
        server.begin(BEN.value());
        office = new HubOffice(laptop.here, () -> Optional.of(laptop.team()));
    }

    private void settle() throws Exception {
        Machine.settle(clock, 200, laptop, server);
        Machine.pass(clock, 3, laptop, server);
    }

    private Envelope put(Envelope letter) throws Exception {
        laptop.mail.outbox().put(server.host, letter);
        return letter;
    }

    private Envelope request(String body) throws IOException {
        return laptop.letter(ANN.value(), BEN.value(), Optional.of(RequestId.create()), body);
    }

    private Envelope inPlaceOf(Envelope earlier, String body) throws IOException {
        Envelope e = laptop.letter(ANN.value(), BEN.value(), body);
        return new Envelope(
                e.id(),
                e.sentAt(),
                e.origin(),
                e.from(),
                e.fromName(),
                e.to(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of(earlier.id()),
                body);
    }

    private Envelope cancellation(Machine of, SessionId from, Envelope request) {
        return new Envelope(
                        MessageId.create(Optional.of(from)),
                        clock.instant(),
                        Origin.OFFICE,
                        Optional.of(from),
                        Envelope.OFFICE,
                        request.to(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(request.id()),
                        1,
                        "canceled from " + of.host)
                .canceling(new Cancellation(request.id(), Optional.of("found it myself")));
    }

    private MessageStatus status(Envelope letter) throws IOException, InterruptedException {
        return office.tracker().status(letter.id(), ANN);
    }

    private Work work(Envelope request) throws IOException, InterruptedException {
        return status(request).elsewhere().flatMap(Elsewhere::work).orElseThrow();
    }

    @Test
    void whatNobodyHasSeenIsWithdrawnForWhatComesInItsPlace() throws Exception {
        Envelope plain = put(laptop.letter(ANN.value(), BEN.value(), "meet at nine"));
        settle();
        put(inPlaceOf(plain, "meet at ten"));
        settle();
        assertEquals(List.of("meet at ten"), server.bodies(BEN.value()));
        assertEquals(MessageState.WITHDRAWN, status(plain).state());
    }

    /** It is sent again and again until it is taken, and the one that takes it back waits behind it. */
    @Test
    void whatIsRefusedForNowIsNeverSeenOnceItWasTakenBack() throws Exception {
        SessionId late = new SessionId("dora-0001");
        Envelope plain = laptop.letter(ANN.value(), late.value(), "meet at nine");
        put(plain);
        Machine.pass(clock, 20, laptop, server);
        Envelope e = laptop.letter(ANN.value(), late.value(), "meet at ten");
        put(new Envelope(
                e.id(),
                e.sentAt(),
                e.origin(),
                e.from(),
                e.fromName(),
                e.to(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of(plain.id()),
                e.body()));
        server.begin(late.value());
        settle();
        assertEquals(List.of("meet at ten"), server.bodies(late.value()));
        assertEquals(MessageState.WITHDRAWN, status(plain).state());
    }

    /** Also before what takes it back is taken in, for which the mailbox may have no room. */
    @Test
    void aRequestThatComesWithdrawnIsNoOpenWork() throws Exception {
        Envelope request = put(request("build it"));
        Parcel parcel =
                laptop.mail.outbox().waiting(Pair.of(server.host, request), 1).get(0);
        Pair there = new Pair(laptop.host, parcel.pair().from(), parcel.pair().to());
        var unused = server.mail
                .intake()
                .take(new Parcel(there, parcel.epoch(), 1, 0, Optional.empty(), request).withdrawn());
        assertEquals(List.of(), server.here.work(BEN).unfinished());
        assertEquals(List.of(), server.bodies(BEN.value()));
        assertEquals(
                WorkState.CANCELED,
                server.here.work(BEN).find(request.id()).orElseThrow().state());
    }

    @Test
    void whatWasSeenStaysAndItsRequestIsCanceled() throws Exception {
        Envelope request = put(request("build it"));
        settle();
        assertEquals(List.of("build it"), server.bodies(BEN.value()));
        Envelope next = put(inPlaceOf(request, "leave it"));
        settle();
        assertEquals(List.of("leave it"), server.bodies(BEN.value()));
        assertEquals(MessageState.SHOWN, status(request).state());
        assertEquals(WorkState.CANCELED, work(request).state());
        assertEquals(Optional.of("superseded by " + next.id()), work(request).note());
    }

    @Test
    void aRequestThatNobodyHasSeenIsCanceledWithoutAWord() throws Exception {
        Envelope request = put(request("build it"));
        settle();
        put(cancellation(laptop, ANN, request));
        assertTrue(status(request).elsewhere().orElseThrow().isCancelRequested());
        assertEquals(WorkState.OPEN, work(request).state(), "the other machine decides");
        settle();
        assertEquals(List.of(), server.bodies(BEN.value()));
        assertEquals(MessageState.WITHDRAWN, status(request).state());
        assertEquals(WorkState.CANCELED, work(request).state());
        assertEquals(Optional.of("found it myself"), work(request).note());
        assertFalse(status(request).elsewhere().orElseThrow().isCancelRequested());
    }

    @Test
    void whoHasSeenARequestIsToldOnceThatItIsCanceled() throws Exception {
        Envelope request = put(request("build it"));
        settle();
        assertEquals(1, server.read(BEN.value()).size());
        Envelope cancellation = put(cancellation(laptop, ANN, request));
        put(cancellation(laptop, ANN, request));
        assertEquals(1, laptop.mail.outbox().size(), "it is asked for once");
        settle();
        put(cancellation(laptop, ANN, request));
        settle();
        assertEquals(List.of(cancellation.from(laptop.host)), server.read(BEN.value()));
        assertEquals(WorkState.CANCELED, work(request).state());
        assertEquals(MessageState.SHOWN, status(request).state());
    }

    @Test
    void whatHasEndedStaysAsItIs() throws Exception {
        for (WorkState end : List.of(WorkState.COMPLETED, WorkState.FAILED, WorkState.DECLINED)) {
            Envelope request = put(request("build it"));
            settle();
            assertEquals(1, server.read(BEN.value()).size());
            // It was said while the cancellation was on its way.
            put(cancellation(laptop, ANN, request));
            assertTrue(server.here
                    .work(BEN)
                    .change(request.id(), WorkChange.of(Actor.OWNER, end))
                    .orElseThrow()
                    .isChanged());
            settle();
            assertEquals(List.of(), server.bodies(BEN.value()));
            assertEquals(end, work(request).state());
        }
    }

    /** Each state of the owner's machine arrives, and the requester's end of it from the other side. */
    @Test
    void eachStateArrivesFromEitherSide() throws Exception {
        Envelope request = put(request("build it"));
        settle();
        assertEquals(WorkState.OPEN, work(request).state());
        for (WorkState state : List.of(WorkState.WORKING, WorkState.BLOCKED, WorkState.WORKING)) {
            Optional<String> needs = state == WorkState.BLOCKED ? Optional.of("the key") : Optional.empty();
            var unused = server.here
                    .work(BEN)
                    .change(request.id(), new WorkChange(Actor.OWNER, state, Optional.of("so far"), needs));
            Machine.pass(clock, 3, laptop, server);
            assertEquals(state, work(request).state());
            assertEquals(needs, work(request).needs());
        }
        put(cancellation(laptop, ANN, request));
        settle();
        assertEquals(WorkState.CANCELED, work(request).state());
    }

    @Test
    void whatIsTakenBackBeforeItHasLeftIsSeenByNobody() throws Exception {
        settle();
        hub.cut(laptop.host);
        Envelope request = put(request("build it"));
        Envelope plain = put(laptop.letter(ANN.value(), BEN.value(), "meet at nine"));
        Machine.pass(clock, 20, laptop, server);
        put(cancellation(laptop, ANN, request));
        put(inPlaceOf(plain, "meet at ten"));
        Instant before = server.office.rungAt(BEN);
        hub.mend(laptop.host);
        Machine.pass(clock, 30, laptop);
        // All lies at the hub, and the receiver's machine takes in the first only: it would have been shown.
        server.postmanNow().keep();
        server.postmanNow().receive(Duration.ZERO);
        assertEquals(List.of("meet at ten"), server.bodies(BEN.value()));
        assertTrue(server.office.rungAt(BEN).isAfter(before));
        settle();
        assertEquals(MessageState.WITHDRAWN, status(request).state());
        assertEquals(WorkState.CANCELED, work(request).state());
        assertEquals(MessageState.WITHDRAWN, status(plain).state());
    }

    @Test
    void aLossOfTheHubTakesNothingOfIt() throws Exception {
        Envelope request = put(request("build it"));
        settle();
        put(cancellation(laptop, ANN, request));
        Machine.pass(clock, 1, laptop);
        hub.wipe();
        settle();
        assertEquals(List.of(), server.bodies(BEN.value()));
        Machine.pass(clock, 10, server);
        hub.wipe();
        Machine.pass(clock, 15, laptop, server);
        assertEquals(WorkState.CANCELED, work(request).state());
    }

    /** A sender that had been told all there was to say is told again. */
    @Test
    void whatCameOfItIsToldAlsoIfNothingMoreWasExpected() throws Exception {
        Envelope request = put(request("build it"));
        settle();
        server.mail.followed().end(request.id());
        server.relieve();
        put(cancellation(laptop, ANN, request));
        settle();
        assertEquals(WorkState.CANCELED, work(request).state());
    }

    /** Nor is it told how far that is. */
    @Test
    void noMachineTakesBackWhatAnotherHasSent() throws Exception {
        Machine desk = Machine.of("workstation", hub, clock);
        SessionId dan = new SessionId("dan-00001");
        desk.begin(dan.value());
        Envelope request = put(request("build it"));
        Envelope local = server.letter(BEN.value(), BEN.value(), Optional.of(RequestId.create()), "of its own");
        server.office.here().delivery().send(local, Ring.NO);
        settle();
        for (Envelope victim : List.of(request, local)) {
            desk.mail.outbox().put(server.host, cancellation(desk, dan, victim));
        }
        Machine.settle(clock, 100, laptop, server, desk);
        Machine.pass(clock, 5, laptop, server, desk);
        assertEquals(List.of("of its own", "build it"), server.bodies(BEN.value()));
        assertEquals(WorkState.OPEN, work(request).state());
        assertEquals(
                laptop.host,
                server.mail.followed().find(request.id()).orElseThrow().host());
        assertEquals(Optional.empty(), server.mail.followed().find(local.id()));
    }
}
