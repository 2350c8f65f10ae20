package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the index by project spares looking at cards, and hides nobody, whoever made the session. */
final class ProjectIndexTest {

    private static final Path HOME = Path.of("/home");
    private static final String PROJECT = "/work/x";
    private static final String CARD_READS = "readFile session.json";

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-04T05:06:07Z"));
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final Disk disk = files.disk();
    private final Map<String, Integer> asked = new TreeMap<>();
    private final ProcessTable boot = scoped("0123456789abn4026531836");

    private Store store;
    private FilePeerDirectory peers;

    private static ProcessTable scoped(String scope) {
        return ScopedProcesses.in(new SimulatedProcesses().start(7), scope);
    }

    @BeforeEach
    void open() throws IOException {
        disk.makeDirectory(HOME);
        store = Store.over(HOME, CountedDisk.byVerbAndFile(disk, asked), clock, Trace.NONE);
        peers = new FilePeerDirectory(store, boot);
    }

    /** As a hook or server that knows of no index makes it. */
    private SessionId old(String id, String project) throws IOException {
        SessionId session = new SessionId(id);
        store.makeSession(session);
        String card = "{\"v\":1,\"id\":\"" + id + "\",\"client\":\"codex\",\"project\":\"" + project + "\"}\n";
        disk.createFile(store.card(session), card.getBytes(StandardCharsets.UTF_8), Disk.Sync.UNFORCED);
        clock.advance(Duration.ofSeconds(10));
        return session;
    }

