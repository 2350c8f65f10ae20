package dev.parley.cockpit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.cockpit.Notice.Kind;
import dev.parley.cockpit.watch.Scene;
import dev.parley.ledger.WorkState;
import dev.parley.overview.ProjectOverview;
import dev.parley.peer.Presence.Activity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person is told of, and that it is told once. */
final class EdgesTest {

    private final Edges edges = new Edges();

    private List<Notice> next(Scene scene, int laterSeconds) {
        return edges.next(scene.overview(Duration.ofSeconds(laterSeconds)), scene.open());
    }

    private static Scene with(Activity activity, int seconds) {
        return new Scene().session("calm-otter", activity, Duration.ofSeconds(seconds), "codex", "");
    }

    @Test
    void aQuestionToTheUserIsToldWhenItIsOldAndOnce() {
        Scene asking = with(Activity.ASKING, 0);
        assertEquals(List.of(), next(asking, 0));
        assertEquals(List.of(), next(asking, 20));
        assertEquals(
                List.of(new Notice(
                        Kind.NEEDS_YOU,
                        Optional.of(Scene.id("calm-otter")),
                        Optional.of("calm-otter"),
                        "calm-otter needs you: its client asks its user something")),
                next(asking, 21));
        assertEquals(List.of(), next(asking, 22));
        assertEquals(List.of(), next(with(Activity.BUSY, 0), 23));
        assertEquals(1, next(with(Activity.ASKING, 0), 60).size(), "another question");
    }

    @Test
    void whatIsSoAtTheFirstLookIsNoNews() {
        assertEquals(List.of(), next(with(Activity.ASKING, 100), 0));
        assertEquals(List.of(), next(with(Activity.ASKING, 100), 1));
    }

    @Test
    void aSessionThatEndsOwingIsToldWithWhoWaits() {
        Scene alive = with(Activity.BUSY, 0)
                .session("bold-elk", Activity.BUSY, Duration.ZERO, "codex", "")
                .session("warm-owl", Activity.BUSY, Duration.ZERO, "codex", "")
                .waits("warm-owl", "calm-otter", Duration.ofMinutes(1), true)
                .waits("bold-elk", "calm-otter", Duration.ofMinutes(2), false);
        Scene dead = with(Activity.ENDED, 0)
                .session("bold-elk", Activity.BUSY, Duration.ZERO, "codex", "")
                .session("warm-owl", Activity.BUSY, Duration.ZERO, "codex", "")
                .waits("warm-owl", "calm-otter", Duration.ofMinutes(1), true)
                .waits("bold-elk", "calm-otter", Duration.ofMinutes(2), false);
        assertEquals(List.of(), next(alive, 0));
        List<Notice> told = next(dead, 1);
        assertEquals(1, told.size());
        assertEquals(Kind.GONE_OWING, told.get(0).kind());
        assertEquals(
                "calm-otter has ended and still owes an answer to bold-elk, warm-owl",
                told.get(0).text());
        assertEquals(List.of(), next(dead, 2));
        dead.waits("bold-elk", "calm-otter", Duration.ZERO, true);
        assertEquals(
                "calm-otter has ended and still owes an answer to bold-elk",
                next(dead, 3).get(0).text(),
                "somebody has asked who is gone");
    }

    private static Scene owing(Activity activity, WorkState state) {
        return with(activity, 0)
                .session("bold-elk", Activity.BUSY, Duration.ZERO, "codex", "")
                .session("warm-owl", Activity.BUSY, Duration.ZERO, "codex", "")
                .owes("calm-otter", "warm-owl", Duration.ofMinutes(1), state, Optional.of(Duration.ofSeconds(10)), "")
                .owes("calm-otter", "bold-elk", Duration.ofMinutes(1), state, Optional.of(Duration.ofSeconds(10)), "")
                .owes("calm-otter", "bold-elk", Duration.ofMinutes(1), state, Optional.of(Duration.ofSeconds(20)), "")
                .owes("bold-elk", "warm-owl", Duration.ofMinutes(1), state, Optional.empty(), "");
    }

