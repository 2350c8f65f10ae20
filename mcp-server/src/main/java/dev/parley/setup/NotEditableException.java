package dev.parley.setup;

import java.io.IOException;

/** A configuration file is not what its client would accept, so it is not touched. The message completes "FILE …". */
final class NotEditableException extends IOException {

    private static final long serialVersionUID = 1;

    NotEditableException(String message) {
        super(message);
    }
}