    private Registration registration(String id, String project) {
        return new Registration(
                new SessionId(id),
                "codex",
                project,
                project,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private List<String> found(String project) throws IOException {
        return peers.peersOf(project).stream()
                .map(peer -> peer.id().value())
                .sorted()
                .toList();
    }

    @Test
    void aProjectsDirectoryIsNamedAfterThePosixChecksumOfItsKey() {
        // printf /work/x | cksum
        assertEquals("3810725740.7", ProjectIndex.directoryOf("/work/x"));
        // printf '/tmp/\303\244' | cksum
        assertEquals("2404308829.7", ProjectIndex.directoryOf("/tmp/ä"));
        assertEquals(ProjectIndex.UNSORTED, ProjectIndex.directoryOf(""));
        assertTrue(ProjectIndex.PROJECT
                .matcher(ProjectIndex.directoryOf("x".repeat(4096)))
                .matches());
    }

    @Test
    void sessionsOfWhoeverKnowsNoIndexAreFound() throws IOException {
        old("one", PROJECT);
        assertEquals(List.of("one"), found(PROJECT));
        old("two", PROJECT);
        old("three", "/elsewhere");
        assertEquals(List.of("one", "two"), found(PROJECT));
        assertEquals(List.of("three"), found("/elsewhere"));
    }

    @Test
    void whatOthersLeftBehindCostsNothing() throws Exception {
        peers.register(registration("mine", PROJECT));
        clock.advance(Duration.ofSeconds(10));
        found(PROJECT);
        asked.clear();
        assertEquals(List.of("mine"), found(PROJECT));
        Map<String, Integer> alone = new TreeMap<>(asked);

        for (int i = 0; i < 300; i++) {
            old("other-" + i, "/elsewhere/" + i % 30);
        }
        assertEquals(List.of("mine"), found(PROJECT));
        asked.clear();
        assertEquals(List.of("mine"), found(PROJECT));
        assertEquals(alone, asked);
        assertEquals(1, asked.get(CARD_READS));

        // A session more costs a listing of names, and one card.
        old("last", "/elsewhere/1");
        asked.clear();
        assertEquals(List.of("mine"), found(PROJECT));
        assertEquals(2, asked.get(CARD_READS));
    }

    /** Whom an onlooker sees, who may only read. */
    private List<String> seen(String project) throws IOException {
        asked.clear();
        List<String> seen = peers.roster(project).peers().stream()
                .map(peer -> peer.id().value())
                .sorted()
                .toList();
        assertTrue(
                asked.keySet().stream().allMatch(what -> what.matches("(isAbsent|kind|list|readFile|stat) .*")),
                asked::toString);
        return seen;
    }

    @Test
    void anOnlookerSeesThemAllAndNotesNothing() throws Exception {
        assertEquals(List.of(), seen(PROJECT));
        old("one", PROJECT);
        assertEquals(List.of("one"), seen(PROJECT), "nobody has looked yet");
        assertEquals(List.of("one"), found(PROJECT));
        assertEquals(List.of("one"), seen(PROJECT));
        old("two", PROJECT);
        old("three", "/elsewhere");
        peers.register(registration("four", PROJECT));
        clock.advance(Duration.ofSeconds(10));
        assertEquals(List.of("four", "one", "two"), seen(PROJECT), "the index does not know all");
        assertEquals(List.of("four", "one", "two"), found(PROJECT));
        assertEquals(List.of("three"), seen("/elsewhere"));
        found(PROJECT);
        asked.clear();
        found(PROJECT);
        Map<String, Integer> insider = new TreeMap<>(asked);
        seen(PROJECT);
        assertEquals(insider, asked, "it costs the same where the index knows all");
        store.makeSession(new SessionId("five"));
        assertEquals(List.of("four", "one", "two"), seen(PROJECT), "one has no card yet");
        peers = new FilePeerDirectory(store, scoped("ba9876543210n4026531836"));
        disk.deleteFile(
                store.projects().resolve(ProjectIndex.directoryOf(PROJECT)).resolve("two"));
        assertEquals(List.of("four", "one", "two"), seen(PROJECT), "after a power cut");
    }

    @Test
    void whatAServerAddsInALullAnOnlookerNeedNotLookFor() throws Exception {
        old("one", PROJECT);
        old("two", "/elsewhere");
        seen(PROJECT);
        assertTrue(asked.containsKey("list sessions"), asked::toString);
        peers.completeIndex();
        assertEquals(List.of("one"), seen(PROJECT));
        assertFalse(asked.containsKey("list sessions"), asked::toString);
        asked.clear();
        peers.completeIndex();
        assertEquals(Map.of("stat sessions", 1, "stat stamp-0123456789ab", 1), asked);
    }

    @Test
    void anOnlookerIsToldWhoseCardCannotBeRead() throws Exception {
        SessionId one = old("one", PROJECT);
        SessionId two = old("two", PROJECT);
        SessionId three = old("three", PROJECT);
        old("four", PROJECT);
        store.makeSession(new SessionId("new"));
        found(PROJECT);
        disk.deleteFile(store.card(one));
        disk.createFile(store.card(one), "{".getBytes(StandardCharsets.UTF_8), Disk.Sync.UNFORCED);
        disk.deleteFile(store.card(two));
        disk.makeDirectory(store.card(two));
        disk.createFile(store.movedTo(three), "/\n".getBytes(StandardCharsets.UTF_8), Disk.Sync.UNFORCED);

        assertEquals(List.of("four"), seen(PROJECT));

        Map<SessionId, String> unreadable = peers.roster(PROJECT).unreadable();
        assertEquals(Set.of(one, two, three), unreadable.keySet());
        assertFalse(unreadable.containsValue(""), unreadable::toString);
    }

    @Test
    void nothingIsNotedOfADirectoryThatHasJustChanged() throws IOException {
        store.makeSession(new SessionId("new"));
        found(PROJECT);
        asked.clear();
        found(PROJECT);
        assertEquals(List.of(), stampsBegun());
        clock.advance(Duration.ofSeconds(10));
        found(PROJECT);
        assertEquals(1, stampsBegun().size());
    }

    private List<String> stampsBegun() {
        return asked.keySet().stream()
                .filter(what -> what.startsWith("createFile stamp-"))
                .toList();
    }

    @Test
    void whoHasAnIdOfAClientNeedNotHaveOthersRenamed() throws Exception {
        peers.register(registration("other", PROJECT));
        Peer client = peers.register(registration("0197f0a4-2c11-7aaa-8000-0123456789ab", PROJECT));
        asked.clear();
        assertEquals(List.of(), peers.giveWay(client));
        assertEquals(Map.of(), asked, "no name can begin as that id does");
    }

    @Test
    void aSessionWithoutACardIsFoundOnceItHasOne() throws IOException {
        store.makeSession(new SessionId("late"));
        clock.advance(Duration.ofSeconds(10));
        assertEquals(List.of(), found(PROJECT));
        asked.clear();
        assertEquals(List.of(), found(PROJECT));
        assertFalse(asked.containsKey("list sessions"), () -> "all were known: " + asked);
        disk.createFile(
                store.card(new SessionId("late")),
                ("{\"v\":1,\"id\":\"late\",\"project\":\"" + PROJECT + "\"}\n").getBytes(StandardCharsets.UTF_8),
                Disk.Sync.UNFORCED);
        assertEquals(List.of("late"), found(PROJECT));
        assertEquals(List.of("late"), found(PROJECT));
    }

    @Test
    void aClockThatIsSetBackHidesNobody() throws IOException {
        old("one", PROJECT);
        found(PROJECT);
        clock.advance(Duration.ofHours(-5));
        old("two", PROJECT);
        assertEquals(List.of("one", "two"), found(PROJECT));
    }

    @Test
    void aSessionMadeAtTheVeryMomentOfTheLookIsFound() throws IOException {
        old("one", PROJECT);
        SessionId now = new SessionId("two");
        store.makeSession(now);
        found(PROJECT);
        SessionId then = new SessionId("three");
        store.makeSession(then);
        for (SessionId session : List.of(now, then)) {
            disk.createFile(
                    store.card(session),
                    ("{\"v\":1,\"id\":\"" + session + "\",\"project\":\"" + PROJECT + "\"}\n")
                            .getBytes(StandardCharsets.UTF_8),
                    Disk.Sync.UNFORCED);
        }
        assertEquals(List.of("one", "three", "two"), found(PROJECT));
    }

    @Test
    void entriesThatAPowerCutTookAreMadeAgain() throws IOException {
        old("one", PROJECT);
        old("two", PROJECT);
        found(PROJECT);
        // The note and the list of the known survived; the entry did not.
        disk.deleteFile(
                store.projects().resolve(ProjectIndex.directoryOf(PROJECT)).resolve("two"));
        peers = new FilePeerDirectory(store, scoped("ba9876543210n4026531836"));
        assertEquals(List.of("one", "two"), found(PROJECT));
    }

    @Test
    void whereTheBootIsNotKnownNothingIsNoted() throws IOException {
        peers = new FilePeerDirectory(store, scoped("local"));
        old("one", PROJECT);
        found(PROJECT);
        disk.deleteFile(
                store.projects().resolve(ProjectIndex.directoryOf(PROJECT)).resolve("one"));
        assertEquals(List.of("one"), found(PROJECT));
    }

    @Test
    void aDamagedIndexHidesNobody() throws IOException {
        old("one", PROJECT);
        disk.createFile(store.projects(), new byte[0], Disk.Sync.UNFORCED);
        assertEquals(List.of("one"), found(PROJECT));
        disk.deleteFile(store.projects());
        disk.makeDirectory(store.projects());
        disk.createFile(store.projects().resolve("known"), new byte[0], Disk.Sync.UNFORCED);
        assertEquals(List.of("one"), found(PROJECT));
        disk.deleteFile(store.projects().resolve("known"));
        disk.createFile(store.projects().resolve(ProjectIndex.directoryOf(PROJECT)), new byte[0], Disk.Sync.UNFORCED);
        assertEquals(List.of("one"), found(PROJECT));
    }

    @Test
    void aSessionThatGoesOnInAnotherProjectIsFoundThere() throws Exception {
        peers.register(registration("nomad", PROJECT));
        clock.advance(Duration.ofSeconds(10));
        assertEquals(List.of("nomad"), found(PROJECT));
        peers.register(registration("nomad", "/elsewhere"));
        assertEquals(List.of(), found(PROJECT));
        assertEquals(List.of("nomad"), found("/elsewhere"));
    }

    @Test
    void anOldServersMoveToAnIdOfAnotherProjectIsFollowed() throws Exception {
        SessionId thread = old("thread", PROJECT);
        found(PROJECT);
        SessionId madeUp = old("p-madeup", "/elsewhere");
        found(PROJECT);
        disk.createFile(store.movedTo(madeUp), "thread\n".getBytes(StandardCharsets.UTF_8), Disk.Sync.UNFORCED);
        disk.deleteFile(store.card(thread));
        disk.createFile(
                store.card(thread),
                "{\"v\":1,\"id\":\"thread\",\"project\":\"/elsewhere\"}\n".getBytes(StandardCharsets.UTF_8),
                Disk.Sync.UNFORCED);
        assertEquals(List.of("thread"), found("/elsewhere"));
    }
}
