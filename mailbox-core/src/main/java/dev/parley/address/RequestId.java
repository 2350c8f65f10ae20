package dev.parley.address;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of one question that waits for its answer. The asker makes it; the answer carries it.
 *
 * @param value {@code q-[0-9a-z]{16}}; it is used verbatim as a part of file names, so it is checked where it enters
 */
public record RequestId(String value) implements Comparable<RequestId> {

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if the value is not a request id; the message says what one looks like
     */
    public RequestId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "not a request id: " + Ids.quoted(value) + "; it is q- and 16 characters of 0-9 a-z");
        }
    }

    /** Makes a new id. */
    public static RequestId create() {
        return new RequestId("q-" + Ids.random());
    }

    /** Whether a text has the shape of a request id. */
    public static boolean isValid(String text) {
        return Ids.isId(text, 'q');
    }

    /** Reads a request id; empty if the text is none. */
    public static Optional<RequestId> parse(String text) {
        return isValid(text) ? Optional.of(new RequestId(text)) : Optional.empty();
    }

    // By hand, like the hash, for the reason that SessionId gives.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RequestId id && id.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(RequestId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
