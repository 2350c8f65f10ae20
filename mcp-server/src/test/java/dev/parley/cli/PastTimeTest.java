package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The moments that a person types. */
final class PastTimeTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "30s, 2026-03-04T05:05:37Z",
        "5min, 2026-03-04T05:01:07Z",
        "5m, 2026-03-04T05:01:07Z",
        "2h, 2026-03-04T03:06:07Z",
        "2 h, 2026-03-04T03:06:07Z",
        "3d, 2026-03-01T05:06:07Z",
        "1w, 2026-02-25T05:06:07Z",
        "2026-03-04, 2026-03-03T23:00:00Z",
        "2026-03-04T05:06, 2026-03-04T04:06:00Z",
        "2026-03-04 05:06, 2026-03-04T04:06:00Z",
        "2026-03-04T05:06:07Z, 2026-03-04T05:06:07Z",
        "2026-03-04T05:06:07+02:00, 2026-03-04T03:06:07Z",
        "2026-03-03T23:06:07-03:00, 2026-03-04T02:06:07Z"
    })
    void isUnderstood(String typed, String time) {
        assertEquals(Instant.parse(time), PastTime.of(typed, NOW, ZONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", "2", "-2h", "2y", "yesterday", "2026-13-04", "2026-03-04T25:00", "1234567h"})
    void whatIsNoTimeIsRefused(String typed) {
        String said = assertThrows(IllegalArgumentException.class, () -> PastTime.of(typed, NOW, ZONE))
                .getMessage();
        assertTrue(said.contains("'" + typed + "'") && said.contains(PastTime.FORMS), said);
    }

    @Test
    void theFutureIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> PastTime.of("2026-03-05", NOW, ZONE));
    }
}
