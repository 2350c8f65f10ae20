package dev.parley.client;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shape of the ids that both clients give their sessions. */
final class Uuids {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** Version 7: its first 48 bits are the time in milliseconds. */
    private static final Pattern WITH_TIME =
            Pattern.compile("([0-9a-fA-F]{8})-([0-9a-fA-F]{4})-7[0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final int HEX = 16;

    private Uuids() {}

    static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    /** When it was made, as it says itself; empty if it does not. */
    static Optional<Instant> madeAt(String text) {
        Matcher uuid = WITH_TIME.matcher(text);
        return uuid.matches()
                ? Optional.of(Instant.ofEpochMilli(Long.parseLong(uuid.group(1) + uuid.group(2), HEX)))
                : Optional.empty();
    }
}
