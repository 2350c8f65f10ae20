package dev.parley.cockpit.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.cockpit.watch.Key.Kind;
import dev.parley.cockpit.watch.View.Pane;
import dev.parley.ledger.MessageState;
import dev.parley.peer.Presence.Activity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What keys do. */
final class BoardTest {

    private final Scene scene = Scene.shop();
    private final Board board = scene.board();

    private Act press(Kind kind) {
        return board.press(Key.of(kind), Scene.NOW);
    }

    private Act type(String text) {
        Act last = new Act.Draw();
        for (int c : text.codePoints().toArray()) {
            last = board.press(Key.typed(Character.toString(c)), Scene.NOW);
        }
        return last;
    }

    private View view() {
        return board.view(Scene.NOW).orElseThrow();
    }

    private String selected() {
        return view().session().orElseThrow().value();
    }

    @Test
    void theMostUrgentIsSelectedUntilSomebodyMovesAndThenStays() {
        assertEquals("bold-elk-session", selected());
        board.sees(new Scene()
                .session("tidy-fox", Activity.ASKING, Duration.ofMinutes(9), "codex", "")
                .session("bold-elk", Activity.ASKING, Duration.ofMinutes(2), "codex", "")
                .situation());
        assertEquals("tidy-fox-session", selected(), "it has needed somebody longer");
        type("j");
        assertEquals("bold-elk-session", selected());
        board.sees(Scene.shop().situation());
        type("jj");
        assertEquals("warm-owl-session", selected());
        board.sees(new Scene()
                .session("warm-owl", Activity.ENDED, Duration.ZERO, "codex", "")
                .session("bold-elk", Activity.BUSY, Duration.ZERO, "codex", "")
                .situation());
        assertEquals("warm-owl-session", selected(), "wherever it stands");
        board.sees(new Scene()
                .session("bold-elk", Activity.BUSY, Duration.ZERO, "codex", "")
                .situation());
        assertEquals("bold-elk-session", selected(), "it is not there any more");
    }

    @Test
    void timeAloneMakesAQuestionOfAClientUrgent() {
        Scene asking = new Scene()
                .session("calm-otter", Activity.BUSY, Duration.ofMinutes(9), "codex", "")
                .session("bold-elk", Activity.ASKING, Duration.ofSeconds(15), "codex", "");
        Board other = asking.board();
        assertEquals(
                "calm-otter-session", other.selected(Scene.NOW).orElseThrow().value());
        assertEquals(
                "bold-elk-session",
                other.selected(Scene.NOW.plusSeconds(6)).orElseThrow().value());
    }

    @Test
    void theListEndsWhereItEnds() {
        press(Kind.UP);
        assertEquals("bold-elk-session", selected());
        press(Kind.PAGE_DOWN);
        assertEquals("late-lynx-session", selected());
        press(Kind.DOWN);
        assertEquals("late-lynx-session", selected());
        type("g");
        assertEquals("bold-elk-session", selected());
        type("G");
        assertEquals("late-lynx-session", selected());
    }

    @Test
    void theNewestMessageIsFollowedUntilAnotherIsSelected() {
        press(Kind.ENTER);
        assertEquals(Pane.TALK, view().hand().pane());
        assertEquals(Optional.empty(), view().message());
        assertEquals("m-0000000000000103", ((Act.Copy) type("c")).text());
        type("k");
        assertEquals(Optional.of(new MessageId("m-0000000000000102")), view().message());
        scene.message("operator", "bold-elk", Duration.ofSeconds(1), MessageState.STORED, "news");
        scene.show(board);
        assertEquals(Optional.of(new MessageId("m-0000000000000102")), view().message());
        type("G");
        assertEquals("m-0000000000000105", ((Act.Copy) type("c")).text());
    }

    @Test
    void theIdOfWhatIsSelectedIsCopied() {
        assertEquals("bold-elk-session", ((Act.Copy) type("c")).text());
    }

    @Test
    void escapeLeadsBackStepByStep() {
        type("/o");
        press(Kind.ENTER);
        press(Kind.ENTER);
        type("/name");
        press(Kind.ENTER);
        press(Kind.ENTER);
        assertTrue(view().hand().isReading());
        press(Kind.ESCAPE);
        assertFalse(view().hand().isReading());
        assertEquals("name", board.search());
        press(Kind.ESCAPE);
        assertEquals("", board.search());
        assertEquals(Pane.TALK, view().hand().pane());
        press(Kind.ESCAPE);
        assertEquals(Pane.SESSIONS, view().hand().pane());
        assertEquals("o", view().hand().filter());
        press(Kind.ESCAPE);
        assertEquals("", view().hand().filter());
    }

