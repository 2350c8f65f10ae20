package dev.parley.supervise;

import dev.parley.session.Setting;
import java.time.Duration;
import java.util.Map;

/**
 * How often sessions are started by themselves. Each number is clamped at both ends.
 *
 * @param ofSession starts of one session within an hour
 * @param ofMachine starts of all sessions within an hour
 * @param backOff how long after a first failure a session is not tried again; after a second it is four times as long
 */
public record StartLimits(int ofSession, int ofMachine, Duration backOff) {

    /** So many run at one time on a machine. */
    static final int AT_ONCE = 2;

    /** So often in a row a session is tried. */
    static final int ATTEMPTS = 3;

    /** Replies that led to the request for which a session is started. */
    static final int MAX_HOPS = 20;

    static final Duration HOUR = Duration.ofHours(1);
    static final int MOST_OF_SESSION = 6;
    static final int MOST_OF_MACHINE = 20;
    static final Duration LEAST_BACK_OFF = Duration.ofSeconds(1);
    static final Duration MOST_BACK_OFF = Duration.ofMinutes(10);

    private static final int FACTOR = 4;

    /** What holds unless somebody says otherwise. */
    public static final StartLimits DEFAULT = new StartLimits(MOST_OF_SESSION, MOST_OF_MACHINE, Duration.ofSeconds(5));

    /** As the settings have it. */
    public static StartLimits of(Map<String, String> environment) {
        return new StartLimits(
                MOST_OF_SESSION, MOST_OF_MACHINE, Duration.ofMillis(Setting.RESUME_BACK_OFF.number(environment)));
    }

    /** Clamps. */
    public StartLimits {
        ofSession = Math.max(1, Math.min(MOST_OF_SESSION, ofSession));
        ofMachine = Math.max(1, Math.min(MOST_OF_MACHINE, ofMachine));
        backOff = backOff.compareTo(LEAST_BACK_OFF) < 0
                ? LEAST_BACK_OFF
                : backOff.compareTo(MOST_BACK_OFF) > 0 ? MOST_BACK_OFF : backOff;
    }

    /** How long nothing is tried after so many failures in a row. */
    Duration backOffAfter(int failures) {
        Duration wait = backOff;
        for (int i = 1; i < failures; i++) {
            wait = wait.multipliedBy(FACTOR);
        }
        return wait;
    }
}
