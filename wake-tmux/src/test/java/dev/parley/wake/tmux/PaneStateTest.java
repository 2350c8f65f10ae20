package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PaneStateTest {

    /** As tmux 3.3a answers; it does not know {@code bracket_paste_flag}. */
    private static final String IDLE = "4711;4712;/dev/pts/3;0;0;0;0;;2;37;0;130;40;1;claude";

    @Test
    void readsAnAnswer() {
        assertEquals(
                Optional.of(new PaneState(
                        IDLE, 4711, 4712, "/dev/pts/3", true, false, true, false, false, 2, 37, false, 130, 40)),
                PaneState.parse(IDLE));
        assertEquals(Optional.empty(), PaneState.parse(IDLE).orElseThrow().obstacle());
    }

    @ParameterizedTest
    @CsvSource({
        "4711;4712;/dev/pts/3;1;0;0;0;;2;37;0;130;40;1;claude, dead",
        "4711;4712;/dev/pts/3;0;1;0;0;;2;37;0;130;40;1;claude, copy mode",
        "4711;4712;/dev/pts/3;0;2;0;0;;2;37;0;130;40;1;claude, copy mode",
        "4711;4712;/dev/pts/3;0;0;1;0;;2;37;0;130;40;1;claude, switched off",
        "4711;4712;/dev/pts/3;0;0;0;1;;2;37;0;130;40;1;claude, synchronised",
        "4711;4712;/dev/pts/3;0;0;0;0;0;2;37;0;130;40;1;claude, bracketed paste",
    })
    void tellsWhatStandsInTheWay(String answer, String why) {
        String obstacle = PaneState.parse(answer).orElseThrow().obstacle().orElseThrow();
        assertTrue(obstacle.contains(why), obstacle);
    }

    @Test
    void aBracketedPasteThatIsKnownIsNoObstacle() {
        String known = "4711;4712;/dev/pts/3;0;0;0;0;1;2;37;0;130;40;1;claude";
        assertEquals(Optional.empty(), PaneState.parse(known).orElseThrow().obstacle());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no server running",
                "4711;4712;/dev/pts/3;0;0;0;0;;2;37;0;130;40;1",
                "4711;4712;/dev/pts/3;0;0;0;0;;2;37;0;130;40;1;claude;more",
                "4711;4712;/dev/pts/3;;0;0;0;;2;37;0;130;40;1;claude",
                "4711;4712;/dev/pts/3;0;;0;0;;2;37;0;130;40;1;claude",
                "4711;4712;/dev/pts/3;0;0;;0;;2;37;0;130;40;1;claude",
                "4711;4712;/dev/pts/3;0;0;0;;;2;37;0;130;40;1;claude",
                "4711;;/dev/pts/3;0;0;0;0;;2;37;0;130;40;1;claude",
                "4711;4712;/dev/pts/3;0;0;0;0;;x;37;0;130;40;1;claude",
            })
    void takesNothingForAnAnswerThatIsNotComplete(String answer) {
        assertEquals(Optional.empty(), PaneState.parse(answer));
    }

    /** The last field is chosen by the program in the pane, and all of it goes into a format again. */
    @ParameterizedTest
    @ValueSource(strings = {"#(touch x)", "#{pid}", "a,b", "a}b", "%H", "a\"b", "a'b", "a$b", "a\\b", "a`b"})
    void takesNoNameThatMeansSomethingInAFormat(String name) {
        assertEquals(Optional.empty(), PaneState.parse(IDLE.replace("claude", name)));
    }

    @Test
    void asksWhetherAllOfItIsStillSo() {
        assertEquals(
                "#{==:" + PaneState.FORMAT + "," + IDLE + "}",
                PaneState.parse(IDLE).orElseThrow().unchanged());
    }
}
