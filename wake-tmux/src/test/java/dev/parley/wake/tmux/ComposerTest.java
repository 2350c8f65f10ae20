package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.peer.Peer;
import dev.parley.wake.tmux.Composer.Empty;
import dev.parley.wake.tmux.Composer.Holding;
import dev.parley.wake.tmux.Composer.Reading;
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
            default -> Unsafe.class;
        };
        assertInstanceOf(expected, reading, recording.capture());
    }

    /** Whatever a card may say of which client it is. */
    @ParameterizedTest
    @MethodSource("recordings")
    void takesNoClientForTheOther(Recording recording) {
        String other = recording.client().equals(Peer.CODEX) ? Peer.CLAUDE_CODE : Peer.CODEX;
        assertInstanceOf(Unsafe.class, read(other, recording));
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
            List<String> lines = new ArrayList<>(List.of(recording.capture().split("\n", -1)));
            lines.add(row + 1, "");
            Recording broken =
                    new Recording(recording.client(), recording.name(), recording.state(), String.join("\n", lines));
            for (int cursor : List.of(row, row + 1)) {
                Reading reading = Composer.of(recording.client()).orElseThrow().read(broken.withCursor(2, cursor));
                assertFalse(reading instanceof Empty && recording.client().equals(Peer.CLAUDE_CODE), broken::toString);
                assertFalse(reading instanceof Empty && cursor != row, broken::toString);
            }
        }
    }

    @Test
    void seesWhatWasSubmitted() {
        Recording claude = Recordings.of(Peer.CLAUDE_CODE, "empty-after-a-turn");
        Recording codex = Recordings.of(Peer.CODEX, "empty-after-a-turn");
        assertTrue(new ClaudeComposer().showsSubmitted(claude.snapshot(), "please ping"));
        assertTrue(new CodexComposer().showsSubmitted(codex.snapshot(), "please ping"));
        assertFalse(new ClaudeComposer().showsSubmitted(claude.snapshot(), "please pin"));
        assertFalse(new CodexComposer().showsSubmitted(codex.snapshot(), "pong"));
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
