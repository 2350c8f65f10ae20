package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.overview.Wait;
import dev.parley.overview.Waits;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The open work of one session: what it owes, and what is owed to it.
 *
 * @param owed the questions that it has not answered, oldest first
 * @param awaited its own questions that have no answer, oldest first
 */
record OpenItems(List<Wait> owed, List<Wait> awaited) {

    /** That of a session, among all questions of a project. */
    static OpenItems of(SessionId session, Waits waits) {
        return new OpenItems(
                oldestFirst(waits.waits().stream().filter(wait -> wait.asked().equals(session))),
                oldestFirst(waits.waits().stream().filter(wait -> wait.asker().equals(session))));
    }

    private static List<Wait> oldestFirst(Stream<Wait> waits) {
        return waits.sorted(Comparator.comparing(Wait::since)).toList();
    }
}