    @Test
    void theFilterWorksWhileItIsTypedAndTakesExpressions() {
        type("/CALM");
        assertEquals(List.of("calm-otter-session"), ids());
        press(Kind.DELETE_LINE);
        type("/^(tidy|warm)-/");
        assertEquals(List.of("warm-owl-session", "tidy-fox-session"), ids());
        press(Kind.DELETE_LINE);
        type("/(/");
        assertEquals(6, ids().size(), "no filter yet");
        press(Kind.ENTER);
        assertTrue(
                view().hand().status().contains("is no regular expression"),
                view().hand().status());
        assertTrue(view().hand().prompt().isPresent(), "it can be put right");
        press(Kind.ESCAPE);
        assertEquals("", view().hand().filter());
        assertInstanceOf(Act.Quit.class, type("q"));
    }

    private List<String> ids() {
        return view().sessions().stream()
                .map(standing -> standing.session().id().value())
                .toList();
    }

    @Test
    void aMessageGoesToTheSelectedSessionAndAnAnswerToWhoWroteTheMessage() {
        type("jmhello");
        Act.Say say = (Act.Say) press(Kind.ENTER);
        assertEquals(new Act.Say(Scene.id("calm-otter"), Optional.empty(), "hello"), say);

        scene.show(board);
        press(Kind.ENTER);
        type("kr");
        assertEquals("answer to bold-elk", view().hand().prompt().orElseThrow().label());
        board.press(new Key(Kind.PASTE, "two\nlines"), Scene.NOW);
        assertEquals("m-0000000000000102 bold-elk-session two\nlines", told((Act.Say) press(Kind.ENTER)));
        assertTrue(view().hand().prompt().isEmpty());
    }

    private static String told(Act.Say say) {
        return say.about().orElseThrow().id() + " " + say.to() + " " + say.text();
    }

    @Test
    void whoCannotBeAnsweredIsSaid() {
        type("r");
        assertTrue(
                view().hand().status().contains("select the message"),
                view().hand().status());
        press(Kind.ENTER);
        type("r");
        assertEquals(
                "nobody can be answered: it came from operator", view().hand().status());
        assertFalse(view().hand().keys().contains("r answer"));
    }

    @Test
    void aTextThatIsTooLongStaysInTheLineUntilItIsShorter() {
        type("m");
        press(Kind.ENTER);
        assertTrue(
                view().hand().status().contains("this one has none"),
                view().hand().status());
        board.press(new Key(Kind.PASTE, "ü".repeat(4097)), Scene.NOW);
        assertInstanceOf(Act.Draw.class, press(Kind.ENTER));
        assertTrue(
                view().hand().status().contains("1 to 8192 bytes, this one has more"),
                view().hand().status());
        press(Kind.BACKSPACE);
        assertEquals("ü".repeat(4096), ((Act.Say) press(Kind.ENTER)).text());
    }

    @Test
    void nobodyWritesWhereNoPersonIs() {
        Board mute = new Board(Scene.ROOT, Scene.ZONE, 1000, Optional.of("not from here"));
        scene.show(mute);
        mute.press(Key.typed("m"), Scene.NOW);
        View view = mute.view(Scene.NOW).orElseThrow();
        assertTrue(view.hand().prompt().isEmpty());
        assertEquals("not from here", view.hand().status());
        assertFalse(view.hand().keys().contains("m message"));
    }

    @Test
    void theFooterNamesAPaneOnlyWhereOneIs() {
        assertFalse(view().hand().keys().contains("o tmux"));
        board.seesPanes(Set.of(Scene.id("bold-elk")));
        assertTrue(view().hand().keys().contains("o tmux"));
        assertEquals(new Act.Open(Scene.id("bold-elk")), type("o"));
    }

    @Test
    void aWaitLeadsToItsSession() {
        press(Kind.BACK_TAB);
        type("j");
        press(Kind.ENTER);
        assertEquals("calm-otter-session", selected());
        assertEquals(Pane.TALK, view().hand().pane());
    }

    @Test
    void aConversationThatIsNotWantedAnyMoreIsLeftOut() {
        type("j");
        board.sees(scene.talk("bold-elk"), Scene.NOW);
        assertTrue(view().talk().isEmpty());
        board.sees(scene.talk("calm-otter"), Scene.NOW);
        assertTrue(view().talk().isPresent());
    }

    @Test
    void quittingIsAlwaysPossible() {
        type("mquit");
        assertInstanceOf(Act.Quit.class, press(Kind.INTERRUPT));
        press(Kind.ESCAPE);
        type("?");
        assertTrue(view().hand().isHelp());
        assertInstanceOf(Act.Quit.class, type("q"));
    }
}
