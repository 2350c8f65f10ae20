package dev.parley.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as Linux 6.18 wrote them, shortened after the fields that are read. */
final class ProcStatTest {

    private static final String REST = " 0 0 18446744073709551615 0 0 0\n";

    @Test
    void aLivingProcess() {
        assertEquals(
                148991,
                ProcStat.start("9063 (java) S 9062 9045 4230 0 -1 4227084 127 0 2 0 0 0 0 0 20 0 24 0 148991" + REST));
    }

    @Test
    void aStoppedProcessLives() {
        assertEquals(
                148991,
                ProcStat.start("9063 (java) T 9062 9045 4230 0 -1 4227084 127 0 2 0 0 0 0 0 20 0 24 0 148991" + REST));
    }

    @Test
    void aZombieIsGone() {
        assertEquals(
                ProcStat.GONE,
                ProcStat.start(
                        "9109 (python3) Z 9068 9045 4230 0 -1 4227148 219 0 0 0 0 0 0 0 20 0 1 0 149029" + REST));
    }

    @Test
    void aProcessWhoseFirstThreadHasEndedLivesInItsOthers() {
        assertEquals(
                148991,
                ProcStat.start("9063 (z) Z 9062 9045 4230 0 -1 4227084 127 0 2 0 0 0 0 0 20 0 2 0 148991" + REST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "x"})
    void aDeadProcessIsGone(String state) {
        assertEquals(
                ProcStat.GONE, ProcStat.start("1 (p) " + state + " 1 1 1 0 -1 1 1 0 2 0 0 0 0 0 20 0 1 0 5" + REST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "", "a b", "a) S 1 (b", "((", "))", ") Z 1 2 3", "new\nline"})
    void aNameMayHoldAnything(String name) {
        assertEquals(
                77,
                ProcStat.start("1 (" + name + ") R 9062 9045 4230 0 -1 4227084 127 0 2 0 0 0 0 0 20 0 1 0 77" + REST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1 (p)",
                "1 (p) S",
                "1 (p) S 1 2 3",
                "garbage",
                "1 (p) S a b c d e f g h i j k l m n o p q r s t u v w",
                "1 (p) S 1 1 1 0 -1 1 1 0 2 0 0 0 0 0 20 0 1 0 5",
                "1 p S 1 1 1 0 -1 1 1 0 2 0 0 0 0 0 20 0 1 0 5 0 0",
                "1 (p) Sleeping 1 1 1 0 -1 1 1 0 2 0 0 0 0 0 20 0 1 0 5 0 0",
                "1 (p) S 1 1 1 0 -1 1 1 0 2 0 0 0 0 0 20 0 +1 0 5 0 0"
            })
    void whatProcDoesNotSayTellsNothing(String stat) {
        assertEquals(ProcStat.CANNOT_TELL, ProcStat.start(stat));
    }
}
