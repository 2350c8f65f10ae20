package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.RemotePeer;
import dev.parley.peer.WaitsFor;
import dev.parley.store.Checksummed;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That machines know for whom sessions on the others wait, and for how long they believe it. */
final class WaitsTest {

    private static final SessionId ANN = new SessionId("ann-00001");
    private static final SessionId BEN = new SessionId("ben-00001");
    private static final SessionId CLEO = new SessionId("cleo-0001");

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
        laptop.begin(CLEO.value());
        server.begin(BEN.value());
        office = new HubOffice(server.here, () -> Optional.of(server.team()));
        Machine.pass(clock, 12, laptop, server);
    }

    private PendingAsks.Waiting ask(SessionId to) throws IOException, InterruptedException {
        Envelope question = laptop.letter(ANN.value(), to.value(), Optional.of(RequestId.create()), "a secret");
        PendingAsks asks = laptop.here.asks(ANN);
        asks.open(new PendingAsk(question.requestId().orElseThrow(), question.id(), to, question.sentAt()));
        PendingAsks.Waiting waiting = asks.waiting(question.requestId().orElseThrow());
        if (to.equals(BEN)) {
            laptop.mail.outbox().put(server.host, question);
        } else {
            laptop.here.delivery().send(question, Ring.NO);
        }
        return waiting;
    }

    /** The one that ann has asked. */
    private MessageId question() throws IOException {
        return laptop.here.asks(ANN).all().get(0).messageId();
    }

    /** Those of ann, as the server knows them. */
    private List<WaitsFor> known() throws IOException {
        return office.peers().elsewhere(Machine.KEY).stream()
                .filter(each -> each.peer().id().equals(ANN))
                .map(RemotePeer::waits)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWaitIsKnownElsewhereForAsLongAsItLasts() throws Exception {
        assertEquals(List.of(), known());
        Instant asked = clock.instant();
        try (PendingAsks.Waiting waiting = ask(BEN)) {
            WaitsFor wait = new WaitsFor(Optional.empty(), BEN, asked, question());
            Machine.pass(clock, 2, laptop);
            assertTrue(hub.bucket().toString().contains("build-server:ben-00001:"), "it is said at once");
            assertFalse(hub.bucket().toString().contains("secret"), "nothing is said of the question");
            assertFalse(hub.bucket().toString().contains(waiting.requestId().value()));
            Machine.pass(clock, 6, laptop, server);
            for (int second = 0; second < 60; second++) {
                assertEquals(List.of(wait), known(), "after " + second);
                Machine.pass(clock, 1, laptop, server);
            }
        }
        Machine.pass(clock, 8, laptop, server);
        assertEquals(List.of(), known());
    }

    @Test
    void aWaitWithinAMachineIsKnownElsewhereWithThatMachine() throws Exception {
        Instant asked = clock.instant();
        try (PendingAsks.Waiting waiting = ask(CLEO)) {
            WaitsFor wait = new WaitsFor(Optional.of(laptop.host), CLEO, asked, question());
            Machine.pass(clock, 8, laptop, server);
            assertEquals(List.of(wait), known());
            assertTrue(laptop.here.asks(ANN).awaited().contains(waiting.requestId()));
        }
    }

    /** The answer is there, and the wait is about to end. */
    @Test
    void whatHasEndedIsWaitedForNoMore() throws Exception {
        try (PendingAsks.Waiting waiting = ask(BEN)) {
            Machine.pass(clock, 8, laptop, server);
            Envelope question = server.read(BEN.value()).get(0);
            assertEquals(Optional.of(waiting.requestId()), question.requestId());
            var unused = server.here.work(BEN).change(question.id(), WorkChange.of(Actor.OWNER, WorkState.COMPLETED));
            Machine.pass(clock, 10, laptop, server);
            assertEquals(List.of(), known());
        }
    }

    /** By when it was said last, on the hub's clock; long before its machine counts as silent. */
    @Test
    void aWaitThatNobodySpeaksOfIsBelievedForTenSeconds() throws Exception {
        try (PendingAsks.Waiting waiting = ask(BEN)) {
            Machine.pass(clock, 8, laptop, server);
            assertEquals(1, known().size(), waiting::toString);
            hub.cut(laptop.host);
            Machine.pass(clock, 11, laptop, server);
            assertFalse(office.peers().elsewhere(Machine.KEY).get(0).isAway());
            assertEquals(List.of(), known());
        }
    }

    @Test
    void ofASilentMachineNobodyWaits() throws Exception {
        try (PendingAsks.Waiting waiting = ask(BEN)) {
            Machine.pass(clock, 8, laptop, server);
            assertEquals(1, known().size(), waiting::toString);
            server.mail.cards().keepHosts(List.of());
            assertEquals(List.of(), known());
        }
    }

    @Test
    void oddWaitsAreNoCard() throws Exception {
        String key = "build-server." + Machine.PROJECT.token() + "." + BEN;
        String good = hub.bucket().get(key).lines().findFirst().orElseThrow();
        assertEquals(List.of(), Wire.card(key, Checksummed.encode(good + "\n")).waits());
        String many = " build-server:ben-00001:1".repeat(17).strip();
        for (String odd : List.of("x", "a:b:c:d", "laptop:ann-00001:soon", "../x:ann-00001:1", "laptop:../x:1", many)) {
            String card = good.replace("}", ",\"waits\":\"" + odd + "\"}") + "\n";
            assertThrows(BadMailException.class, () -> Wire.card(key, Checksummed.encode(card)), odd);
        }
    }
}
