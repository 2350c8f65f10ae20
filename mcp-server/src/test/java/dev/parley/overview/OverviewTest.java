package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.lock.Lease;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Ending;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an onlooker sees of a project in a file store, and that the store does not notice. */
final class OverviewTest {

    private static final String PROJECT = "/work/project/.git";
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId EVE = new SessionId("eve");
    private static final SessionId OUT = new SessionId("out");

    /** The verbs of a disk that leave everything as it is. */
    private static final Set<String> LOOKS = Set.of("isAbsent", "kind", "list", "modifiedMillis", "readFile", "stat");

    /** Long after the store was made: what has run out is out, and the index may be completed. */
    private final SteppedClock clock =
            new SteppedClock(Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(60));

    private final Map<String, Integer> verbs = new ConcurrentHashMap<>();
    private Path home;
    private FilePostOffice office;
    private Overview overview;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        office = over(Disk.local(Durability.PROCESS));
        overview = new Overview(over(CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs)));
        for (SessionId id : List.of(ANN, BEN, EVE, OUT)) {
            office.peers().register(registration(id, Peer.CLAUDE_CODE));
        }
        office.peers().update(OUT, card -> card.withEnding(Optional.of(new Ending(clock.instant(), "exit"))));
    }

    private FilePostOffice over(Disk disk) throws IOException {
        return new FilePostOffice(
                Store.over(home, disk, clock, Trace.NONE), LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    private static Registration registration(SessionId id, String client) {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        return new Registration(
                id, client, "/work/project", PROJECT, Optional.of(self), Optional.of(self), Optional.empty(), false);
    }

    private SessionOverview session(SessionId id) throws IOException {
        return overview.of(PROJECT).session(id).orElseThrow();
    }

    private Waits waits() throws IOException {
        return overview.waits(overview.of(PROJECT));
    }

    /** Asks as {@code ask_peer} does, without waiting yet. */
    private PendingAsk ask(SessionId from, SessionId to) throws IOException {
        Envelope letter = Letters.question(from, to, RequestId.create(), "all right?");
        PendingAsk ask = new PendingAsk(letter.requestId().orElseThrow(), letter.id(), to, clock.instant());
        office.asks(from).open(ask);
        office.delivery().send(letter, Delivery.Ring.NO);
        clock.advance(Duration.ofSeconds(1));
        return ask;
    }

    @Test
    void everySessionIsToldWithWhatIsKnownOfIt() throws Exception {
        office.peers().update(ANN, card -> card.withPurpose(Optional.of("plans"), clock.instant()));
        Files.writeString(office.store().activity(ANN), "idle\n");
        office.peers().register(registration(EVE, "another-client"));
        office.delivery().send(Letters.plain(BEN, ANN, "hello"), Delivery.Ring.NO);

        ProjectOverview project = overview.of(PROJECT);

        assertEquals(clock.instant(), project.at());
        assertEquals(
                List.of(ANN, BEN, EVE, OUT).stream().sorted().toList(),
                project.sessions().stream().map(SessionOverview::id).sorted().toList());
        List<String> names =
                project.sessions().stream().map(each -> each.peer().name()).toList();
        assertEquals(names.stream().sorted().toList(), names);
        SessionOverview ann = session(ANN);
        assertTrue(ann.isLive());
        assertEquals(Activity.IDLE, ann.presence().activity());
        assertEquals(Optional.of("plans"), ann.peer().purpose());
        assertTrue(ann.peer().isResumable());
        assertFalse(session(EVE).peer().isResumable(), "nobody knows how");
        assertEquals(UnreadMail.of(1), overview.unread(ann));
        assertEquals(UnreadMail.of(0), overview.unread(session(BEN)));
        assertEquals(List.of("doorbell", "hooks", "read"), overview.ways(ann));
        assertEquals(List.of("read"), overview.ways(session(BEN)));
        assertTrue(session(OUT).isGone());
        assertEquals(List.of(), overview.of("/elsewhere").sessions());
        assertEquals(
                office.peers().tmuxSessions(List.of(ann.peer())), overview.tmuxSessions(List.of(ann)), "it only asks");
    }

    @Test
    void whoWaitsForWhomIsToldOldestFirst() throws Exception {
        PendingAsk first = ask(ANN, BEN);
        PendingAsk second = ask(EVE, ANN);
        PendingAsks.Waiting waiting = office.asks(EVE).waiting(second.requestId());

        assertEquals(
                List.of(new Wait(ANN, Who.here(BEN), first, false), new Wait(EVE, Who.here(ANN), second, true)),
                waits().waits());
        assertEquals(first.askedAt(), waits().waits().get(0).since());

        waiting.close();
        assertEquals(
                List.of(false, false),
                waits().waits().stream().map(Wait::isAtThisMoment).toList());
        office.asks(ANN).close(first.requestId());
        assertEquals(List.of(new Wait(EVE, Who.here(ANN), second, false)), waits().waits());
    }

    /** The ticket of a question that was answered by mail is good for 24 hours; that is no wait. */
    @Test
    void nobodyWaitsForWhatWasAnsweredByMail() throws Exception {
        PendingAsk ask = ask(ANN, BEN);
        PendingAsks.Waiting waiting = office.asks(ANN).waiting(ask.requestId());
        office.ledger(BEN).markAnswered(ask.messageId());
        assertEquals(List.of(new Wait(ANN, Who.here(BEN), ask, true)), waits().waits(), "it has not taken it yet");
        waiting.close();
        assertEquals(List.of(), waits().waits());
        assertEquals(List.of(ask), office.asks(ANN).all());
    }

    @Test
    void whoHasEndedWaitsForNobodyAndWhatHasRunOutIsNotWaitedFor() throws Exception {
        ask(OUT, BEN);
        ask(ANN, BEN);
        clock.advance(PendingAsk.LIFE);
        PendingAsk fresh = ask(EVE, OUT);
        assertEquals(List.of(new Wait(EVE, Who.here(OUT), fresh, false)), waits().waits());
    }

    @Test
    void whoWasAskedIsToldUnderItsPresentAddress() throws Exception {
        PendingAsk ask = ask(ANN, BEN);
        SessionId later = new SessionId("ben-later");
        office.peers().move(BEN, registration(later, Peer.CLAUDE_CODE));
        assertEquals(List.of(new Wait(ANN, Who.here(later), ask, false)), waits().waits());
        office.ledger(later).markAnswered(ask.messageId());
        assertEquals(List.of(), waits().waits());
    }

    private void finish(PendingAsk ask, WorkState state) throws Exception {
        assertTrue(office.work(ask.to())
                .change(ask.messageId(), WorkChange.of(state.mover().orElseThrow(), state))
                .orElseThrow()
                .isChanged());
    }

    @Test
    void nobodyWaitsForWhatHasEnded() throws Exception {
        finish(ask(ANN, BEN), WorkState.DECLINED);
        finish(ask(ANN, BEN), WorkState.CANCELED);
        PendingAsk open = ask(ANN, BEN);
        finish(open, WorkState.WORKING);
        assertEquals(List.of(new Wait(ANN, Who.here(BEN), open, false)), waits().waits());
    }

    /** Only who does nothing but wait holds others up, and only as long as the answer is not there. */
    @Test
    void theCircleThatAWaitClosesIsOneOfThisMoment() throws Exception {
        PendingAsk first = ask(ANN, BEN);
        PendingAsk second = ask(BEN, EVE);
        PendingAsk closing = ask(EVE, ANN);
        assertEquals(Optional.empty(), overview.cycleClosedBy(EVE, closing), "nobody is in a call");
        PendingAsks.Waiting ann = office.asks(ANN).waiting(first.requestId());
        PendingAsks.Waiting ben = office.asks(BEN).waiting(second.requestId());

        WaitCycle cycle = overview.cycleClosedBy(EVE, closing).orElseThrow();
        assertEquals(List.of(EVE, ANN, BEN), cycle.sessions());
        assertEquals(second, cycle.last().question());
        assertEquals(List.of(), overview.cycles(overview.of(PROJECT)), "eve does not wait yet");
        PendingAsks.Waiting eve = office.asks(EVE).waiting(closing.requestId());
        assertEquals(
                List.of(ANN, BEN, EVE),
                overview.cycles(overview.of(PROJECT)).get(0).sessions());

        ben.close();
        assertEquals(Optional.empty(), overview.cycleClosedBy(EVE, closing));
        ben = office.asks(BEN).waiting(second.requestId());
        assertTrue(overview.cycleClosedBy(EVE, closing).isPresent());
        finish(second, WorkState.FAILED);
        assertEquals(Optional.empty(), overview.cycleClosedBy(EVE, closing), "it has failed, so ben is about to go on");
        assertEquals(List.of(), overview.cycles(overview.of(PROJECT)));
        ann.close();
        ben.close();
        eve.close();
    }

    @Test
    void aCircleIsFoundUnderPresentAddressesAndHiddenByNoDamage() throws Exception {
        PendingAsk first = ask(ANN, BEN);
        PendingAsks.Waiting waiting = office.asks(ANN).waiting(first.requestId());
        SessionId later = new SessionId("ann-later");
        PendingAsk closing = ask(BEN, ANN);
        office.peers().move(ANN, registration(later, Peer.CLAUDE_CODE));
        assertEquals(
                List.of(BEN, later),
                overview.cycleClosedBy(BEN, closing).orElseThrow().sessions());
        Files.move(office.store().asks(later), home.resolve("asks"));
        Files.createFile(office.store().asks(later));
        assertEquals(Optional.empty(), overview.cycleClosedBy(BEN, closing), "it is taken to wait for nobody");
        Files.delete(office.store().asks(later));
        Files.move(home.resolve("asks"), office.store().asks(later));
        waiting.close();
    }

    @Test
    void whatCannotBeReadHidesNothingElse() throws Exception {
        PendingAsk ask = ask(ANN, BEN);
        Store store = office.store();
        Files.writeString(store.card(EVE), "{");
        Files.move(store.mailbox(BEN).resolve("new"), home.resolve("elsewhere"));
        Files.delete(store.asks(BEN));
        Files.writeString(store.asks(BEN), "no directory");

        ProjectOverview project = overview.of(PROJECT);

        assertEquals(Set.of(EVE), project.unreadable().keySet());
        assertEquals(
                Set.of(ANN, BEN, OUT),
                Set.copyOf(project.sessions().stream().map(SessionOverview::id).toList()));
        UnreadMail unread = overview.unread(session(BEN));
        assertEquals(Optional.empty(), unread.count());
        assertTrue(unread.trouble().isPresent());
        assertFalse(unread.isThere());
        assertEquals(UnreadMail.of(0), overview.unread(session(ANN)));
        Waits waits = overview.waits(project);
        assertEquals(List.of(new Wait(ANN, Who.here(BEN), ask, false)), waits.waits());
        assertEquals(Set.of(BEN), waits.unreadable().keySet());
    }

    /** A damaged question is passed over; one of a ledger or an address that cannot be read may be open, and is told. */
    @Test
    void whatMayBeOpenIsTold() throws Exception {
        PendingAsk ask = ask(ANN, BEN);
        PendingAsk damaged = ask(ANN, EVE);
        Files.writeString(office.store().asks(ANN).resolve(damaged.requestId().value()), "damaged");
        office.ledger(BEN).markAnswered(ask.messageId());
        Files.writeString(office.store().movedTo(BEN), "/");
        ProjectOverview project = overview.of(PROJECT);
        assertEquals(Set.of(BEN), project.unreadable().keySet());
        assertEquals(
                List.of(new Wait(ANN, Who.here(BEN), ask, false)),
                overview.waits(project).waits());
    }

    @Test
    void aDiskThatFailsInPlacesHidesOnlyWhatIsThere() throws Exception {
        overview = new Overview(over(failing(path -> path.equals(office.store().card(EVE))
                || path.equals(office.store().activity(BEN)))));

        ProjectOverview project = overview.of(PROJECT);

        assertEquals(Set.of(EVE), project.unreadable().keySet());
        assertEquals(Life.UNKNOWN, session(BEN).presence().life());
        assertEquals(Activity.UNKNOWN, session(BEN).presence().activity());
        assertTrue(session(ANN).isLive());
    }

    /** A disk of which some paths can be seen and not be read. */
    private static Disk failing(Predicate<Path> where) {
        Disk disk = Disk.local(Durability.PROCESS);
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    boolean reads = Set.of("readFile", "isAbsent").contains(method.getName());
                    if (reads && where.test((Path) arguments[0])) {
                        throw new IOException(arguments[0] + ": Input/output error");
                    }
                    try {
                        return method.invoke(disk, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void itCostsWhatItTellsAndNoMore() throws Exception {
        office.peers().peersOf(PROJECT);
        FilePostOffice counted = over(CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs));
        verbs.clear();
        List<Peer> peers = counted.peers().peersOf(PROJECT);
        for (Peer peer : peers) {
            counted.peers().presence(peer);
        }
        Map<String, Integer> bare = taken();
        ProjectOverview project = overview.of(PROJECT);
        assertEquals(bare, taken());

        counted.mailbox(ANN).waiting();
        bare = taken();
        overview.unread(project.session(ANN).orElseThrow());
        assertEquals(bare, taken());

        overview.ways(project.session(ANN).orElseThrow());
        assertEquals(Map.of(), taken());

        // Of three that have not ended: where its questions are, and one look.
        overview.waits(project);
        assertEquals(Map.of("isAbsent", 3, "kind", 9, "list", 3), taken());
    }

    /** What was asked of the disk since the last look. */
    private Map<String, Integer> taken() {
        Map<String, Integer> taken = Map.copyOf(verbs);
        verbs.clear();
        return taken;
    }

    /** All that an onlooker could change: names, contents, modes, and when they changed. */
    private Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                String content = Files.isRegularFile(file) ? HexFormat.of().formatHex(Files.readAllBytes(file)) : "";
                all.put(
                        home.relativize(file).toString(),
                        Files.getAttribute(file, "unix:ctime") + " " + Files.getLastModifiedTime(file) + " " + content);
            }
        }
        return all;
    }

    /** As somebody who knows of no index has made it: it is to be added by whoever may write. */
    private void stranger() throws IOException {
        SessionId id = new SessionId("stranger");
        office.store().makeSession(id);
        Files.writeString(office.store().card(id), "{\"v\":1,\"id\":\"stranger\",\"project\":\"" + PROJECT + "\"}\n");
    }

    @Test
    void lookingChangesNothingAndWaitsForNoLock() throws Exception {
        ask(ANN, BEN);
        clock.advance(PendingAsk.LIFE);
        PendingAsk awaited = ask(EVE, ANN);
        office.asks(EVE).waiting(awaited.requestId());
        stranger();
        Files.writeString(office.store().card(OUT), "{");
        Files.writeString(office.store().mailbox(BEN).resolve("new/no message"), "");
        Files.writeString(office.store().activity(ANN), "busy\n");

        List<Lease> held = new ArrayList<>();
        for (String name : List.of("sweep", "move", "card-ann", "card-ben", "card-eve", "prune-ann", "prune-ben")) {
            held.add(office.leases().named(name).acquire(Leases.WAIT));
        }
        Map<String, String> before = everything();

        ProjectOverview project = overview.of(PROJECT);
        project.sessions().forEach(overview::unread);
        project.sessions().forEach(overview::ways);
        overview.tmuxSessions(project.sessions());
        Waits waits = overview.waits(project);

        assertEquals(before, everything());
        assertEquals(4, project.sessions().size());
        assertEquals(Set.of(OUT), project.unreadable().keySet());
        assertEquals(List.of(new Wait(EVE, Who.here(ANN), awaited, true)), waits.waits());
        // A lock is taken by making something.
        assertTrue(LOOKS.containsAll(verbs.keySet()), verbs::toString);
        for (Lease lease : held) {
            lease.ensureHeld();
            lease.close();
        }
        Map<String, String> looked = everything();
        office.peers().peersOf(PROJECT);
        assertNotEquals(looked, everything(), "whoever may write adds the stranger to the index");
    }
}
