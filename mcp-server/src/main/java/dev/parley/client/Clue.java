package dev.parley.client;

import dev.parley.address.SessionId;
import java.util.Optional;

/**
 * What one source says of who a session is.
 *
 * @param source the word for it in results
 * @param id the id, if it has one
 * @param detail where it was looked for, and what was found
 * @param nextStep what the session should do if this clue counts
 */
public record Clue(String source, Optional<SessionId> id, String detail, String nextStep) {

    /** The next step where there is none. */
    public static final String LASTS = "nothing to do: this address lasts";

    /** The same of a client that it is not: what was found does not count. */
    Clue withoutId() {
        return new Clue(source, Optional.empty(), detail, nextStep);
    }
}
