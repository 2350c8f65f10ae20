package dev.parley.store;

import java.io.IOException;

/** The store cannot be used at all; the message says why and what to do. Nothing has been written. */
public final class StoreUnavailableException extends IOException {

    /** Says what is wrong and what to do about it. */
    public StoreUnavailableException(String message) {
        super(message);
    }

    /** Says what is wrong and what to do about it, with what the system said. */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
