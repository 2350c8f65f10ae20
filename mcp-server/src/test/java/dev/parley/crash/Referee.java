package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hears what every sender was told and what every reader was given, and judges: acknowledged ⊆ given ⊆ tried, nothing
 * given a second time without its mark, and each sender's messages first seen in their order. Safe for several threads.
 *
 * <p>A message is known by its body, {@code <sender>/<number>}.
 */
final class Referee {

    private final Set<String> tried = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> given = new HashSet<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final List<String> unmarked = new ArrayList<>();
    private final List<String> disordered = new ArrayList<>();
    private int marked;

    /** Hears one line of a {@link Victim}. */
    synchronized void hear(String line) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case "try" -> tried.add(words[1]);
            case "ack" -> acknowledged.add(words[1]);
            case "first" -> given(words[1], false);
            case "again" -> given(words[1], true);
            default -> {
                // A victim also says where it is; that is none of a referee's business.
            }
        }
    }

    private void given(String body, boolean isMarked) {
        marked += isMarked ? 1 : 0;
        if (!given.add(body)) {
            if (!isMarked) {
                unmarked.add(body);
            }
            return;
        }
        int slash = body.lastIndexOf('/');
        long number = Long.parseLong(body.substring(slash + 1));
        Long before = newest.put(body.substring(0, slash), number);
        if (before != null && before >= number) {
            disordered.add(body + " after " + before);
        }
    }

    /** How many messages have been acknowledged. */
    synchronized int acknowledged() {
        return acknowledged.size();
    }

    /** How many were marked as given before. */
    synchronized int marked() {
        return marked;
    }

    /** The acknowledged messages that nobody was given so far. */
    synchronized Set<String> missing() {
        Set<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(given);
        return missing;
    }

    /** The verdict, once everybody has ended and every mailbox is empty. */
    synchronized void judge() {
        judgeAllButOrder();
        assertEquals(List.of(), disordered, "out of a sender's order");
    }

    /** The same where a damaged message was passed over, and came back by a repair after those behind it. */
    synchronized void judgeAllButOrder() {
        Set<String> invented = new TreeSet<>(given);
        invented.removeAll(tried);
        assertAll(
                () -> assertTrue(acknowledged.size() > 0, "nothing was sent at all"),
                () -> assertEquals(Set.of(), missing(), "lost"),
                () -> assertEquals(List.of(), unmarked, "given twice without a mark"),
                () -> assertEquals(Set.of(), invented, "given, but never sent"));
    }

    /** What it has seen, for the report. */
    synchronized String summary() {
        return tried.size() + " tried, " + acknowledged.size() + " acknowledged, " + given.size() + " given, " + marked
                + " marked as redelivered, " + missing().size() + " lost, " + unmarked.size() + " unmarked twice";
    }
}
