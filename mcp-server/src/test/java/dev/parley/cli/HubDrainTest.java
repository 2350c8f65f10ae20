package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.cli.HubDrain.Underway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long it is waited for what is on its way, and what is said meanwhile. */
final class HubDrainTest {

    private final StringWriter told = new StringWriter();
    private long millis;

    private final HubDrain drain = new HubDrain(new PrintWriter(told), new HubDrain.Time() {
        @Override
        public long millis() {
            return millis;
        }

        @Override
        public void sleep(long some) {
            millis += some;
        }
    });

    private List<String> lines() {
        return told.toString().lines().toList();
    }

    private static String waiting(String what, int left) {
        return "parley: waiting for " + what + ", for another " + left + " s at the most; Ctrl-C changes nothing ...";
    }

    @Test
    void whatTakesLessThanASecondIsNotTold() throws Exception {
        Underway left = drain.run(() -> new Underway(millis < 900 ? 2 : 0, 0), Duration.ofSeconds(60));
        assertEquals(new Underway(0, 0), left);
        assertEquals(List.of(), lines());
    }

    @Test
    void whatTakesLongerIsToldWheneverItChangesAndNowAndThen() throws Exception {
        Underway left = drain.run(
                () -> millis < 4_000 ? new Underway(2, 1) : new Underway(millis < 16_000 ? 1 : 0, 0),
                Duration.ofSeconds(60));
        assertEquals(new Underway(0, 0), left);
        assertEquals(
                List.of(
                        waiting("2 messages to leave this machine and 1 to come in", 59),
                        waiting("1 message to leave this machine and 0 to come in", 56),
                        waiting("1 message to leave this machine and 0 to come in", 46)),
                lines());
    }

    @Test
    void whatIsLeftInTheEndIsReturned() throws Exception {
        assertEquals(new Underway(3, 0), drain.run(() -> new Underway(3, 0), Duration.ofSeconds(5)));
        assertEquals(5_000, millis);
        assertEquals(new Underway(0, 7), drain.run(() -> new Underway(0, 7), Duration.ZERO));
        assertEquals(5_000, millis);
    }

    @Test
    void aHubThatIsLostMeanwhileEndsIt() {
        assertThrows(
                IOException.class,
                () -> drain.run(
                        () -> {
                            throw new IOException("gone");
                        },
                        Duration.ofSeconds(5)));
    }
}