    /** Nothing but the time has changed when it becomes so. */
    @Test
    void whatFallsDueIsToldOnceWithWhoWantsIt() {
        Scene scene = owing(Activity.BUSY, WorkState.OPEN);
        assertEquals(List.of(), next(scene, 0));
        assertEquals(List.of(), next(scene, 9));
        assertEquals(
                List.of(new Notice(
                        Kind.OVERDUE,
                        Optional.of(Scene.id("calm-otter")),
                        Optional.of("calm-otter"),
                        "calm-otter owes an answer that is overdue to bold-elk, warm-owl")),
                next(scene, 10));
        assertEquals(List.of(), next(scene, 11));
        assertEquals(
                "calm-otter owes an answer that is overdue to bold-elk",
                next(scene, 20).get(0).text(),
                "another request of the same");
        assertEquals(List.of(), next(scene, 21));
    }

    /** A request whose sender holds no ticket, as one of send_message, is owed all the same. */
    @Test
    void aSessionThatEndsOwingWorkIsTold() {
        assertEquals(List.of(), next(owing(Activity.BUSY, WorkState.WORKING), 0));
        Scene dead = owing(Activity.ENDED, WorkState.WORKING);
        assertEquals(
                List.of("calm-otter has ended and still owes an answer to bold-elk, warm-owl"),
                next(dead, 1).stream().map(Notice::text).toList());
        assertEquals(List.of(), next(dead, 2));
    }

    @Test
    void whatIsOverdueKeepsAProjectFromBeingFinished() {
        Scene late = with(Activity.IDLE, 0)
                .session("gone-gnu", Activity.ENDED, Duration.ZERO, "codex", "")
                .owes(
                        "calm-otter",
                        "gone-gnu",
                        Duration.ofMinutes(2),
                        WorkState.BLOCKED,
                        Optional.of(Duration.ofMinutes(-1)),
                        "");
        assertEquals(List.of(), next(with(Activity.BUSY, 0), 0));
        assertEquals(Kind.OVERDUE, next(late, 1).get(0).kind());
        for (int second = 2; second < 30; second++) {
            assertEquals(List.of(), next(late, second));
        }
        assertEquals(List.of(), next(with(Activity.IDLE, 0), 30));
        assertEquals(Kind.ALL_FINISHED, next(with(Activity.IDLE, 0), 35).get(0).kind());
    }

    @Test
    void thatAllAreFinishedIsToldWhenItHasLastedAndOnce() {
        assertEquals(List.of(), next(with(Activity.BUSY, 0), 0));
        assertEquals(List.of(), next(with(Activity.IDLE, 0), 10));
        assertEquals(List.of(), next(with(Activity.BUSY, 0), 12), "between two turns");
        assertEquals(List.of(), next(with(Activity.IDLE, 0), 13));
        assertEquals(List.of(), next(with(Activity.IDLE, 0), 17));
        assertEquals(Kind.ALL_FINISHED, next(with(Activity.IDLE, 0), 18).get(0).kind());
        assertEquals(List.of(), next(with(Activity.IDLE, 0), 30));
    }

    @Test
    void whereNobodyWorkedNothingIsFinished() {
        for (int second = 0; second < 30; second++) {
            assertEquals(List.of(), next(with(Activity.IDLE, 0), second));
        }
    }

    @Test
    void aWaitKeepsAProjectFromBeingFinished() {
        Scene waiting = with(Activity.IDLE, 0)
                .session("bold-elk", Activity.IDLE, Duration.ZERO, "codex", "")
                .waits("bold-elk", "calm-otter", Duration.ofMinutes(2), false);
        for (int second = 0; second < 30; second++) {
            assertEquals(List.of(), next(waiting, second));
        }
    }

    @Test
    void anEmptyProjectHasNoNews() {
        assertEquals(
                List.of(),
                edges.next(
                        new ProjectOverview(Scene.NOW, List.of(), List.of(), java.util.Map.of()), new Scene().open()));
    }
}
