package dev.parley.overview;

import java.util.Optional;

/**
 * How many messages wait in a mailbox, or why that cannot be told: one of the two is empty.
 *
 * @param count how many
 * @param trouble why its mailbox cannot be looked at
 */
public record UnreadMail(Optional<Integer> count, Optional<String> trouble) {

    static UnreadMail of(int count) {
        return new UnreadMail(Optional.of(count), Optional.empty());
    }

    static UnreadMail hidden(String trouble) {
        return new UnreadMail(Optional.empty(), Optional.of(trouble));
    }

    /** Whether mail is known to wait. */
    public boolean isThere() {
        return count.filter(waiting -> waiting > 0).isPresent();
    }
}
