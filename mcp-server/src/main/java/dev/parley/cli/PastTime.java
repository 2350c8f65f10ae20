package dev.parley.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A moment in the past as a person types it: how long ago, a day, or a day and a time. */
final class PastTime {

    /** What can be typed. */
    static final String FORMS = "30s, 5min, 2h, 3d, 1w, 2026-03-04 or 2026-03-04T05:06";

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})\\s*(s|m|min|h|d|w)");

    private PastTime() {}

    /**
     * The moment that was typed.
     *
     * @throws IllegalArgumentException if it is none, or lies in the future; says so
     */
    static Instant of(String typed, Instant now, ZoneId zone) {
        Instant time = ago(typed, now)
                .or(() -> date(typed, zone))
                .orElseThrow(() -> new IllegalArgumentException("'" + typed + "' is no time; it is like " + FORMS));
        if (time.isAfter(now)) {
            throw new IllegalArgumentException("'" + typed + "' lies in the future");
        }
        return time;
    }

    private static Optional<Instant> ago(String typed, Instant now) {
        Matcher ago = AGO.matcher(typed.strip());
        if (!ago.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(ago.group(1));
        return Optional.of(now.minus(
                switch (ago.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m", "min" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    case "d" -> Duration.ofDays(count);
                    default -> Duration.ofDays(7 * count);
                }));
    }

    private static Optional<Instant> date(String typed, ZoneId zone) {
        String text = typed.strip().replace(' ', 'T');
        try {
            if (text.indexOf('T') < 0) {
                return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
            }
            boolean hasOffset =
                    text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > text.indexOf('T');
            return Optional.of(
                    hasOffset
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDateTime.parse(text).atZone(zone).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
