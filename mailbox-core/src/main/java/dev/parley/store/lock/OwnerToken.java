package dev.parley.store.lock;

import dev.parley.address.Ids;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of one ownership: whose it is, and a random part that no other ownership ever has.
 *
 * @param holder the process that made it
 * @param nonce what makes it unique, {@code [0-9A-Za-z-]{1,64}}
 */
public record OwnerToken(ProcessIdentity holder, String nonce) {

    /** Stands before the number of renewals; {@link Ids#random} has none. */
    private static final char RENEWAL = '-';

    /** The end of a nonce of an ownership that will be renewed. */
    static final String NOT_YET_RENEWED = RENEWAL + "0";

    private static final Pattern RENEWED = Pattern.compile("[0-9A-Za-z-]+" + RENEWAL + "\\d{1,18}");

    private static final Pattern NONCE = Pattern.compile("[0-9A-Za-z-]{1,64}");

    /** Checks the shape. */
    public OwnerToken {
        if (!NONCE.matcher(nonce).matches()) {
            throw new IllegalArgumentException("not a nonce: " + nonce);
        }
    }

    /** A new token of a process. */
    public static OwnerToken of(ProcessIdentity holder) {
        return new OwnerToken(holder, Ids.random());
    }

    /**
     * The name that this ownership has from this renewal on, or with 0 from the beginning: one that it, and any other, never had
     * before. The nonces of ownerships that are renewed end with a hyphen and the number of renewals.
     */
    OwnerToken renewed(long renewals) {
        String first = RENEWED.matcher(nonce).matches() ? nonce.substring(0, nonce.lastIndexOf(RENEWAL)) : nonce;
        return new OwnerToken(holder, first + RENEWAL + renewals);
    }

    /** Whether a name is that of an ownership that is renewed: from the beginning, with renewal number 0. */
    static boolean isRenewed(String name) {
        return parse(name)
                .filter(token -> RENEWED.matcher(token.nonce).matches())
                .isPresent();
    }

    /** What stays the same of a name when the ownership is renewed. */
    static String ownership(String name) {
        return isRenewed(name) ? name.substring(0, name.lastIndexOf(RENEWAL)) : name;
    }

    /** The reverse of {@link #toString}; empty if the text is no token. */
    public static Optional<OwnerToken> parse(String text) {
        int dot = text.lastIndexOf('.');
        if (dot <= 0 || !NONCE.matcher(text.substring(dot + 1)).matches()) {
            return Optional.empty();
        }
        return ProcessIdentity.parse(text.substring(0, dot))
                .map(holder -> new OwnerToken(holder, text.substring(dot + 1)));
    }

    /** What is known of the process behind a name that may be a token; a foreign name is nobody's that is known. */
    static Vitality vitality(ProcessTable processes, String name) {
        return parse(name).map(token -> processes.vitality(token.holder())).orElse(Vitality.UNKNOWN);
    }

    /** {@code <pid>.<start>.<scope>.<nonce>}: a file name. */
    @Override
    public String toString() {
        return holder + "." + nonce;
    }
}
