package dev.parley.trace;

import java.io.IOException;

/** A post office cannot be used at all; the message says why and what to do. Nothing has been written. */
public final class UnavailableException extends IOException {

    /** Says what is wrong and what to do about it. */
    public UnavailableException(String message) {
        super(message);
    }

    /** Says what is wrong and what to do about it, with what the system said. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
