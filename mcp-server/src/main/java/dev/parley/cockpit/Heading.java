package dev.parley.cockpit;

import dev.parley.office.Upkeep;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What a person is told of a log as a whole.
 *
 * @param project the directory that a person calls the project
 * @param at when it was read
 * @param zone in which zone times are shown
 * @param retention what is kept, in a sentence
 */
public record Heading(String project, Instant at, ZoneId zone, String retention) {

    /**
     * What is kept, in a sentence.
     *
     * @param newest so many messages of a session
     */
    public static String kept(int newest) {
        return "Each session keeps the newest " + newest
                + " messages that it has received, and for a day those that it still owes an answer; one that has ended is removed"
                + " with all of them after " + Upkeep.KEEP_DAYS + " days.";
    }
}
