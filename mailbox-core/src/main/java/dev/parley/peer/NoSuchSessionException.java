package dev.parley.peer;

import dev.parley.address.SessionId;
import java.io.IOException;

/** There is no session of this id. Nothing has changed. */
public final class NoSuchSessionException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Names the id. */
    public NoSuchSessionException(SessionId id) {
        super("there is no session " + id);
    }
}
