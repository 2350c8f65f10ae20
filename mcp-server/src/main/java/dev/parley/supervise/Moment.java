package dev.parley.supervise;

import java.time.Duration;
import java.util.Optional;

/**
 * A moment by two clocks: the time of day, which may be set, and the time since the machine was booted, which nobody can set but
 * which begins anew.
 *
 * @param wallMillis milliseconds since the epoch
 * @param scope the boot, and what else must be the same for {@code upMillis} to mean anything, see
 *     {@link dev.parley.process.ProcessIdentity#scope}
 * @param upMillis milliseconds since the boot; -1 if not known
 */
record Moment(long wallMillis, String scope, long upMillis) {

    /** How much time passed since an earlier moment. Never negative: what lies in the future was noted by a clock that was set. */
    Duration since(Moment earlier) {
        boolean isOneBoot = scope.equals(earlier.scope) && upMillis >= 0 && earlier.upMillis >= 0;
        long passed = isOneBoot ? upMillis - earlier.upMillis : wallMillis - earlier.wallMillis;
        return Duration.ofMillis(Math.max(0, passed));
    }

    /**
     * The moment as it is to be remembered: if no time has passed since, it counts from now on. Otherwise what a clock noted
     * that was set back later would count for as long as it had been ahead.
     */
    Moment notAfter(Moment now) {
        return now.since(this).isZero() ? now : this;
    }

    String encode() {
        return wallMillis + " " + scope + " " + upMillis;
    }

    /** The reverse of {@link #encode}, of three fields; empty if they are none. */
    static Optional<Moment> decode(String wall, String scope, String up) {
        try {
            return Optional.of(new Moment(Long.parseLong(wall), scope, Long.parseLong(up)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
