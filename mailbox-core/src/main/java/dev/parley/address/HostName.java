package dev.parley.address;

import java.util.regex.Pattern;

/**
 * The name of a machine within a team. It is one token of a subject, so it holds no dot, no space and no wildcard.
 *
 * @param value {@code [a-z0-9][a-z0-9-]{0,31}}
 */
public record HostName(String value) implements Comparable<HostName> {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is no name of a host
     */
    public HostName {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "the name of a host has 1 to 32 characters of a-z, 0-9 and '-', and begins with none of the last");
        }
    }

    /** Whether a text is the name of a host. */
    public static boolean isValid(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public int compareTo(HostName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
