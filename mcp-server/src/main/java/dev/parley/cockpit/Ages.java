package dev.parley.cockpit;

import java.time.Duration;

/** Times as a person says them: one number and its unit. */
public final class Ages {

    private Ages() {}

    /** How long something lasts, rounded down; what lies in the future lasts no time. */
    public static String of(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / (24 * 3600) + " d";
    }
}
