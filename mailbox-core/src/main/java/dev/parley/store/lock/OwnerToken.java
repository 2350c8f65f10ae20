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
     * The name that this ownership has next, when it is renewed: one that it, and any other, never had before. The nonces of
     * renewals end with a hyphen and their number.
     */
    OwnerToken renewed(long renewals) {
        return new OwnerToken(holder, firstNonce(nonce) + RENEWAL + renewals);
    }

    /** What stays the same of a name when the ownership is renewed. */
    static String ownership(String name) {
        int dot = name.lastIndexOf('.');
        return name.substring(0, dot + 1) + firstNonce(name.substring(dot + 1));
    }

    private static String firstNonce(String nonce) {
        int renewals = nonce.lastIndexOf(RENEWAL);
        return renewals <= 0 ? nonce : nonce.substring(0, renewals);
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
