package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Checksummed;
import dev.parley.store.Disk;
import dev.parley.store.Part;
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
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That what has ended costs nothing, and that nobody is taken for ended who is not. Counted, so no noise changes it. */
final class EndedNotesTest {

    private static final Path HOME = Path.of("/home");
    private static final String PROJECT = "/work/x";
    private static final String CARD_READS = "readFile session.json";
    private static final int FEW = 3;
    private static final int MANY = 1_000;
    private static final int SOME = 100;
    private static final long CLIENT = 7;

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-04T05:06:07Z"));
    private final Disk disk = SimulatedFiles.empty(clock).disk();
    private final SimulatedProcesses processes = new SimulatedProcesses();
    private final ProcessTable table = processes.start(CLIENT);
    private final ProcessTable boot = ScopedProcesses.in(table, "0123456789abn4026531836");
    private final Map<String, Integer> asked = new TreeMap<>();

    private Store store;
    private FilePeerDirectory peers;
    private Peer caller;

    @BeforeEach
    void open() throws Exception {
        disk.makeDirectory(HOME);
        store = Store.over(HOME, CountedDisk.byVerbAndFile(disk, asked), clock, Trace.NONE);
        peers = another();
        caller = peers.register(registration("caller"));
        rename("holder", "the-holder");
        settle();
    }

    /** What another process sees. */
    private FilePeerDirectory another() {
        return new FilePeerDirectory(store, boot);
    }

    private void settle() {
        clock.advance(Duration.ofSeconds(10));
    }

