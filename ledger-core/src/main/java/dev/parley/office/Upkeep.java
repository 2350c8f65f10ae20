package dev.parley.office;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Checking, repairing and sweeping a post office; what one has that keeps its things itself. */
public interface Upkeep {

    /** How many days a session that has ended is kept, unless a person says otherwise. */
    int KEEP_DAYS = 30;

    /** How long a server leaves it after anybody's last part of a sweep. */
    Duration PAUSE = Duration.ofMinutes(10);

    /**
     * What a repair came to.
     *
     * @param cured what is as it should be again
     * @param left what is not
     * @param setAside where what did not belong is now; empty if nothing was moved
     */
    record Repair(List<Finding> cured, List<Finding> left, Optional<String> setAside) {}

    /**
     * What was removed, or would be.
     *
     * @param what it was, for a person
     */
    record Removed(String what, String why) {}

    /** What a sweep does with what it finds. */
    enum Mode {
        /** Remove it. */
        REMOVE,
        /** Only tell of it. */
        DRY_RUN
    }

    /** Looks through everything. Changes nothing. */
    List<Finding> check() throws IOException;

    /** The same, and cures what can be cured. Nothing is removed: what does not belong is set aside. */
    Repair repair() throws IOException, InterruptedException;

    /**
     * Removes what nobody needs any more.
     *
     * @param keepEnded how long a session that has ended is kept
     */
    List<Removed> sweep(Mode mode, Duration keepEnded) throws IOException, InterruptedException;

    /** Does one part of a sweep, if it is time and no other process is at it; what a server does in a lull. */
    List<Removed> sweepPart() throws IOException, InterruptedException;
}
