package dev.parley.cockpit;

import dev.parley.address.SessionId;
import java.util.Optional;

/**
 * Something that a person may want to know at once, also while they look elsewhere.
 *
 * @param session whom it is about; empty if it is about all
 * @param name that session's name; empty likewise
 * @param text in one line, made of names and words of our own: nothing that a peer wrote
 */
public record Notice(Kind kind, Optional<SessionId> session, Optional<String> name, String text) {

    /** What has happened. */
    public enum Kind {
        /** A client has asked its user something, and has stood still for a while. */
        NEEDS_YOU("needs-you"),
        /** What a session owes another was due, and is not finished. */
        OVERDUE("overdue"),
        /** A session has ended, and another still waits for its answer. */
        GONE_OWING("gone-owing"),
        /** Nobody works or waits any more. */
        ALL_FINISHED("all-finished");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As programs see it. */
        public String word() {
            return word;
        }
    }
}
