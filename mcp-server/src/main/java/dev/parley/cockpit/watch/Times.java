package dev.parley.cockpit.watch;

import dev.parley.cockpit.Ages;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as a person reads them. */
final class Times {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);

    private Times() {}

    /** How long ago something was, as everywhere. */
    static String since(Instant begun, Instant now) {
        return Ages.of(Duration.between(begun, now));
    }

    /** The time of day; of another day, with the day. */
    static String clock(Instant at, Instant now, ZoneId zone) {
        boolean isToday = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
        return (isToday ? CLOCK : DAY).format(at.atZone(zone));
    }
}
