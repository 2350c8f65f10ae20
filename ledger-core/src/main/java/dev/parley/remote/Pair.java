package dev.parley.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A sender on one machine and a receiver on another, as the machine sees them that keeps a record of the two. Messages of one
 * pair are numbered and stay in order; one pair never waits for another.
 *
 * @param host the other machine: the receiver's for whoever sends, the sender's for whoever receives
 * @param from the sending session's id; {@code ~operator} or {@code ~office}, which no session is called, if none sent it
 * @param to the receiving session's id
 */
public record Pair(HostName host, String from, String to) {

    private static final int KEY_BYTES = 16;
    private static final String OPERATOR = "~operator";
    private static final String OFFICE = "~office";

    /** The pair that a message belongs to. */
    public static Pair of(HostName host, Envelope envelope) {
        String from = envelope.from().isPresent()
                ? envelope.from().get().value()
                : envelope.origin() == Envelope.Origin.OFFICE ? OFFICE : OPERATOR;
        return new Pair(host, from, envelope.to().value());
    }

    /** Whether a text can be the sender of a pair. */
    public static boolean isSender(String text) {
        return SessionId.isValid(text) || text.equals(OPERATOR) || text.equals(OFFICE);
    }

    /** 32 hexadecimal digits that stand for it, since the ids together are longer than a file's name may be. */
    public String key() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((host + "\n" + from + "\n" + to + "\n").getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
