package dev.parley.ledger;

import dev.parley.address.HostName;
import java.io.IOException;

/** A message is for a session on another machine, and nothing leaves this one. It was not sent. */
public final class OtherMachineException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Says where it would have to go.
     *
     * @param why what stands in the way, and what to do
     */
    public OtherMachineException(HostName host, String why) {
        super("it is for a session on " + host + ", another machine, and " + why);
    }
}
