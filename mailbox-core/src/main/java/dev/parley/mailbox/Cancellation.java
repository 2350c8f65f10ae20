package dev.parley.mailbox;

import dev.parley.address.MessageId;
import java.util.Optional;

/**
 * That a request is no longer wanted, as it goes to the machine of its receiver.
 *
 * @param message the request
 * @param note what its sender said of it
 */
public record Cancellation(MessageId message, Optional<String> note) {

    /** The longest note, in characters. */
    public static final int MAX_NOTE = 500;

    /**
     * Checks the note.
     *
     * @throws IllegalArgumentException if it is empty, or too long
     */
    public Cancellation {
        if (note.filter(text -> text.isEmpty() || text.codePointCount(0, text.length()) > MAX_NOTE)
                .isPresent()) {
            throw new IllegalArgumentException("a note has 1 to " + MAX_NOTE + " characters");
        }
    }
}
