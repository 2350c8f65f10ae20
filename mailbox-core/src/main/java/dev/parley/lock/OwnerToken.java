package dev.parley.lock;

import dev.parley.store.Ids;
import java.util.Optional;

/**
 * The name of one ownership: whose it is, and a random part that no other ownership ever has.
 *
 * @param holder the process that made it
 * @param nonce what makes it unique
 */
public record OwnerToken(ProcessIdentity holder, String nonce) {

    /** A new token of a process. */
    public static OwnerToken of(ProcessIdentity holder) {
        return new OwnerToken(holder, Ids.random());
    }

    /** The reverse of {@link #toString}; empty if the text is no token. */
    public static Optional<OwnerToken> parse(String text) {
        int dot = text.lastIndexOf('.');
        if (dot <= 0 || dot == text.length() - 1) {
            return Optional.empty();
        }
        return ProcessIdentity.parse(text.substring(0, dot))
                .map(holder -> new OwnerToken(holder, text.substring(dot + 1)));
    }

    /** {@code <pid>.<start>.<scope>.<nonce>}: a file name. */
    @Override
    public String toString() {
        return holder + "." + nonce;
    }
}
