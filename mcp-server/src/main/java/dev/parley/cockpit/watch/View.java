package dev.parley.cockpit.watch;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.overview.Standing;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * All that a screen shows, at one moment. Immutable.
 *
 * @param root the project's directory
 * @param all every session, by need
 * @param sessions those that pass the filter
 * @param session which of them is selected
 * @param talk the conversation of the selected one, if it has been read
 * @param message which of its messages is selected; empty for the newest
 * @param nodes the tree of waits
 * @param node which of its nodes is selected
 * @param retained how many received messages a session keeps at least
 */
record View(
        String root,
        Instant now,
        ZoneId zone,
        Situation situation,
        List<Standing> all,
        List<Standing> sessions,
        Optional<SessionId> session,
        Optional<Talk> talk,
        Optional<MessageId> message,
        List<WaitTree.Node> nodes,
        int node,
        int retained,
        Hand hand) {

    /** The part of the screen that has the keys. */
    enum Pane {
        SESSIONS,
        TALK,
        WAITS;

        Pane next() {
            return switch (this) {
                case SESSIONS -> TALK;
                case TALK -> WAITS;
                case WAITS -> SESSIONS;
            };
        }

        Pane previous() {
            return next().next();
        }
    }

    /**
     * What the person at the keyboard is at.
     *
     * @param isReading whether the selected message is shown alone, and whole
     * @param scrolled how many of its lines have been scrolled away
     * @param keys which keys do something now, and what
     * @param status the last thing that happened; empty for nothing
     */
    record Hand(
            Pane pane,
            boolean isReading,
            int scrolled,
            boolean isHelp,
            Optional<Prompt> prompt,
            String filter,
            String search,
            List<String> keys,
            String status) {}

    /** Those of other machines; none while a filter is set. Their conversations are there, so none of them can be selected. */
    List<Standing> elsewhere() {
        return hand.filter().isEmpty() ? situation.elsewhere(now) : List.of();
    }

    /** The selected session. */
    Optional<Standing> selected() {
        return session.flatMap(id -> sessions.stream()
                .filter(standing -> standing.session().id().equals(id))
                .findFirst());
    }
}
