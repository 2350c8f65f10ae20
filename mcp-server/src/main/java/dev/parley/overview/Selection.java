package dev.parley.overview;

import dev.parley.address.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * Which messages somebody wants to see: those that are all of this.
 *
 * @param with sent by, or to, this session, under its present address; or by the operator, in answer to what it was sent
 * @param byOperator sent by the operator
 * @param since sent at this time or later
 * @param text with this in their body
 * @param newest so many at the most, the newest
 */
public record Selection(
        Optional<SessionId> with,
        boolean byOperator,
        Optional<Instant> since,
        Optional<TextSearch> text,
        Optional<Integer> newest) {

    /** All that is kept. */
    public static final Selection ALL =
            new Selection(Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks the number. */
    public Selection {
        if (newest.filter(count -> count < 1).isPresent()) {
            throw new IllegalArgumentException("at least one message has to be wanted");
        }
    }

    /** Of these, those with a session. */
    public Selection with(SessionId session) {
        return new Selection(Optional.of(session), byOperator, since, text, newest);
    }

    /** Of these, those that the operator sent. */
    public Selection fromOperator() {
        return new Selection(with, true, since, text, newest);
    }

    /** Of these, those that were sent since. */
    public Selection since(Instant time) {
        return new Selection(with, byOperator, Optional.of(time), text, newest);
    }

    /** Of these, those in which something is found. */
    public Selection containing(TextSearch search) {
        return new Selection(with, byOperator, since, Optional.of(search), newest);
    }

    /** Of these, the newest. */
    public Selection newest(int count) {
        return new Selection(with, byOperator, since, text, Optional.of(count));
    }
}
