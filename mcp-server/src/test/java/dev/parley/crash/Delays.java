package dev.parley.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How long after it was acknowledged each message was given. Times are those of {@link System#nanoTime}. Safe for several threads. */
final class Delays {

    private final Map<String, Long> acknowledged = new HashMap<>();
    private final Map<String, Long> given = new HashMap<>();

    /** Those that are acknowledged and not given. */
    private final Set<String> open = new HashSet<>();

    /** A sender was told that it is stored. */
    synchronized void acknowledged(String body) {
        acknowledged.put(body, System.nanoTime());
        if (!given.containsKey(body)) {
            open.add(body);
        }
    }

    /** A receiver was given it, for the first time or again. */
    synchronized void given(String body) {
        given.putIfAbsent(body, System.nanoTime());
        open.remove(body);
    }

    /** Whether all that was acknowledged has been given. */
    synchronized boolean isAllGiven() {
        return open.isEmpty();
    }

    /** How long after a moment the last of those was given that had been acknowledged before. */
    synchronized Duration lag(long moment) {
        long last = moment;
        for (Map.Entry<String, Long> each : acknowledged.entrySet()) {
            Long end = given.get(each.getKey());
            if (each.getValue() - moment <= 0 && end != null && end - last > 0) {
                last = end;
            }
        }
        return Duration.ofNanos(last - moment);
    }

    /** The median and the longest of all. */
    synchronized String summary() {
        List<Long> all = new ArrayList<>();
        acknowledged.forEach((body, start) -> {
            Long end = given.get(body);
            if (end != null) {
                all.add(Math.max(0, end - start));
            }
        });
        Collections.sort(all);
        return all.isEmpty()
                ? "none"
                : "median " + seconds(all.get(all.size() / 2)) + ", worst " + seconds(all.get(all.size() - 1));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
