package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an exit code says. */
class EndingTest {

    @ParameterizedTest
    @CsvSource({
        "0, CLEAN",
        "1, CRASHED",
        "2, CRASHED",
        "101, CRASHED",
        "126, NOT_STARTED",
        "127, NOT_STARTED",
        "128, CRASHED",
        "129, ASKED",
        "130, ASKED",
        "131, ASKED",
        "134, CRASHED",
        "137, CRASHED",
        "139, CRASHED",
        "143, ASKED",
        "255, CRASHED"
    })
    void isTold(int code, Ending ending) {
        assertEquals(ending, Ending.of(code));
    }

    @Test
    void isPutIntoWords() {
        assertEquals("was killed by signal 9", Ending.inWords(137));
        assertEquals("ended with exit code 1", Ending.inWords(1));
    }
}
