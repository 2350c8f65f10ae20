package dev.parley.store;

import java.security.SecureRandom;

/**
 * Makes and checks the identifiers of messages and requests.
 *
 * <p>80 random bits: with a billion identifiers in one store the chance of one collision is below one in a million
 * (birthday bound), and they are short enough for a model to copy.
 */
public final class Ids {

    /** How many characters an identifier of either kind has. */
    public static final int CHARACTERS = 18;

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = CHARACTERS - 2;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new message id: {@code m-} and 16 characters. */
    public static String newMessageId() {
        return "m-" + random();
    }

    /** A new request id: {@code q-} and 16 characters. */
    public static String newRequestId() {
        return "q-" + random();
    }

    /** Whether a text has the shape of a message id, and so may be part of a file name. */
    public static boolean isMessageId(String text) {
        return isId(text, 'm');
    }

    /** Whether a text has the shape of a request id, and so may be part of a file name. */
    public static boolean isRequestId(String text) {
        return isId(text, 'q');
    }

    /** By hand: a mailbox of 10,000 names is looked through with it. */
    private static boolean isId(String text, char kind) {
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

    /** 16 characters of Crockford's base 32 (no i, l, o, u), in lower case. */
    public static String random() {
        byte[] bytes = new byte[LENGTH];
        RANDOM.nextBytes(bytes);
        StringBuilder out = new StringBuilder(LENGTH);
        for (byte b : bytes) {
            out.append(ALPHABET.charAt(b & 31));
        }
        return out.toString();
    }
}
