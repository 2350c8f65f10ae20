package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.OtherMachineException;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.office.Reach;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.RemotePeer;
import dev.parley.peer.Resolution;
import dev.parley.remote.Pair;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session sees of those on other machines: two file offices, and a hub between them. */
final class HubOfficeTest {

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final MemoryHub hub = new MemoryHub(clock, 1);
    private Machine laptop;
    private Machine server;
    private PostOffice office;
    private Peer ann;
    private Optional<Team> team = Optional.empty();

    /** The office of a machine that is alone in its team. */
    static PostOffice around(PostOffice local) {
        Team team = new Team(
                "team",
                new HostName("laptop"),
                "one",
                Optional.empty(),
                Map.of(Machine.PROJECT.token(), "/work/parley/.git"));
        return new HubOffice(local, () -> Optional.of(team));
    }

    @BeforeEach
    void makeMachines() throws Exception {
        laptop = Machine.of("laptop", hub, clock);
        server = Machine.of("build-server", hub, clock);
        ann = laptop.begin("ann-00001");
        server.begin("ben-00001");
        team = Optional.of(laptop.team());
        office = new HubOffice(laptop.here, () -> team);
        Machine.pass(clock, 11, laptop, server);
    }

    private static void name(Machine machine, String id, String name) throws Exception {
        var unused = machine.here.peers().update(new SessionId(id), card -> card.withName(name));
    }

    private Peer found(String target) throws IOException {
        return assertInstanceOf(Resolution.Found.class, office.peers().resolve(target, ann), target)
                .peer();
    }

    @Test
    void sessionsOfOtherMachinesAreListedApart() throws Exception {
        List<RemotePeer> there = office.peers().elsewhere(Machine.KEY);
        assertEquals(1, there.size());
        Peer ben = there.get(0).peer();
        assertEquals(Optional.of(server.host), ben.host());
        assertEquals(new SessionId("ben-00001"), ben.id());
        assertEquals(Life.LIVE, there.get(0).presence().life());
        assertEquals("", ben.cwd());
        assertEquals(Optional.empty(), ben.process());
        assertEquals(Optional.empty(), ben.transcript());
        assertEquals(List.of(ann), office.peers().peersOf(Machine.KEY));
        assertEquals(Optional.empty(), office.peers().find(ben.id()));
        assertEquals(List.of(), office.peers().elsewhere("/work/another/.git"));
    }

    @Test
    void aNameOfOneOtherMachineNeedsNoMachine() throws Exception {
        name(server, "ben-00001", "tidy-fox");
        Machine.pass(clock, 11, laptop, server);
        for (String target : List.of(
                "tidy-fox",
                "Tidy-Fox",
                "tidy-fox@build-server",
                "tidy-fox@BUILD-SERVER",
                "ben-00001",
                "ben-0000",
                "ben-00001@build-server")) {
            assertEquals(Optional.of(server.host), found(target).host(), target);
        }
    }

    /** Else whoever takes the name of a session on another machine has its mail. */
    @Test
    void aNameOfThisMachineIsNotDrawnAway() throws Exception {
        Peer cleo = laptop.begin("cleo-0001");
        name(laptop, "cleo-0001", "tidy-fox");
        name(server, "ben-00001", "tidy-fox");
        server.begin("cleo-0001");
        Machine.pass(clock, 11, laptop, server);
        assertEquals(Optional.empty(), found("tidy-fox").host());
        assertEquals(cleo.id(), found("tidy-fox").id());
        assertEquals(Optional.empty(), found("cleo-0001").host());
        assertEquals(Optional.empty(), found("tidy-fox@laptop").host());
        assertEquals(new SessionId("ben-00001"), found("tidy-fox@build-server").id());
        assertEquals(Optional.of(server.host), found("cleo-0001@build-server").host());
    }

