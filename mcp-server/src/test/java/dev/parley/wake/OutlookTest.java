package dev.parley.wake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.wake.Outlook.Effort;
import dev.parley.wake.Outlook.Speaker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a sender is told of a message that is stored. */
final class OutlookTest {

    private static final Peer CODEX = Peers.of("codex", Peer.CODEX);
    private static final Peer CLAUDE = Peers.of("claude", Peer.CLAUDE_CODE);
    private static final Peer OTHER = Peers.of("other", "some-client");

    private static Outlook of(Peer target, Activity activity, Effort effort, Optional<WakeReport> report) {
        Presence presence = new Presence(Life.LIVE, activity, Optional.empty());
        return Outlook.of(target, presence, effort, report, true, Speaker.TOOL);
    }

    private static Optional<WakeReport> not(WakeStatus status) {
        return Optional.of(WakeReport.not(status, "because"));
    }

    @Test
    void whoIsRungHasItNow() {
        assertEquals(
                "now",
                of(CLAUDE, Activity.IDLE, Effort.NATIVE, Optional.empty()).word());
        assertEquals(
                "now",
                of(CODEX, Activity.IDLE, Effort.NATIVE, Optional.of(WakeReport.fired("codex-queue")))
                        .word());
        Outlook inVain = of(CLAUDE, Activity.IDLE, Effort.ALL, not(WakeStatus.SKIPPED_NO_TARGET));
        assertEquals(new Outlook("when_read", Optional.empty()), inVain, "its bell was waited for, and nobody came");
    }

    @Test
    void typingThatIsTurnedOffIsNotPromised() {
        Presence idle = new Presence(Life.LIVE, Activity.IDLE, Optional.empty());
        Outlook outlook = Outlook.of(CODEX, idle, Effort.NATIVE, Optional.empty(), false, Speaker.TOOL);
        assertEquals(new Outlook("when_read", Optional.empty()), outlook);
    }

    @Test
    void whoIsAtWorkOrAsksHasItThen() {
        assertEquals(
                "next_tool_call",
                of(CODEX, Activity.BUSY, Effort.NATIVE, not(WakeStatus.SKIPPED_BUSY))
                        .word());
        assertEquals(
                "when_user_answers",
                of(CODEX, Activity.ASKING, Effort.NATIVE, not(WakeStatus.SKIPPED_BUSY))
                        .word());
    }

    @Test
    void whoHasBeenRungForAnotherReadsThisOneWithIt() {
        assertEquals(
                "on_its_way",
                of(CODEX, Activity.IDLE, Effort.NATIVE, not(WakeStatus.SKIPPED_DEBOUNCED))
                        .word());
    }

    @Test
    void ifNothingWakesItTheResultSaysWhatWould() {
        Outlook codex = of(CODEX, Activity.HELD, Effort.NATIVE, not(WakeStatus.SKIPPED_NO_TARGET));
        assertEquals("when_read", codex.word());
        assertTrue(codex.hint().orElseThrow().contains("wake: auto"), codex::toString);
        Outlook claude = of(CLAUDE, Activity.UNKNOWN, Effort.NATIVE, Optional.empty());
        assertEquals("when_read", claude.word());
        assertTrue(claude.hint().orElseThrow().contains("wake: auto"), claude::toString);
        Outlook other = of(OTHER, Activity.UNKNOWN, Effort.ALL, not(WakeStatus.SKIPPED_NO_TARGET));
        assertTrue(other.hint().orElseThrow().contains("when it reads"), other::toString);
        Outlook unwanted = of(OTHER, Activity.UNKNOWN, Effort.NONE, Optional.empty());
        assertEquals(new Outlook("when_read", Optional.empty()), unwanted);
    }

    @Test
    void aHintIsGivenOnlyWhereNothingWakesTheReceiverAndIsShort() {
        List<Optional<WakeReport>> reports = new ArrayList<>(List.of(Optional.empty()));
        reports.add(Optional.of(WakeReport.fired("codex-queue")));
        for (WakeStatus status : WakeStatus.values()) {
            reports.add(not(status));
        }
        int hints = 0;
        for (Peer target : List.of(CODEX, CLAUDE, OTHER)) {
            for (Activity activity : Activity.values()) {
                for (Effort effort : Effort.values()) {
                    for (Optional<WakeReport> report : reports) {
                        Outlook outlook = of(target, activity, effort, report);
                        String which = target.client() + " " + activity + " " + effort + " " + report + ": " + outlook;
                        if (outlook.hint().isPresent()) {
                            hints++;
                            assertEquals("when_read", outlook.word(), which);
                            assertTrue(activity != Activity.BUSY && activity != Activity.ASKING, which);
                            assertTrue(report.flatMap(WakeReport::via).isEmpty(), which);
                            assertTrue(effort != Effort.NONE, which);
                            assertTrue(outlook.hint().get().length() <= 80, which);
                        }
                    }
                }
            }
        }
        assertTrue(hints > 0);
    }

    @Test
    void whereWakingIsTurnedOffNoWishIsSaidToTurnItOn() {
        Outlook off = of(CODEX, Activity.IDLE, Effort.NATIVE, not(WakeStatus.DISABLED));
        assertEquals(new Outlook("when_read", Optional.empty()), off);
    }

    @Test
    void aCommandAndAPageSayItInTheirOwnWords() {
        Presence presence = new Presence(Life.LIVE, Activity.UNKNOWN, Optional.empty());
        Outlook outlook = Outlook.of(CODEX, presence, Effort.NATIVE, Optional.empty(), true, Speaker.COMMAND);
        assertTrue(outlook.hint().orElseThrow().contains("--wake auto"), outlook::toString);
        Outlook onPage = Outlook.of(CODEX, presence, Effort.NATIVE, Optional.empty(), true, Speaker.PAGE);
        assertTrue(onPage.hint().orElseThrow().contains("Wake: by typing too"), onPage::toString);
    }
}
