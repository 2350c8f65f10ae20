package dev.parley.address;

import org.jspecify.annotations.Nullable;

/**
 * The address of one agent session. Used verbatim as a directory name, so it is checked where it enters.
 *
 * @param value {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
 */
public record SessionId(String value) implements Comparable<SessionId> {

    /** The longest id, in characters. */
    public static final int MAX_LENGTH = 128;

    /** What an id looks like, as a regular expression. */
    public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if the value is not a valid id; the message says what one looks like
     */
    public SessionId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a session id: " + Ids.quoted(value) + "; an id is 1 to "
                    + MAX_LENGTH + " characters of A-Z a-z 0-9 . _ - and starts with a letter or a digit");
        }
    }

    /** Whether a text has the shape of an id: what {@link #PATTERN} says, by hand, since each message names two. */
    public static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
            return false;
        }
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && c != '.' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    }

    // By hand, like the hash: the VM makes those of a record when they are first called, which would be in the first
    // call of a server, and takes some twenty generated classes.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionId id && id.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(SessionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
