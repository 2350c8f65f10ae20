package dev.parley.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.peer.Groups;
import dev.parley.peer.Groups.Audience;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a machine says of itself where it has much to say, or cannot. */
final class CrowdedMachineTest {

    private static final SessionId ANN = new SessionId("ann-00001");

    /** What is larger is passed over, in the bucket of a real hub. */
    private static final int LARGEST = 4096;

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final MemoryHub hub = new MemoryHub(clock, 1);
    private Machine laptop;
    private Machine server;

    @BeforeEach
    void makeMachines() throws Exception {
        laptop = Machine.of("laptop", hub, clock);
        server = Machine.of("build-server", hub, clock);
        laptop.begin(ANN.value());
        server.begin("ben-00001");
        Machine.pass(clock, 12, laptop, server);
    }

    /** The thread that tells says that the machine is there, too: one with much to tell, over a slow road, would seem to be away. */
    @Test
    void whoHasMuchToTellTellsForTwoSecondsAtATime() throws Exception {
        for (int i = 0; i < 10; i++) {
            laptop.send(ANN.value(), server, "ben-00001", "number " + i);
        }
        Machine.settle(clock, 20, laptop, server);
        Reports reports = new Reports(server.here, server.mail.followed(), server.team(), hub.as(server.host));
        reports.startOver();
        hub.whenTold(() -> clock.advance(Duration.ofSeconds(1)));
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            told.add(reports.run());
        }
        assertEquals(List.of(3, 3, 3, 1, 0), told, "and goes on where it was, until all are told");
    }

    /** It has its size, and whoever waits for many would otherwise have none. */
    @Test
    void theCardOfWhoWaitsForManyIsNotTooLarge() throws Exception {
        Machine desk = Machine.of("m".repeat(32), hub, clock);
        desk.begin(ANN.value());
        var unused = desk.here
                .peers()
                .update(
                        ANN,
                        peer -> peer.withName("n".repeat(40))
                                .withGroups(List.of(
                                        "a".repeat(40), "b".repeat(40), "c".repeat(40), "d".repeat(40), "e".repeat(40)))
                                .withPurpose(Optional.of("\u20ac".repeat(200)), clock.instant()));
        List<PendingAsks.Waiting> open = new ArrayList<>();
        PendingAsks asks = desk.here.asks(ANN);
        for (int i = 0; i < 20; i++) {
            SessionId asked = new SessionId(("x" + i + "-").repeat(128).substring(0, 128));
            desk.begin(asked.value());
            RequestId request = RequestId.create();
            asks.open(new PendingAsk(request, MessageId.create(Optional.of(ANN)), asked, clock.instant()));
            open.add(asks.waiting(request));
        }
        Machine.pass(clock, 8, desk, server);
        String card = hub.bucket().get(desk.host + "." + Machine.PROJECT.token() + "." + ANN);
        assertTrue(card.getBytes(UTF_8).length <= LARGEST, () -> "it has " + card.getBytes(UTF_8).length + " bytes");
        Card known = server.mail.cards().of(Machine.PROJECT.token()).stream()
                .filter(each -> each.session().equals(ANN) && each.host().equals(desk.host))
                .findFirst()
                .orElseThrow();
        assertEquals(8, known.waits().size());
        for (PendingAsks.Waiting each : open) {
            each.close();
        }
    }

    /**
     * What it would have said is known here, and what it has said last is known still: else it would take its own word on the hub for
     * that of another machine, until that is old.
     */
    @Test
    void whoCouldNotSayThatItIsThereIsNotTakenForAnotherMachine() throws Exception {
        hub.takeNoKeys(true);
        Machine.pass(clock, 13, laptop, server);
        Link full = laptop.mail.cards().link();
        assertFalse(full.isUp());
        assertEquals(Optional.of("the hub is full"), full.trouble(), "in the hub's own words");
        hub.takeNoKeys(false);
        Machine.pass(clock, 1, laptop, server);
        assertEquals(Optional.empty(), laptop.mail.cards().link().trouble());
        assertTrue(laptop.mail.cards().link().isUp());
        // As many are kept as are needed for that, and no more.
        Machine.pass(clock, 150, laptop);
        assertEquals(16, laptop.mail.cards().beats().size());
    }

    @Test
    void ofAPairSixtyFourMessagesAreOnTheirWayAtOnce() throws Exception {
        for (int i = 0; i < 70; i++) {
            laptop.send(ANN.value(), server, "ben-00001", "number " + i);
        }
        Machine.pass(clock, 3, laptop);
        assertEquals(64, hub.waitingFor(server.host));
        Machine.settle(clock, 20, laptop, server);
        assertEquals(70, server.bodies("ben-00001").size());
    }

    @Test
    void whatHasNoReceiptIsPublishedAgainEverLater() throws Exception {
        Instant begun = clock.instant();
        List<Long> published = new ArrayList<>();
        hub.meanwhile(
                () -> published.add(Duration.between(begun, clock.instant()).toSeconds()));
        laptop.send(ANN.value(), server, "ben-00001", "hello");
        Machine.pass(clock, 200, laptop);
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < published.size(); i++) {
            pauses.add(published.get(i) - published.get(i - 1));
        }
        assertEquals(List.of(2L, 4L, 8L, 16L, 32L, 60L, 60L), pauses);
    }

    @Test
    void ofThoseThatHaveEndedTheNewestTwoHundredAreTold() throws Exception {
        Set<String> ended = new TreeSet<>();
        for (int i = 0; i < 205; i++) {
            Card card = new Card(
                    laptop.host,
                    Machine.PROJECT.token(),
                    new SessionId("gone-%04d".formatted(i)),
                    "gone-" + i,
                    Peer.CODEX,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Activity.ENDED,
                    Optional.of(clock.instant().minusSeconds(i)),
                    Letters.SENT);
            var unused = hub.as(laptop.host).put(Wire.key(card), Wire.card(card), Road.ABSENT);
            ended.add(Wire.key(card));
        }
        Machine.pass(clock, 6, laptop);
        Set<String> told = new TreeSet<>(hub.bucket().keySet());
        told.retainAll(ended);
        assertEquals(200, told.size());
        assertFalse(told.toString().contains("gone-0200"), "the oldest are not");
    }

    @Test
    void aGroupOverAllMachinesHasAtTheMostFiftyReceivers() throws Exception {
        for (int i = 0; i < 25; i++) {
            laptop.begin("here-%04d".formatted(i));
        }
        for (int i = 0; i < 24; i++) {
            server.begin("there-%04d".formatted(i));
        }
        Machine.pass(clock, 12, laptop, server);
        Peer ann = laptop.here.peers().find(ANN).orElseThrow();
        HubOffice office = new HubOffice(laptop.here, () -> Optional.of(laptop.team()));
        Audience.Members most = assertInstanceOf(Audience.Members.class, Groups.find("@all", ann, office.peers()));
        assertEquals(50, most.peers().size());
        server.begin("there-9999");
        Machine.pass(clock, 6, server, laptop);
        assertEquals(new Audience.TooMany("all", 51), Groups.find("@all", ann, office.peers()));
    }
}
