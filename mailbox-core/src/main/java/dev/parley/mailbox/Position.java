package dev.parley.mailbox;

import java.time.Instant;

/**
 * Where a message is.
 *
 * @param place which part of its way
 * @param since since when, as far as the office can tell
 */
public record Position(Place place, Instant since) {

    /** The parts of a message's way. */
    public enum Place {
        /** Nobody has taken it. */
        WAITING,
        /** Taken; not proven that the client went on with it. */
        HANDED,
        /** Proven shown. */
        SHOWN,
        /** Taken back before anybody had taken it. */
        WITHDRAWN,
        /** It was found damaged and has been set aside. */
        DAMAGED
    }
}
