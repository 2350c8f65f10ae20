package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** However the crashes come: never more starts in any window than allowed, and none refused that is allowed. */
class RestartLimitPropertyTest {

    @Property
    void holdsInEveryWindow(@ForAll @Size(max = 60) List<@LongRange(min = 0, max = 400_000) Long> gapsMillis) {
        RestartLimit limit = new RestartLimit();
        List<Duration> admitted = new ArrayList<>();
        Duration now = Duration.ofDays(3);
        for (long gap : gapsMillis) {
            now = now.plusMillis(gap);
            Duration opens = now.minus(RestartLimit.WITHIN);
            long recent =
                    admitted.stream().filter(at -> at.compareTo(opens) > 0).count();
            boolean isAdmitted = limit.admit(now);
            assertEquals(recent < RestartLimit.MOST, isAdmitted, () -> admitted + " and " + recent);
            if (isAdmitted) {
                admitted.add(now);
            }
            assertTrue(limit.counted() <= RestartLimit.MOST);
        }
        for (Duration from : admitted) {
            Duration to = from.plus(RestartLimit.WITHIN);
            long within = admitted.stream()
                    .filter(at -> at.compareTo(from) >= 0 && at.compareTo(to) < 0)
                    .count();
            assertTrue(within <= 5, () -> "from " + from + ": " + admitted);
        }
    }
}
