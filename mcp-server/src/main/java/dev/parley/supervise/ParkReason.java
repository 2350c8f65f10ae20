package dev.parley.supervise;

import java.util.Locale;

/** Why a session is not started again by itself. */
public enum ParkReason {
    /** The provider's limit, until the time that it named. */
    RATE_LIMITED,
    /** Somebody else runs it. */
    HELD_ELSEWHERE,
    /** It had permissions that nobody but its user gives. */
    PERMISSION,
    /** It failed as often as it is tried. */
    CRASH_LOOP,
    /** It, or this machine, was started as often as is allowed in an hour. */
    BUDGET,
    /** Its client does not know it any more. */
    UNKNOWN_SESSION,
    /** What is needed to resume it cannot be read. */
    UNREADABLE;

    /** The word by which results and the store call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
