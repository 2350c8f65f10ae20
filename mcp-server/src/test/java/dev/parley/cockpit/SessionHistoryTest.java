package dev.parley.cockpit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done to go on with a session, as it stands in a store. */
final class SessionHistoryTest {

    private static final SessionId ANN = new SessionId("ann-session");
    private static final ProcessIdentity SELF = LocalProcessTable.INSTANCE.self();
    private static final ProcessIdentity OTHER = new ProcessIdentity(4711, SELF.start() + 1, SELF.scope());
    private static final Instant AT = Instant.parse("2026-03-04T05:06:07Z");
    private static final String REQUEST = "m-0000000000000001";

    private final SteppedClock clock = new SteppedClock(AT.plusSeconds(600));
    private FilePostOffice office;
    private Path home;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        office = over(Disk.local(Durability.PROCESS));
        office.peers()
                .register(new Registration(
                        ANN,
                        Peer.CLAUDE_CODE,
                        "/work/project",
                        "/work/project/.git",
                        Optional.of(SELF),
                        Optional.of(SELF),
                        Optional.of(ANN),
                        Optional.empty(),
                        false,
                        Binding.NONE));
        office.peers().update(ANN, card -> card.withName("ann"));
    }

    private FilePostOffice over(Disk disk) throws IOException {
        return new FilePostOffice(
                Store.over(home, disk, clock, Trace.NONE), LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    private Peer ann() throws Exception {
        return office.peers().find(ANN).orElseThrow();
    }

    private SessionHistory history() throws Exception {
        return SessionHistory.of(office, ann());
    }

    private List<String> lines() throws Exception {
        return history().events().stream()
                .map(event -> event.line(ZoneOffset.UTC))
                .toList();
    }

    private static long at(int seconds) {
        return AT.plusSeconds(seconds).toEpochMilli();
    }

    @Test
    void whoWasNeverGoneOnWithHasNone() throws Exception {
        assertEquals(List.of(), lines());
        assertEquals(Optional.empty(), history().parkedAt(clock.instant()));
        assertEquals(Optional.empty(), history().supervisionLine(ZoneOffset.UTC));
        assertEquals(Optional.empty(), history().resumeLine(ZoneOffset.UTC));
        assertNull(history().supervisionAsMap());
        assertNull(history().resumeAsMap());
    }

    @Test
    void everyStartIsToldWithItsEndAndItsCost() throws Exception {
        Histories.resumes(
                office,
                ANN,
                "run " + at(0) + " " + REQUEST + " " + at(33) + " done 0.0123_USD_in_all",
                "run " + at(60) + " - " + at(61) + " failed -",
                "run " + at(120) + " " + REQUEST + " - - -");
        assertEquals(
                List.of(
                        "2026-03-04 05:06:07  ann resumed for " + REQUEST
                                + ": did its turn (2026-03-04 05:06:40), 0.0123 USD in all",
                        "2026-03-04 05:07:07  ann resumed by hand: came to nothing (2026-03-04 05:07:08)",
                        "2026-03-04 05:08:07  ann resumed for " + REQUEST + ": its end was not noted"),
                lines());
        assertEquals(Optional.of(lines().get(2)), history().resumeLine(ZoneOffset.UTC));
        Histories.whileHeld(office, ANN, () -> {
            assertEquals("2026-03-04 05:08:07  ann resumed for " + REQUEST + ": it is in its turn", lines().get(2));
        });
        Map<String, ?> first = history().events().get(0).asMap();
        assertEquals(
                "{session=ann-session, session_name=ann, request=" + REQUEST + ", began_at=" + AT + ", ended_at="
                        + AT.plusSeconds(33) + ", outcome=done, cost=0.0123 USD in all}",
                first.toString());
        assertEquals(
                List.of(first),
                ((List<?>) Objects.requireNonNull(history().resumeAsMap()).get("starts")).subList(0, 1));
    }

    @Test
    void aStartThatWasKilledDoesNotGoOnUnderASupervisor() throws Exception {
        Histories.resumes(office, ANN, "run " + at(0) + " " + REQUEST + " - - -");
        Histories.supervised(office, ANN, SELF, "began " + at(20) + " BY - -");
        Histories.whileHeld(
                office,
                ANN,
                () -> assertEquals(
                        "2026-03-04 05:06:07  ann resumed for " + REQUEST + ": its end was not noted", lines().get(0)));
    }

    @Test
    void whoIsParkedIsSoUntilItsTimeComes() throws Exception {
        Histories.resumes(office, ANN, "parked " + at(0) + " rate_limited " + at(900) + " " + SELF);
        assertEquals(
                List.of(
                        "2026-03-04 05:06:07  ann not resumed for requests, parked: rate_limited until 2026-03-04 05:21:07"),
                lines());
        SessionHistory history = history();
        assertTrue(history.parkedAt(AT.plusSeconds(899)).isPresent());
        assertEquals(Optional.empty(), history.parkedAt(AT.plusSeconds(900)), "without another look");
        assertEquals(
                Optional.of("ann is not resumed for requests, parked: rate_limited until 2026-03-04T05:21:07Z"),
                history.resumeLine(ZoneOffset.UTC));
        SessionEvent event = history.events().get(0);
        assertEquals("resume_parked", event.kind());
        assertEquals(
                "{session=ann-session, session_name=ann, at=" + AT + ", reason=rate_limited, until="
                        + AT.plusSeconds(900) + "}",
                event.asMap().toString());
        clock.advance(Duration.ofMinutes(10));
        assertNull(history().resumeAsMap());
        assertEquals(1, lines().size(), "that it was parked stays told");
    }

    @Test
    void whoWasStartedSinceIsNotParkedAnyMore() throws Exception {
        Histories.resumes(office, ANN, "parked " + at(0) + " crash_loop - -");
        assertEquals(Optional.empty(), history().parkedAt(clock.instant()), "it has a server that it had not");
    }

    @Test
    void whatASupervisorDoesIsToldAndWhoItsPlaceIsTakenBy() throws Exception {
        Histories.supervised(
                office,
                ANN,
                SELF,
                "began " + at(0) + " " + OTHER + " - -",
                "resumed " + at(10) + " " + OTHER + " 137 -",
                "began " + at(20) + " BY - -",
                "parked " + at(30) + " BY 1 " + at(900));
        String place = "supervised by process " + SELF.pid() + ", in place of process 4711, which noted no end";
        assertEquals(
                List.of(
                        "2026-03-04 05:06:07  ann supervised by process 4711",
                        "2026-03-04 05:06:17  ann resumed: its client had ended with 137",
                        "2026-03-04 05:06:27  ann " + place,
                        "2026-03-04 05:06:37  ann parked: rate_limited until 2026-03-04 05:21:07: its client had ended"
                                + " with 1"),
                lines());
        Map<String, ?> third = history().events().get(2).asMap();
        assertEquals(
                "{session=ann-session, session_name=ann, at=" + AT.plusSeconds(20)
                        + ", what=began, exit_code=null, until=null, supervisor_pid=" + SELF.pid()
                        + ", in_place_of_pid=4711}",
                third.toString());
        assertEquals(Optional.empty(), history().parkedAt(clock.instant()), "nobody waits for it");
        assertEquals(Optional.empty(), history().present());
        Histories.whileHeld(office, ANN, () -> {
            assertEquals(
                    "parked: rate_limited",
                    history().parkedAt(clock.instant()).orElseThrow().what());
            assertEquals(Optional.empty(), history().parkedAt(AT.plusSeconds(900)));
            assertEquals(
                    "ann is parked: rate_limited until 2026-03-04 05:21:07, by process " + SELF.pid()
                            + "; resumed 1 time",
                    history().supervisionLine(ZoneOffset.UTC).orElseThrow());
            assertEquals(
                    SELF.pid(),
                    Objects.requireNonNull(history().supervisionAsMap()).get("supervisor_pid"));
        });
    }

    @Test
    void whoBeginsAfterAnEndTakesNobodysPlace() throws Exception {
        for (String end : List.of("ended", "given_up")) {
            Histories.supervised(
                    office, ANN, SELF, end + " " + at(0) + " " + OTHER + " 0 -", "began " + at(20) + " BY - -");
            assertEquals("2026-03-04 05:06:27  ann supervised by process " + SELF.pid(), lines().get(1));
        }
        Histories.supervised(office, ANN, SELF, "ended " + at(0) + " BY 0 -", "given_up " + at(1) + " BY 9 -");
        assertEquals(
                List.of(
                        "2026-03-04 05:06:07  ann ended with 0",
                        "2026-03-04 05:06:08  ann not resumed: its client had ended with 9"),
                lines());
        Histories.whileHeld(office, ANN, () -> {
            assertEquals(Optional.empty(), history().present(), "its supervisor is about to end");
        });
    }

    /** A supervisor that is killed writes nothing. */
    @Test
    void whoIsNotSupervisedAnyMoreIsFoundByLookingAgain() throws Exception {
        Histories.supervised(office, ANN, SELF, "began " + at(0) + " BY - -");
        List<SessionHistory> looks = new ArrayList<>();
        Histories.whileHeld(office, ANN, () -> {
            SessionHistory supervised = history();
            assertTrue(supervised.present().isPresent());
            assertEquals(supervised, supervised.again(office));
            looks.add(supervised);
        });
        assertEquals(Optional.empty(), looks.get(0).again(office).present());
    }

    @Test
    void whatCannotBeReadIsSaidToBeSo() throws Exception {
        Files.createDirectory(office.store().part(ANN, Part.RESUMES));
        assertTrue(history().trouble().isPresent());
        assertEquals(List.of(), lines());
    }

    /** Most sessions were never gone on with, and a view looks at hundreds. */
    @Test
    void aLookAtASessionWithoutAnyAsksForTwoFilesAndNothingAfterwards() throws Exception {
        Map<String, Integer> verbs = new ConcurrentHashMap<>();
        FilePostOffice counted = over(CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs));
        Peer ann = ann();
        verbs.clear();
        SessionHistory history = SessionHistory.of(counted, ann);
        assertEquals(Map.of("readFile", 2), verbs);
        verbs.clear();
        assertSame(history, history.again(counted));
        assertEquals(Map.of(), verbs);
    }
}
