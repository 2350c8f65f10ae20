package dev.parley.address;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of one message. The sender makes it; the receiver answers by it, and both ask by it how far the message has come.
 *
 * @param value {@code m-[0-9a-z]{16}}; it is used verbatim as a part of file names, so it is checked where it enters
 */
public record MessageId(String value) implements Comparable<MessageId> {

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if the value is not a message id; the message says what one looks like
     */
    public MessageId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "not a message id: " + Ids.quoted(value) + "; it is m- and 16 characters of 0-9 a-z");
        }
    }

    /**
     * Makes a new id. The first six characters behind {@code m-} stand for the sender, and are the same for all its messages.
     *
     * @param from the session that sends the message; empty for an operator
     */
    public static MessageId create(Optional<SessionId> from) {
        return new MessageId("m-" + Ids.ofSender(from));
    }

    /** The id of the one message that cancels a request: made of the request's, so it is the same each time. */
    public static MessageId canceling(MessageId request) {
        return new MessageId("m-" + Ids.following(request.value().substring(2), "canceled"));
    }

    /** Whether a text has the shape of a message id. */
    public static boolean isValid(String text) {
        return Ids.isId(text, 'm');
    }

    /** Reads a message id; empty if the text is none. */
    public static Optional<MessageId> parse(String text) {
        return isValid(text) ? Optional.of(new MessageId(text)) : Optional.empty();
    }

    // By hand, like the hash, for the reason that SessionId gives.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageId id && id.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
