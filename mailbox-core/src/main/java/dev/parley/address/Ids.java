package dev.parley.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the random part of a name, and what {@link MessageId} and {@link RequestId} have in common.
 *
 * <p>A request id has 80 random bits, a message id 50 behind those that its sender gives it: of the thousand messages of one
 * sender that a ledger keeps, two are alike with a chance below one in a billion (birthday bound). They are short enough for
 * a model to copy.
 */
public final class Ids {

    /** How many characters an id of either kind has. */
    public static final int CHARACTERS = 18;

    /** How many characters behind {@code m-} tell of the sender. */
    public static final int SENDER_CHARACTERS = 6;

    /** What stands for an operator's id. No session has one like it. */
    private static final String OPERATOR = "~operator";

    private static final long SENDERS = 36L * 36 * 36 * 36 * 36 * 36;

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = CHARACTERS - 2;

    /** How many characters of a text an error message repeats. */
    private static final int QUOTED = 40;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /**
     * The 16 characters of a message id, the first six of which are the same for all messages of this sender.
     *
     * @param from the session that sends it; empty for an operator
     */
    static String ofSender(Optional<SessionId> from) {
        return mark(from.map(SessionId::value).orElse(OPERATOR)) + random(LENGTH - SENDER_CHARACTERS);
    }

    /** The 16 characters of an id of the same sender that follow from another and a word. */
    static String following(String other, String word) {
        byte[] digest = digest(other + "\n" + word);
        StringBuilder out = new StringBuilder(other.substring(0, SENDER_CHARACTERS));
        for (int i = 0; out.length() < LENGTH; i++) {
            out.append(ALPHABET.charAt(digest[i] & 31));
        }
        return out.toString();
    }

    /** Of a digest, since a sender chooses its id: it shall not find one easily that is marked as another's. */
    private static String mark(String sender) {
        long number = 0;
        byte[] digest = digest(sender);
        for (int i = 0; i < Long.BYTES; i++) {
            number = (number << 8) | (digest[i] & 0xff);
        }
        String mark = Long.toString(Long.remainderUnsigned(number, SENDERS), 36);
        return "0".repeat(SENDER_CHARACTERS - mark.length()) + mark;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a text is an id of this kind. By hand: a mailbox of 10,000 names is looked through with it. */
    static boolean isId(String text, char kind) {
        if (text.length() != CHARACTERS || text.charAt(0) != kind || text.charAt(1) != '-') {
            return false;
        }
        for (int i = 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return true;
    }

    /** A text for an error message: what is not plain ASCII is made visible, and the length is bounded. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .limit(QUOTED)
                .forEach(c -> out.append(
                        c < 0x20 || c > 0x7e ? String.format(Locale.ROOT, "\\u%04x", c) : Character.toString(c)));
        return out.append(text.codePointCount(0, text.length()) > QUOTED ? "…\"" : "\"")
                .toString();
    }

    /** 16 characters of Crockford's base 32 (no i, l, o, u), in lower case. */
    public static String random() {
        return random(LENGTH);
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        StringBuilder out = new StringBuilder(length);
        for (byte b : bytes) {
            out.append(ALPHABET.charAt(b & 31));
        }
        return out.toString();
    }
}
