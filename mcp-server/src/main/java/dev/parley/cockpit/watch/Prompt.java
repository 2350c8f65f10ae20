package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import java.util.Optional;

/**
 * A question to the person at the keyboard, and what they have typed so far.
 *
 * @param label what is asked for
 * @param to whom a message goes; empty for a filter
 * @param about the message that is answered
 */
record Prompt(Purpose purpose, String label, Optional<SessionId> to, Optional<Envelope> about, Editor editor) {

    /** What is done with the text. */
    enum Purpose {
        FILTER_SESSIONS,
        SEARCH_MESSAGES,
        MESSAGE
    }

    Prompt with(Editor next) {
        return new Prompt(purpose, label, to, about, next);
    }
}
