package dev.parley.wake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.process.ProcessIdentity;
import dev.parley.wake.ResumeLog.End;
import dev.parley.wake.ResumeLog.Outcome;
import dev.parley.wake.ResumeLog.Parking;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of a session that is resumed for requests. */
final class ResumeLogTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private static final ProcessIdentity SERVER = new ProcessIdentity(7, 8, "scope");

    private static MessageId message(int n) {
        return new MessageId(String.format("m-%016d", n));
    }

    @Test
    void allOfItComesBackAsItWas() {
        ResumeLog log = ResumeLog.empty()
                .began(Optional.of(message(1)), AT)
                .ended(new End(AT.plusSeconds(3), Outcome.GAVE_WAY, Optional.of("0.0123_USD")))
                .began(Optional.empty(), AT.plusSeconds(5))
                .parked(Optional.of(new Parking(AT, "crash_loop", Optional.empty(), Optional.of(SERVER))))
                .told(message(1))
                .told(message(1));
        assertEquals(log, ResumeLog.decode(log.encode()));
        assertEquals(1, log.told().size());
        ResumeLog timed = log.parked(
                Optional.of(new Parking(AT, "rate_limited", Optional.of(AT.plusSeconds(60)), Optional.empty())));
        assertEquals(timed, ResumeLog.decode(timed.encode()));
        assertEquals(ResumeLog.empty(), ResumeLog.decode(new byte[0]));
    }

    @Test
    void aStartEndsWhatWasParked() {
        Parking parking = new Parking(AT, "crash_loop", Optional.empty(), Optional.of(SERVER));
        assertEquals(
                Optional.empty(),
                ResumeLog.empty()
                        .parked(Optional.of(parking))
                        .began(Optional.empty(), AT)
                        .parking());
    }

    @Test
    void onlyTheNewestAreKept() {
        ResumeLog log = ResumeLog.empty();
        for (int i = 0; i < 300; i++) {
            log = log.began(Optional.of(message(i)), AT.plusSeconds(i)).told(message(i));
        }
        assertEquals(ResumeLog.MOST_RUNS, log.runs().size());
        assertEquals(
                message(299), log.runs().get(ResumeLog.MOST_RUNS - 1).request().orElseThrow());
        assertEquals(ResumeLog.MOST_TOLD, log.told().size());
        assertTrue(log.told().contains(message(299)));
        assertFalse(log.told().contains(message(0)));
    }

    @Test
    void anEndWithoutAStartIsNone() {
        End end = new End(AT, Outcome.DONE, Optional.empty());
        assertEquals(ResumeLog.empty(), ResumeLog.empty().ended(end));
        ResumeLog ended = ResumeLog.empty().began(Optional.empty(), AT).ended(end);
        assertEquals(ended, ended.ended(new End(AT, Outcome.FAILED, Optional.empty())), "the first counts");
    }

    @Test
    void aCostThatIsNoneIsDropped() {
        for (String cost : new String[] {"", "two words", "a\nb", "1_2_3_4_5", "x".repeat(21), "\u001b[1m"}) {
            assertEquals(Optional.empty(), new End(AT, Outcome.DONE, Optional.of(cost)).cost(), cost);
        }
        assertEquals(Optional.of("12+34 tokens"), new End(AT, Outcome.DONE, Optional.of("12+34_tokens")).costInWords());
    }

    @Test
    void aParkingEndsByItselfOrByASignOfLife() {
        Parking timed = new Parking(AT, "rate_limited", Optional.of(AT.plusSeconds(60)), Optional.empty());
        assertFalse(timed.isOver(AT.plusSeconds(59), Optional.of(AT), Optional.empty()));
        assertTrue(timed.isOver(AT.plusSeconds(60), Optional.empty(), Optional.empty()));
        Parking open = new Parking(AT, "permission", Optional.empty(), Optional.of(SERVER));
        assertFalse(open.isOver(AT.plus(Duration.ofDays(400)), Optional.of(AT), Optional.of(SERVER)));
        assertTrue(
                open.isOver(AT, Optional.of(AT.plusMillis(1)), Optional.of(SERVER)), "it was seen to live after that");
        ProcessIdentity newer = new ProcessIdentity(7, 9, "scope");
        assertTrue(open.isOver(AT, Optional.empty(), Optional.of(newer)), "it has had a server since");
        assertFalse(open.isOver(AT, Optional.empty(), Optional.empty()));
        assertEquals("parked: permission", open.inWords());
    }

    @Test
    void whatIsNoneIsNotRead() {
        for (String text : new String[] {
            "run 1 - -\n",
            "run x - - - -\n",
            "parked 1 Bad! - -\n",
            "parked 1 permission - 7\n",
            "told m-1\n",
            "\n",
            "run 1 - 2 no_such - \n"
        }) {
            assertThrows(IllegalArgumentException.class, () -> ResumeLog.decode(text.getBytes(UTF_8)), text);
        }
    }
}
