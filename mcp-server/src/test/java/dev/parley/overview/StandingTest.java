package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.WorkState;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which session a person looks at first. */
final class StandingTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final List<SessionOverview> sessions = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final List<OwedWork> owed = new ArrayList<>();

    private void session(String name, Life life, Activity activity, int secondsAgo) {
        Peer peer = new Peer(
                new SessionId("id-" + name),
                name,
                Peer.CLAUDE_CODE,
                Optional.empty(),
                Optional.empty(),
                "/work",
                "/work/.git",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                NOW,
                Optional.empty());
        Optional<Instant> since = secondsAgo < 0 ? Optional.empty() : Optional.of(NOW.minusSeconds(secondsAgo));
        sessions.add(new SessionOverview(peer, new Presence(life, activity, since)));
    }

    private void waits(String asker, String asked, int secondsAgo, boolean isAtThisMoment) {
        SessionId to = new SessionId("id-" + asked);
        PendingAsk question = new PendingAsk(
                RequestId.create(), MessageId.create(Optional.empty()), to, NOW.minusSeconds(secondsAgo));
        waits.add(new Wait(new SessionId("id-" + asker), Who.here(to), question, isAtThisMoment));
    }

    /** Was looked at before it was due. */
    private void owes(String owner, String requester, int dueSecondsAgo) {
        owed.add(OpenRequests.item(
                new SessionId("id-" + owner),
                new SessionId("id-" + requester),
                requester,
                NOW.minusSeconds(dueSecondsAgo + 60),
                Optional.of(NOW.minusSeconds(dueSecondsAgo)),
                WorkState.WORKING,
                Optional.empty()));
    }

    private List<String> standings() {
        return Standing.of(
                        new ProjectOverview(NOW, sessions, List.of(), Map.of()),
                        new ProjectWork(owed, waits, List.of(), Map.of()))
                .stream()
                .map(standing -> standing.session().peer().name() + " " + standing.need()
                        + standing.since()
                                .map(at -> " " + (NOW.getEpochSecond() - at.getEpochSecond()))
                                .orElse("")
                        + (standing.waits().isEmpty()
                                ? ""
                                : " " + standing.waits().size()))
                .toList();
    }

    @Test
    void theMostUrgentComesFirst() {
        session("gone", Life.GONE, Activity.BUSY, 5);
        session("ended", Life.LIVE, Activity.ENDED, 6);
        session("idle", Life.LIVE, Activity.IDLE, 10);
        session("held", Life.LIVE, Activity.HELD, 30);
        session("working", Life.LIVE, Activity.BUSY, 3);
        session("just-asks", Life.LIVE, Activity.ASKING, 20);
        session("asks", Life.LIVE, Activity.ASKING, 21);
        session("asks-longer", Life.LIVE, Activity.ASKING, 400);
        session("untold", Life.LIVE, Activity.UNKNOWN, -1);
        session("elsewhere", Life.UNKNOWN, Activity.BUSY, 9);
        assertEquals(
                List.of(
                        "asks-longer USER 400",
                        "asks USER 21",
                        "just-asks WORKING 20",
                        "elsewhere WORKING 9",
                        "working WORKING 3",
                        "held IDLE 30",
                        "idle IDLE 10",
                        "untold UNTOLD",
                        "ended GONE 6",
                        "gone GONE 5"),
                standings());
    }

    /** Who asked and went on with something else works; who stands in ask_peer, or has nothing else to do, waits. */
    @Test
    void whoWaitsForAnAnswerIsToldSinceItsOldestQuestion() {
        session("in-the-call", Life.LIVE, Activity.BUSY, 500);
        session("goes-on", Life.LIVE, Activity.BUSY, 1);
        session("idle", Life.LIVE, Activity.IDLE, 2);
        session("asks-its-user", Life.LIVE, Activity.ASKING, 30);
        waits("idle", "goes-on", 90, false);
        waits("in-the-call", "idle", 60, true);
        waits("goes-on", "idle", 50, false);
        waits("asks-its-user", "idle", 40, true);
        waits("idle", "in-the-call", 40, false);
        assertEquals(
                List.of(
                        "asks-its-user USER 30 1",
                        "idle ANSWER 90 2",
                        "in-the-call ANSWER 60 1",
                        "goes-on WORKING 1 1"),
                standings());
    }

    /** What is due at this moment is overdue, also if nobody has looked since; who has ended is that and no more. */
    @Test
    void whoOwesWhatWasDueStandsBetweenTheUsersAndTheWaiting() {
        session("asks", Life.LIVE, Activity.ASKING, 21);
        session("waits", Life.LIVE, Activity.IDLE, 300);
        session("late", Life.LIVE, Activity.BUSY, 3);
        session("later", Life.LIVE, Activity.ASKING, 10);
        session("punctual", Life.LIVE, Activity.BUSY, 5);
        session("ended", Life.GONE, Activity.ENDED, 9);
        waits("waits", "late", 400, false);
        waits("late", "waits", 20, true);
        owes("late", "waits", 30);
        owes("late", "ended", 40);
        owes("later", "waits", 0);
        owes("punctual", "waits", -1);
        owes("asks", "waits", 1000);
        owes("ended", "waits", 1000);
        assertEquals(
                List.of(
                        "asks USER 21",
                        "late OVERDUE 40 1",
                        "later OVERDUE 0",
                        "waits ANSWER 400 1",
                        "punctual WORKING 5",
                        "ended GONE 9"),
                standings());
    }
}
