package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** What whoever may see the page knows: 256 random bits, made anew at each start and written down nowhere. */
final class Token {

    private static final int BYTES = 32;

    private final String text;

    private Token(String text) {
        this.text = text;
    }

    static Token random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** For the fragment of the page's address. */
    String text() {
        return text;
    }

    /** Compares in a time that tells nothing of where two texts differ. */
    boolean is(String claimed) {
        return MessageDigest.isEqual(text.getBytes(UTF_8), claimed.getBytes(UTF_8));
    }
}
