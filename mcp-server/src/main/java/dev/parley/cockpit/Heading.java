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
        return "Kept are, of what each session has received, the newest " + newest
                + " messages and the questions that it has not answered for a day; a session that has ended is removed with its own "
                + Upkeep.KEEP_DAYS + " days later.";
    }
}
