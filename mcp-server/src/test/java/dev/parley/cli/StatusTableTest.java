package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Cells;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.WorkState;
import dev.parley.overview.OpenRequests;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Wait;
import dev.parley.overview.Who;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.RemotePeer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The sessions of a project on one screen. */
final class StatusTableTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final List<RemotePeer> elsewhere = new ArrayList<>();
    private final List<SessionOverview> sessions = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final List<OwedWork> owed = new ArrayList<>();
    private final Map<SessionId, UnreadMail> unread = new LinkedHashMap<>();

    private void session(String name, Life life, Activity activity, int secondsAgo, int mail) {
        SessionId id = new SessionId("id-" + name);
        Peer peer = new Peer(
                id,
                name,
                Peer.CODEX,
                Optional.of("purpose of " + name),
                Optional.of(NOW),
                "/work",
                "/work/.git",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                NOW,
                Optional.empty());
        sessions.add(
                new SessionOverview(peer, new Presence(life, activity, Optional.of(NOW.minusSeconds(secondsAgo)))));
        if (life != Life.GONE || mail > 0) {
            unread.put(id, new UnreadMail(Optional.of(mail), Optional.empty()));
        }
    }

    private void elsewhere(String name, Life life, Activity activity, boolean isAway) {
        Peer peer = Peer.elsewhere(
                new HostName("build-server"),
                new SessionId("id-" + name),
                name,
                "codex",
                Optional.of("purpose of " + name),
                Optional.empty(),
                "/work",
                NOW);
        elsewhere.add(new RemotePeer(
                peer,
                new Presence(life, activity, isAway ? Optional.empty() : Optional.of(NOW.minusSeconds(90))),
                isAway,
                List.of()));
    }

    private List<String> lines(OptionalInt width, int mostOfAGroup) {
        ProjectOverview project = new ProjectOverview(NOW, sessions, elsewhere, Map.of());
        return new StatusTable(project, width, mostOfAGroup)
                .lines(Standing.of(project, new ProjectWork(owed, waits, List.of(), Map.of())), unread);
    }

    @Test
    void theSessionsStandInGroupsByWhatTheyNeed() {
        session("idle", Life.LIVE, Activity.IDLE, 3 * 3600, 0);
        session("asker", Life.LIVE, Activity.BUSY, 7, 2);
        session("worker", Life.LIVE, Activity.BUSY, 90, 0);
        session("stuck", Life.LIVE, Activity.ASKING, 25, 0);
        session("away", Life.GONE, Activity.ENDED, 60, 3);
        session("long-gone", Life.GONE, Activity.ENDED, 60, 0);
        SessionId idle = new SessionId("id-idle");
        PendingAsk ask =
                new PendingAsk(RequestId.create(), MessageId.create(Optional.empty()), idle, NOW.minusSeconds(61));
        waits.add(new Wait(new SessionId("id-asker"), Who.here(idle), ask, true));
        assertEquals(
                List.of(
                        "NAME    CLIENT  DOES                         UNREAD  PURPOSE",
                        "── needs you (1)",
                        "stuck   codex   waits for its user for 25 s  0       purpose of stuck",
                        "── waits for an answer (1)",
                        "asker   codex   waits for idle: 1 min        2       purpose of asker",
                        "── works (1)",
                        "worker  codex   busy for 1 min               0       purpose of worker",
                        "── idle (1)",
                        "idle    codex   idle for 3 h                 0       purpose of idle",
                        "── ended (1)",
                        "away    codex   ended                        3       purpose of away",
                        "── ended, no mail (1): --all shows them"),
                lines(OptionalInt.empty(), 12));
    }

    /** With its machine, and without what that does not tell. */
    @Test
    void sessionsOfOtherMachinesStandApart() {
        session("asker", Life.LIVE, Activity.BUSY, 7, 2);
        elsewhere("ben", Life.LIVE, Activity.BUSY, false);
        elsewhere("dan", Life.UNKNOWN, Activity.UNKNOWN, true);
        elsewhere("eve", Life.GONE, Activity.ENDED, false);
        elsewhere("fay", Life.LIVE, Activity.ASKING, false);
        PendingAsk ask = new PendingAsk(
                RequestId.create(), MessageId.create(Optional.empty()), new SessionId("id-ben"), NOW.minusSeconds(61));
        waits.add(new Wait(
                new SessionId("id-asker"),
                new Who(Optional.of(new HostName("build-server")), new SessionId("id-ben")),
                ask,
                true));
        assertEquals(
                List.of(
                        "NAME              CLIENT  DOES                               UNREAD  PURPOSE",
                        "── waits for an answer (1)",
                        "asker             codex   waits for ben@build-server: 1 min  2       purpose of asker",
                        "── on other machines (3)",
                        "ben@build-server  codex   busy for 1 min                     -       purpose of ben",
                        "dan@build-server  codex   away                               -       purpose of dan",
                        "   and 1 more (--all shows them): fay@build-server"),
                lines(OptionalInt.empty(), 2));
    }

    /** In JSON as in the table. */
    @Test
    void whoHasEndedOnAnotherMachineIsInNoList() {
        elsewhere("ben", Life.LIVE, Activity.BUSY, false);
        elsewhere("dan", Life.UNKNOWN, Activity.UNKNOWN, true);
        elsewhere("eve", Life.GONE, Activity.ENDED, false);
        List<Map<String, Object>> shown =
                StatusCommand.elsewhere(new ProjectOverview(NOW, sessions, elsewhere, Map.of()));
        assertEquals(
                List.of("ben", "dan"),
                shown.stream().map(each -> each.get("name")).toList());
        assertEquals(
                List.of(false, true),
                shown.stream().map(each -> each.get("away")).toList());
    }

    @Test
    void whoOwesWhatWasDueIsToldInWordsAndNeverFolded() {
        SessionId asker = new SessionId("id-asker");
        session("asker", Life.LIVE, Activity.IDLE, 7, 0);
        for (int i = 1; i <= 3; i++) {
            session("late-" + i, Life.LIVE, Activity.BUSY, 90, 0);
            owed.add(OpenRequests.item(
                    new SessionId("id-late-" + i),
                    asker,
                    "asker",
                    NOW.minusSeconds(9000),
                    Optional.of(NOW.minusSeconds(60L * i)),
                    WorkState.WORKING,
                    Optional.empty()));
        }
        owed.add(OpenRequests.item(
                new SessionId("id-late-3"),
                new SessionId("id-not-here"),
                "somebody-else",
                NOW.minusSeconds(9000),
                Optional.of(NOW.minusSeconds(4 * 3600)),
                WorkState.OPEN,
                Optional.empty()));
        assertEquals(
                List.of(
                        "NAME    CLIENT  DOES                                        UNREAD  PURPOSE",
                        "── overdue (3)",
                        "late-3  codex   overdue 4 h, owes somebody-else and 1 more  0       purpose of late-3",
                        "late-2  codex   overdue 2 min, owes asker                   0       purpose of late-2",
                        "late-1  codex   overdue 1 min, owes asker                   0       purpose of late-1",
                        "── idle (1)",
                        "asker   codex   idle for 7 s                                0       purpose of asker"),
                lines(OptionalInt.empty(), 1));
    }

    /** Sixty sessions fit one screen of forty lines, and nothing is left out without being counted. */
    @Test
    void sixtySessionsAreReadable() {
        for (int i = 10; i < 13; i++) {
            session("stuck-" + i, Life.LIVE, Activity.ASKING, 100, 0);
        }
        for (int i = 10; i < 25; i++) {
            session("works-" + i, Life.LIVE, Activity.BUSY, 100 - i, 0);
        }
        for (int i = 10; i < 42; i++) {
            session("idle-" + i, Life.LIVE, Activity.IDLE, 100 - i, 0);
        }
        for (int i = 10; i < 20; i++) {
            session("gone-" + i, Life.GONE, Activity.ENDED, 10, 0);
        }
        List<String> lines = lines(OptionalInt.of(80), 12);
        assertTrue(lines.size() <= 40, lines.size() + " lines");
        lines.forEach(line -> assertTrue(Cells.of(line) <= 80, line));
        assertTrue(lines.contains("── works (15)"), lines::toString);
        assertTrue(lines.contains("   and 3 more (--all shows them): works-22, works-23, works-24"), lines::toString);
        assertTrue(
                lines.stream()
                        .anyMatch(line ->
                                line.startsWith("   and 20 more (--all shows them): idle-22, ") && line.endsWith("…")),
                lines::toString);
        assertTrue(lines.contains("── ended, no mail (10): --all shows them"), lines::toString);

        sessions.forEach(session -> unread.putIfAbsent(session.id(), new UnreadMail(Optional.of(0), Optional.empty())));
        List<String> all = lines(OptionalInt.of(80), Integer.MAX_VALUE);
        assertEquals(1 + 4 + 60, all.size(), "the heads, the groups, and every session");
    }
}
