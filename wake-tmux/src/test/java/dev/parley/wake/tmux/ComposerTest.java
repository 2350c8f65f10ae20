package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.peer.Peer;
import dev.parley.wake.tmux.Composer.Empty;
import dev.parley.wake.tmux.Composer.Holding;
import dev.parley.wake.tmux.Composer.Reading;
import dev.parley.wake.tmux.Composer.Settling;
import dev.parley.wake.tmux.Composer.Unsafe;
import dev.parley.wake.tmux.Composer.Working;
import dev.parley.wake.tmux.Recordings.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recognition of composers, on screens that the real clients have drawn. */
final class ComposerTest {

    static List<Recording> recordings() {
        return Recordings.all();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void recognisesEachRecordingForWhatItsNameSays(Recording recording) {
        Reading reading = read(recording.client(), recording);
        Class<? extends Reading> expected = switch (recording.name().split("-", 2)[0]) {
            case "empty" -> Empty.class;
            case "holding" -> Holding.class;
            case "working" -> Working.class;
            case "settling" -> Settling.class;
            default -> Unsafe.class;
        };
        assertInstanceOf(expected, reading, recording.capture());
    }

    /** Whatever a card may say of which client it is. */
    @ParameterizedTest
    @MethodSource("recordings")
    void takesNoClientForAnother(Recording recording) {
        for (String other : Recordings.CLIENTS.keySet()) {
            if (!other.equals(recording.client())) {
                assertInstanceOf(Unsafe.class, read(other, recording), other);
            }
        }
    }

    @Test
    void recordingsOfEveryKindAreThere() {
        for (String client : Recordings.CLIENTS.keySet()) {
            for (String kind : List.of("empty", "holding", "working", "unsafe")) {
                assertTrue(
                        Recordings.named(kind).stream().anyMatch(r -> r.client().equals(client)), client + kind);
            }
        }
    }

    @Test
    void knowsOurTextWhereverItIsBroken() {
        for (Recording recording : Recordings.named("holding-ours")) {
            Holding holding = assertInstanceOf(Holding.class, read(recording.client(), recording));
            assertEquals(Composer.squeezed(WakeOnce.TEXT), holding.draft());
        }
    }

    @Test
    void tellsWhatTheDraftIs() {
        assertEquals(
                new Holding("halfathought"),
                read(Peer.CLAUDE_CODE, Recordings.of(Peer.CLAUDE_CODE, "holding-draft-cursor-at-start")));
        assertEquals(new Holding(""), read(Peer.CODEX, Recordings.of(Peer.CODEX, "holding-blank")));
        assertEquals(
                new Holding("onetwo"), read(Peer.GEMINI_CLI, Recordings.of(Peer.GEMINI_CLI, "holding-three-lines")));
        assertEquals(
                new Holding("[Pasted~3lines]"),
                read(Peer.OPENCODE, Recordings.of(Peer.OPENCODE, "holding-three-lines")));
        for (String client : List.of(Peer.GEMINI_CLI, Peer.OPENCODE)) {
            assertEquals(
                    new Holding("halfathought"), read(client, Recordings.of(client, "holding-draft-cursor-at-start")));
            assertEquals(new Holding(""), read(client, Recordings.of(client, "holding-blanks-cursor-at-start")));
        }
        for (String client : Recordings.CLIENTS.keySet()) {
            assertEquals(new Working(""), read(client, Recordings.of(client, "working")));
            assertEquals(new Working("andthen"), read(client, Recordings.of(client, "working-with-draft")));
        }
        assertEquals(new Working(""), read(Peer.CLAUDE_CODE, Recordings.of(Peer.CLAUDE_CODE, "working-with-queued")));
    }

    @Test
    void aDraftOfLineBreaksIsADraft() {
        for (Recording recording : Recordings.named("empty")) {
            int row = recording.snapshot().state().cursorRow();
            int column = recording.snapshot().state().cursorColumn();
            List<String> lines = new ArrayList<>(List.of(recording.capture().split("\n", -1)));
            lines.add(row + 1, "");
            Recording broken =
                    new Recording(recording.client(), recording.name(), recording.state(), String.join("\n", lines));
            for (int cursor : List.of(row, row + 1)) {
                Reading reading = Composer.of(recording.client()).orElseThrow().read(broken.withCursor(column, cursor));
                assertFalse(reading instanceof Empty && !recording.client().equals(Peer.CODEX), broken::toString);
                assertFalse(reading instanceof Empty && cursor != row, broken::toString);
            }
        }
    }

    @Test
    void seesWhatWasSubmitted() {
        for (String client : Recordings.CLIENTS.keySet()) {
            Snapshot after = Recordings.of(client, "empty-after-a-turn").snapshot();
            Composer composer = Composer.of(client).orElseThrow();
            assertTrue(composer.showsSubmitted(after, "please ping"), client);
            assertFalse(composer.showsSubmitted(after, "please pin"), client);
            assertFalse(composer.showsSubmitted(after, "pong"), client);
        }
        Recording wide = Recordings.of(Peer.OPENCODE, "empty-wide-after-a-turn");
        assertTrue(
                new OpenCodeComposer().showsSubmitted(wide.snapshot(), "please ping"),
                "beside what it shows at the right");
    }

    @Test
    void doesNotTakeADraftForSomethingSubmitted() {
        for (Recording recording : Recordings.named("holding-ours")) {
            Composer composer = Composer.of(recording.client()).orElseThrow();
            assertFalse(composer.showsSubmitted(recording.snapshot(), WakeOnce.TEXT), recording::toString);
        }
    }

    @Test
    void knowsNoOtherClient() {
        assertEquals(Optional.empty(), Composer.of("some-other"));
    }

    private static Reading read(String client, Recording recording) {
        Snapshot snapshot = recording.snapshot();
        return snapshot.state()
                .obstacle()
                .<Reading>map(Unsafe::new)
                .orElseGet(() -> Composer.of(client).orElseThrow().read(snapshot));
    }
}
