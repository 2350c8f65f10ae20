package dev.parley.store.mailbox;

import dev.parley.store.lock.OwnerToken;
import java.util.Optional;

/**
 * The name of a claim directory: {@code <phase>.<pid>.<start>.<scope>.<nonce>}.
 *
 * @param phase how far the hand-over has come
 * @param token the process that took the messages
 */
public record ClaimName(Phase phase, OwnerToken token) {

    /** How far a hand-over has come. */
    public enum Phase {
        /** Taken; the client has not been given it yet, or not all of it. */
        TAKEN('t'),
        /** Given to the client; not yet proven that it went on with it. */
        WRITTEN('w'),
        /** Taken back by its sender: nobody was given it. Only among what is settled. */
        WITHDRAWN('x');

        private final char letter;

        Phase(char letter) {
            this.letter = letter;
        }
    }

    /** The reverse of {@link #toString}; empty if the name is no claim's. */
    public static Optional<ClaimName> parse(String name) {
        if (name.length() < 3 || name.charAt(1) != '.') {
            return Optional.empty();
        }
        for (Phase phase : Phase.values()) {
            if (phase.letter == name.charAt(0)) {
                return OwnerToken.parse(name.substring(2)).map(token -> new ClaimName(phase, token));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return phase.letter + "." + token;
    }
}
