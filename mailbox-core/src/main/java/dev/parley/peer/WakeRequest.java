package dev.parley.peer;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import java.time.Duration;
import java.util.Optional;

/**
 * Whom to wake, and with what.
 *
 * @param target the session
 * @param client which client it runs in, see {@link Peer#client}
 * @param process the client's process, if it is known: the only thing from which a pane or a binary may be derived
 * @param text the fixed text to submit: one line, no control characters, does not begin with {@code /} or {@code !}
 * @param limit how long the whole try may take
 */
public record WakeRequest(
        SessionId target, String client, Optional<ProcessIdentity> process, String text, Duration limit) {

    /** Refuses a text that a terminal or a client could take for anything but text. */
    public WakeRequest {
        if (text.isBlank() || text.length() > 200 || text.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw new IllegalArgumentException("a wake text is one short line of printable ASCII");
        }
        if (!Character.isLetter(text.charAt(0))) {
            throw new IllegalArgumentException("a wake text begins with a letter: '/', '!', '#' and '@' are commands");
        }
    }
}