    /** Each machine tells its own, and nobody's mail goes another way. */
    @Test
    void twoSessionsOfOneIdAreToldOfEachOtherOnce() throws Exception {
        laptop.begin("cleo-0001");
        server.begin("cleo-0001");
        name(server, "cleo-0001", "tidy-fox");
        Machine.pass(clock, 11, laptop, server);
        List<String> told = laptop.bodies("cleo-0001");
        assertEquals(1, told.size());
        assertTrue(told.get(0).contains("a session of your id cleo-0001, too: tidy-fox@build-server"), told::toString);
        assertEquals(1, server.bodies("cleo-0001").size());
        laptop.relieve();
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of(), laptop.bodies("cleo-0001"));
        assertEquals(List.of(), laptop.bodies("ann-00001"));
        Envelope letter = server.send("ben-00001", laptop, "cleo-0001", "hello");
        Machine.settle(clock, 20, laptop, server);
        assertEquals(List.of(letter.body()), laptop.bodies("cleo-0001"));
    }

    @Test
    void howFarAProjectReachesIsSaid() throws Exception {
        assertEquals(Optional.of(laptop.host), office.hostOf(Machine.KEY));
        assertEquals(Optional.empty(), office.hostOf("/work/another/.git"));
        assertEquals(Optional.of(new Reach.Shared("team", laptop.host)), office.reach(Machine.KEY));
        String why = assertInstanceOf(
                        Reach.Local.class, office.reach("/work/another/.git").orElseThrow())
                .reason();
        assertTrue(why.endsWith("a person shares it with 'parley hub share', run in it"), why);
        team = Optional.empty();
        assertTrue(assertInstanceOf(Reach.Local.class, office.reach(Machine.KEY).orElseThrow())
                .reason()
                .startsWith("this machine has left its team"));
        assertEquals(Optional.empty(), office.hostOf(Machine.KEY));
        assertEquals(Optional.empty(), laptop.here.reach(Machine.KEY));
    }

    @Test
    void aNameOfTwoOtherMachinesNeedsOne() throws Exception {
        Machine desk = Machine.of("workstation", hub, clock);
        desk.begin("dan-00001");
        name(server, "ben-00001", "tidy-fox");
        name(desk, "dan-00001", "tidy-fox");
        Machine.pass(clock, 11, laptop, server, desk);
        Resolution.Ambiguous both =
                assertInstanceOf(Resolution.Ambiguous.class, office.peers().resolve("tidy-fox", ann));
        assertEquals(2, both.candidates().size());
        assertEquals(new SessionId("dan-00001"), found("tidy-fox@workstation").id());
    }

    @Test
    void whoIsNotThereIsNotFoundAndTheOthersAreNamed() throws Exception {
        name(server, "ben-00001", "tidy-fox");
        laptop.begin("cleo-0001");
        name(laptop, "cleo-0001", "calm-owl");
        Machine.pass(clock, 11, laptop, server);
        for (String target : List.of("nobody", "nobody@build-server", "tidy-fox@workstation")) {
            Resolution.NotFound none =
                    assertInstanceOf(Resolution.NotFound.class, office.peers().resolve(target, ann), target);
            assertTrue(none.names().contains("tidy-fox@build-server"), none::toString);
        }
        Resolution.NotFound none =
                assertInstanceOf(Resolution.NotFound.class, office.peers().resolve("nobody", ann));
        assertEquals(List.of("calm-owl", "tidy-fox@build-server"), none.names());
    }

    @Test
    void whatIsForAnotherMachineIsStoredOnThisOneAndFollowed() throws Exception {
        Peer ben = found("ben-00001");
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "hello");
        office.delivery().send(letter, ben, Ring.YES);
        assertEquals(1, laptop.mail.outbox().size());
        MessageStatus waiting = office.tracker().status(letter.id(), ann.id());
        assertEquals(MessageState.STORED, waiting.state());
        assertEquals(Optional.of(ben.id()), waiting.receiver());
        assertEquals(server.host, waiting.elsewhere().orElseThrow().host());
        assertFalse(waiting.elsewhere().orElseThrow().isThere());

        Machine.settle(clock, 20, laptop, server);
        assertTrue(office.tracker()
                .status(letter.id(), ann.id())
                .elsewhere()
                .orElseThrow()
                .isThere());
        server.read("ben-00001");
        Machine.pass(clock, 3, laptop, server);
        MessageStatus shown = office.tracker().status(letter.id(), ann.id());
        assertEquals(MessageState.SHOWN, shown.state());
        assertTrue(shown.shown().isPresent());
        // Nobody else's business.
        laptop.begin("eve-00001");
        assertEquals(MessageStatus.UNKNOWN, office.tracker().status(letter.id(), new SessionId("eve-00001")));
        assertEquals(MessageStatus.UNKNOWN, office.tracker().status(letter.id(), ben.id()));
    }

    @Test
    void aRefusalIsToldUntilItIsTakenIn() throws Exception {
        Envelope letter = laptop.send("ann-00001", server, "cleo-0001", "hello");
        Machine.pass(clock, 5, laptop, server);
        MessageStatus refused = office.tracker().status(letter.id(), ann.id());
        assertEquals(
                Optional.of("no session cleo-0001 of this project is known on build-server"),
                refused.elsewhere().orElseThrow().refused());
        server.begin("cleo-0001");
        Machine.settle(clock, 100, laptop, server);
        assertEquals(
                Optional.empty(),
                office.tracker()
                        .status(letter.id(), ann.id())
                        .elsewhere()
                        .orElseThrow()
                        .refused());
    }

    @Test
    void theWorkOnARequestIsFollowed() throws Exception {
        Envelope request = laptop.letter("ann-00001", "ben-00001", Optional.of(RequestId.create()), "build it");
        office.delivery().send(request, found("ben-00001"), Ring.YES);
        Work open = office.tracker()
                .status(request.id(), ann.id())
                .elsewhere()
                .orElseThrow()
                .work()
                .orElseThrow();
        assertEquals(WorkState.OPEN, open.state());
        Machine.settle(clock, 20, laptop, server);
        var unused = server.here
                .work(new SessionId("ben-00001"))
                .change(request.id(), WorkChange.of(WorkState.Actor.OWNER, WorkState.DECLINED));
        Machine.pass(clock, 3, laptop, server);
        Work declined = office.tracker()
                .status(request.id(), ann.id())
                .elsewhere()
                .orElseThrow()
                .work()
                .orElseThrow();
        assertEquals(WorkState.DECLINED, declined.state());
        assertEquals(request, declined.request());
    }

    @Test
    void whoIsOnASilentMachineIsAway() throws Exception {
        Peer ben = found("ben-00001");
        server.office.says(ben.id(), "busy");
        Machine.pass(clock, 11, laptop, server);
        assertEquals(Activity.BUSY, office.peers().presence(ben).activity());
        hub.cut(server.host);
        Machine.pass(clock, 20, laptop, server);
        assertTrue(office.peers().elsewhere(Machine.KEY).get(0).isAway());
        assertEquals(
                new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty()),
                office.peers().presence(ben));
        Machine.pass(clock, 11, laptop);
        assertEquals(ben, found("ben-00001"));
    }

    /** From one moment to the next: whoever leaves need not start its sessions again. */
    @Test
    void whoHasLeftSeesNobodyElse() throws Exception {
        Peer ben = found("ben-00001");
        team = Optional.empty();
        assertEquals(List.of(), office.peers().elsewhere(Machine.KEY));
        assertInstanceOf(Resolution.NotFound.class, office.peers().resolve("ben-00001", ann));
        assertEquals(Life.UNKNOWN, office.peers().presence(ben).life());
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "hello");
        assertThrows(OtherMachineException.class, () -> office.delivery().send(letter, ben, Ring.YES));
        assertEquals(0, laptop.mail.outbox().size());
    }

    /** Also when nobody on this machine holds the connection any more. */
    @Test
    void withoutAConnectionAllOthersAreAway() throws Exception {
        Machine.pass(clock, 20, server);
        assertTrue(office.peers().elsewhere(Machine.KEY).get(0).isAway());
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "hello");
        office.delivery().send(letter, found("ben-00001"), Ring.YES);
        Machine.settle(clock, 20, laptop, server);
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
    }

    @Test
    void aThreadThatIsInterruptedIsToldThatNothingWasSent() throws Exception {
        Peer ben = found("ben-00001");
        Envelope first = laptop.letter("ann-00001", "ben-00001", "hello");
        try (var held = laptop.here
                .leases()
                .named("outbox-" + Pair.of(server.host, first).key())
                .acquire(Leases.WAIT)) {
            held.ensureHeld();
            Thread.currentThread().interrupt();
            assertThrows(IOException.class, () -> office.delivery().send(first, ben, Ring.YES));
            assertTrue(Thread.interrupted());
        }
        assertEquals(0, laptop.mail.outbox().size());
    }
}
