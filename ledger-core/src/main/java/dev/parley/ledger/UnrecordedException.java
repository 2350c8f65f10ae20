package dev.parley.ledger;

import dev.parley.address.SessionId;
import java.io.IOException;

/** The receiver's ledger cannot be written: a message could be seen but never answered, so it is not sent. */
public final class UnrecordedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Names the session whose ledger it is, and why. */
    public UnrecordedException(SessionId receiver, IOException cause) {
        super(
                "the ledger of session " + receiver + " cannot be written (" + cause
                        + "), and a message that is not in it could not be answered by its id; 'parley check' says what is wrong,"
                        + " 'parley check --repair' mends what it can",
                cause);
    }
}
