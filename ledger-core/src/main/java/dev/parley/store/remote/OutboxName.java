package dev.parley.store.remote;

import dev.parley.address.MessageId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a message's file in the outbox: {@code <16 digits>-<message id>}.
 *
 * @param number the digits
 * @param message the id
 */
public record OutboxName(long number, MessageId message) implements Comparable<OutboxName> {

    /** How long each is. */
    static final int LENGTH = 16 + 1 + 18;

    private static final Pattern NAME = Pattern.compile("(\\d{16})-(m-[0-9a-z]{16})");

    /** Whether it is one, which costs little to tell. */
    static boolean isLike(String name) {
        return name.startsWith("-m-", 16) && NAME.matcher(name).matches();
    }

    /** The name; empty if it is none. */
    public static Optional<OutboxName> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new OutboxName(Long.parseLong(matcher.group(1)), new MessageId(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(OutboxName other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        String digits = Long.toString(number);
        return "0".repeat(16 - digits.length()) + digits + "-" + message;
    }
}
