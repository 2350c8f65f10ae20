package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.cockpit.Histories;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.Retention;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a view is told of a project in a file store of this machine. */
final class FeedTest {

    private static final String PROJECT = "/work/project/.git";
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final Duration LONG = Duration.ofMinutes(10);

    private FilePostOffice office;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        Store store = Store.open(temp.resolve("home"), Durability.PROCESS, Trace.NONE);
        office = new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
        register(ANN, LocalProcessTable.INSTANCE.self());
        register(BEN, LocalProcessTable.INSTANCE.self());
    }

    private void register(SessionId id, ProcessIdentity process) throws Exception {
        office.peers().register(registration(id, process));
    }

    private static Registration registration(SessionId id, ProcessIdentity process) {
        return new Registration(
                id,
                Peer.CLAUDE_CODE,
                "/work/project",
                PROJECT,
                Optional.of(process),
                Optional.of(process),
                Optional.empty(),
                false);
    }

    /** A feed of a project in which nothing has happened for a while. */
    private Feed settled() throws Exception {
        return settled(office);
    }

    private Feed settled(FilePostOffice onlooker) throws Exception {
        try (Stream<Path> files = Files.walk(office.store().home())) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
            }
        }
        Feed feed = new Overview(onlooker).feed(PROJECT);
        assertEquals(Set.of(), feed.next(Duration.ZERO));
        return feed;
    }

    @Test
    void aMessageIsTold() throws Exception {
        try (Feed feed = settled()) {
            office.delivery().send(Letters.plain(ANN, BEN, "hello"), Ring.NO);
            assertEquals(Set.of(BEN), feed.next(LONG));
        }
    }

    @Test
    void aSessionThatComesIsTold() throws Exception {
        SessionId eve = new SessionId("eve");
        try (Feed feed = settled()) {
            register(eve, LocalProcessTable.INSTANCE.self());
            assertTrue(feed.next(LONG).contains(eve));
        }
    }

    /** Nobody writes anything when a process is killed. */
    @Test
    void aSessionWhoseProcessIsKilledIsTold() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        SessionId eve = new SessionId("eve");
        try {
            register(eve, LocalProcessTable.INSTANCE.identify(process.pid()).orElseThrow());
            try (Feed feed = settled()) {
                process.destroyForcibly();
                process.waitFor();
                assertEquals(Set.of(eve), feed.next(LONG));
                List<SessionOverview> gone = new Overview(office)
                        .of(PROJECT).sessions().stream()
                                .filter(SessionOverview::isGone)
                                .toList();
                assertEquals(
                        List.of(eve), gone.stream().map(SessionOverview::id).toList());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** A view looks three times a second at every session, for hours, mostly at nothing new. */
    @Test
    void aLookAtRestListsNothingAndReadsNoMoreThanWhatEachSessionDoes() throws Exception {
        Map<String, Integer> verbs = new ConcurrentHashMap<>();
        FilePostOffice counted = new FilePostOffice(
                Store.over(
                        office.store().home(),
                        CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs),
                        Clock.systemUTC(),
                        Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        for (int i = 0; i < 10; i++) {
            office.delivery().send(Letters.plain(ANN, BEN, "hello"), Ring.NO);
        }
        try (Feed feed = settled(counted)) {
            verbs.clear();
            assertEquals(Set.of(), feed.next(Duration.ZERO));
            // Where sessions are listed, and of each its directory, what waits, what is handed over, its ledger, its
            // questions.
            assertEquals(Map.of("modifiedMillis", 4 + 2 * 5, "isAbsent", 2), verbs);
        }

        Files.writeString(office.store().activity(ANN), "idle\n");
        SessionId later = new SessionId("ben-later");
        office.peers().move(BEN, registration(later, LocalProcessTable.INSTANCE.self()));
        SessionId eve = new SessionId("eve");
        register(eve, LocalProcessTable.INSTANCE.self());
        office.peers().update(eve, card -> card.withEnding(Optional.of(new Peer.Ending(Instant.now(), "exit"))));
        try (Feed feed = settled(counted)) {
            verbs.clear();
            assertEquals(Set.of(), feed.next(Duration.ZERO));
            // A sixth of who has said what it does, also since when; two of an id that has moved on. Nobody asks
            // whether who ended lives.
            assertEquals(Map.of("modifiedMillis", 4 + (6 + 1) + 5 + 2 + 5, "isAbsent", 2, "readFile", 1), verbs);
        }
    }

    /** Views show what was done to go on with a session, and look at it again when they are told. */
    @Test
    void thatASessionWasGoneOnWithIsTold() throws Exception {
        for (int start = 1; start <= 2; start++) {
            try (Feed feed = settled()) {
                Histories.resumes(office, ANN, "run " + start + " - - - -");
                assertEquals(Set.of(ANN), feed.next(LONG));
            }
            try (Feed feed = settled()) {
                Histories.supervised(office, BEN, LocalProcessTable.INSTANCE.self(), "began " + start + " BY - -");
                assertEquals(Set.of(BEN), feed.next(LONG));
            }
        }
    }

    @Test
    void whatASessionSaysItDoesIsToldFromItsFirstWordOn() throws Exception {
        try (Feed feed = settled()) {
            Files.writeString(office.store().activity(ANN), "busy\n");
            assertEquals(Set.of(ANN), feed.next(LONG));
        }
        try (Feed feed = settled()) {
            Files.writeString(office.store().activity(ANN), "idle\n");
            assertEquals(Set.of(ANN), feed.next(LONG));
        }
        try (Feed feed = settled()) {
            Files.delete(office.store().activity(ANN));
            assertEquals(Set.of(ANN), feed.next(LONG));
        }
    }
}