    private Registration registration(String id) {
        return new Registration(
                new SessionId(id),
                "claude-code",
                PROJECT,
                PROJECT,
                boot.identify(CLIENT),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private void rename(String id, String name) throws Exception {
        peers.register(registration(id));
        Peer unused = peers.update(new SessionId(id), card -> card.withName(name));
    }

    private void write(Path file, String text) throws IOException {
        if (!disk.isAbsent(file)) {
            disk.deleteFile(file);
        }
        disk.createFile(file, text.getBytes(StandardCharsets.UTF_8), Disk.Sync.UNFORCED);
    }

    /** As a version that knows no notes writes it. */
    private void card(String id, String name, String process) throws IOException {
        SessionId session = new SessionId(id);
        store.makeSession(session);
        write(
                store.card(session),
                "{\"v\":1,\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"client\":\"claude-code\",\"project\":\""
                        + PROJECT + "\",\"process\":\"" + process + "\"}\n");
    }

    private static String dead(String scope) {
        return "99.5." + scope;
    }

    private String alive() {
        return boot.identify(CLIENT).map(ProcessIdentity::toString).orElseThrow();
    }

    private void ended(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            card(id(i), "gone-" + i, dead(boot.self().scope()));
        }
        settle();
    }

    private static String id(int number) {
        return "ended-%04d".formatted(number);
    }

    private Map<String, Integer> cost(Look look) throws Exception {
        asked.clear();
        look.look();
        return new TreeMap<>(asked);
    }

    private interface Look {
        void look() throws Exception;
    }

    private List<String> present() throws IOException {
        return peers.present(PROJECT).peers().stream().map(Peer::name).toList();
    }

    private Resolution resolve(String target) throws IOException {
        return peers.resolve(target, caller);
    }

    private static String found(Resolution resolution) {
        return assertInstanceOf(Resolution.Found.class, resolution).peer().id().value();
    }

    /** Notes are made by whoever looks first, and count once their own time is settled. */
    private void note() throws Exception {
        for (int looks = 0; looks < 3; looks++) {
            peers = another();
            resolve("the-holder");
            settle();
        }
        resolve("the-holder");
        resolve("the-holder");
    }

    @Test
    void aThousandEndedSessionsCostASendByNameNothing() throws Exception {
        ended(0, FEW);
        note();
        Map<String, Integer> few = cost(() -> assertEquals("holder", found(resolve("the-holder"))));
        ended(FEW, MANY);
        note();
        Map<String, Integer> many = cost(() -> assertEquals("holder", found(resolve("the-holder"))));
        assertEquals(few, many);
        assertEquals(1, many.get(CARD_READS), many::toString);
        assertTrue(many.keySet().stream().noneMatch(what -> what.startsWith("list")), many::toString);
    }

    @Test
    void aThousandEndedSessionsCostAListNothing() throws Exception {
        List<String> living = present();
        note();
        present();
        Map<String, Integer> none = cost(this::present);
        ended(0, MANY);
        note();
        Map<String, Integer> many = cost(() -> assertEquals(living, present()));
        assertEquals(none, many);
        assertEquals(2, many.get(CARD_READS), many::toString);
    }

    @Test
    void whoStartsReadsNoCardOfWhatHasEnded() throws Exception {
        ended(0, MANY);
        note();
        peers = another();
        Map<String, Integer> start = cost(() -> peers.register(registration("new")));
        assertTrue(start.get(CARD_READS) < 10, start::toString);
    }

    @Test
    void whatHasEndedIsFoundByNameIdAndTheBeginningOfThat() throws Exception {
        ended(0, SOME);
        note();
        assertEquals("ended-0070", found(resolve("gone-70")));
        assertEquals("ended-0070", found(resolve("ended-0070")));
        assertInstanceOf(Resolution.Ambiguous.class, resolve("ended-00"));
        assertEquals(SOME + 2, peers.peersOf(PROJECT).size());
        Resolution.NotFound unknown = assertInstanceOf(Resolution.NotFound.class, resolve("gone-7o"));
        assertTrue(unknown.nearest().contains("gone-70"), unknown::toString);
        assertEquals(List.of("the-holder"), unknown.names());
    }

    @Test
    void aCardThatAnOlderVersionWritesCountsAtOnce() throws Exception {
        ended(0, SOME);
        note();
        present();
        // It writes the card under a lock.
        disk.makeDirectory(store.locks().resolve("card-ended-0005"));
        card("ended-0005", "back-again", alive());
        assertTrue(present().contains("back-again"));
        assertEquals("ended-0005", found(resolve("back-again")));
        settle();
        assertTrue(present().contains("back-again"));
        assertInstanceOf(Resolution.NotFound.class, resolve("gone-5"));
    }

    /** As a hook of an older version may leave it. */
    @Test
    void whoIsBackUnnoticedIsSeenAfterHalfAMinute() throws Exception {
        ended(0, SOME);
        note();
        present();
        card("ended-0005", "back-again", alive());
        assertEquals("ended-0005", found(resolve("back-again")), "by name at once");
        clock.advance(Duration.ofSeconds(30));
        assertTrue(present().contains("back-again"));
    }

    @Test
    void whoHasSaidThatItIsOverIsNotedUnlessItsProcessRuns() throws Exception {
        for (int i = 0; i < 40; i++) {
            card("said-" + i, "said-so-" + i, i < 20 ? alive() : dead("00000000000an1"));
            write(store.activity(new SessionId("said-" + i)), "ended\n");
        }
        settle();
        note();
        Map<String, Integer> all = cost(() -> assertEquals(22, present().size()));
        assertEquals(22, all.get(CARD_READS), all::toString);
        disk.overwriteFile(
                store.activity(new SessionId("said-30")),
                "busy\n".getBytes(StandardCharsets.UTF_8),
                Disk.Sync.UNFORCED);
        disk.overwriteFile(
                store.activity(new SessionId("said-3")), "busy\n".getBytes(StandardCharsets.UTF_8), Disk.Sync.UNFORCED);
        clock.advance(Duration.ofSeconds(30));
        assertTrue(present().containsAll(List.of("said-so-3", "said-so-30")));
    }

    @Test
    void whoseProcessesNobodyElseCanJudgeIsLookedAtThere() throws Exception {
        ended(0, SOME);
        note();
        assertEquals(2, present().size());
        peers = new FilePeerDirectory(store, ScopedProcesses.in(table, "0123456789abn9"));
        assertEquals(SOME + 2, present().size(), "in another container nothing is known of them");
    }

    @Test
    void whoHasMovedIsFoundWhereItIs() throws Exception {
        ended(0, SOME);
        note();
        card("next", "goes-on", alive());
        write(store.movedTo(new SessionId("ended-0008")), "next\n");
        disk.makeDirectory(store.part(new SessionId("next"), Part.MOVED_FROM));
        write(store.part(new SessionId("next"), Part.MOVED_FROM).resolve("ended-0008"), "");
        settle();
        assertTrue(present().contains("goes-on"));
        assertEquals("next", found(resolve("ended-0008")));
        assertEquals("next", found(resolve("gone-8")), "its old name leads to it");
    }

    @Test
    void damagedNotesHideNobodyAndAreMadeAgain() throws Exception {
        ended(0, SOME);
        note();
        Path notes = HOME.resolve("ended").resolve(ProjectIndex.directoryOf(PROJECT));
        for (String content : List.of(
                "",
                "ended-1 gone-1 0 - 0\n",
                new String(Checksummed.encode("holder the-holder 1 - 1\nx\n \n"), StandardCharsets.UTF_8))) {
            write(notes, content);
            peers = another();
            assertEquals(SOME + 2, peers.peersOf(PROJECT).size());
            assertTrue(present().contains("the-holder"), content);
            note();
            assertEquals(2, cost(this::present).get(CARD_READS), content);
        }
        disk.deleteFile(notes);
        disk.makeDirectory(notes);
        peers = another();
        assertTrue(present().contains("the-holder"));
        assertEquals("holder", found(resolve("the-holder")));
    }

    @Test
    void aNameIsNotGivenTwiceAlthoughItsOwnerIsNotRead() throws Exception {
        ended(0, SOME);
        note();
        peers.register(registration("other"));
        assertThrows(
                NameTakenException.class, () -> peers.update(new SessionId("other"), card -> card.withName("gone-9")));
    }

    @Test
    void whoseNameIsTheBeginningOfAnIdIsNotTakenForIt() throws Exception {
        note();
        assertEquals("holder", found(resolve("the-holder")));
        card("the-holder-of-all", "somebody", alive());
        settle();
        assertInstanceOf(Resolution.Ambiguous.class, resolve("the-holder"));
    }

    @Test
    void aFewAreNotWorthAFile() throws Exception {
        ended(0, 10);
        note();
        assertFalse(disk.list(HOME).contains("ended"));
    }
}
