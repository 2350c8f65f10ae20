package dev.parley.wake;

import java.util.Optional;

/**
 * What came of a wish to wake somebody, as a tool's result says it.
 *
 * @param status what came of it
 * @param via the rung that accepted it
 * @param reason why not, for people
 */
public record WakeReport(WakeStatus status, Optional<String> via, Optional<String> reason) {

    /** What is said to whoever wishes something about waking a session on another machine. */
    public static final WakeReport RUNG_THERE = not(
            WakeStatus.SKIPPED_NO_TARGET, "it is on another machine, which rings for all that comes from elsewhere");

    /** A rung accepted it. */
    public static WakeReport fired(String via) {
        return new WakeReport(WakeStatus.FIRED, Optional.of(via), Optional.empty());
    }

    /** Nothing was done. */
    public static WakeReport not(WakeStatus status, String reason) {
        return new WakeReport(status, Optional.empty(), Optional.of(reason));
    }
}
