package dev.parley.remote;

import java.io.IOException;

/** Too much mail waits to leave this machine. The message was not stored; mail within the machine is not affected. */
public final class OutboxFullException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Says how full it is.
     *
     * @param waiting how many messages wait
     */
    public OutboxFullException(int waiting) {
        super("outbox-full: " + waiting + " messages wait to leave this machine, the limit is " + Outbox.CAPACITY
                + "; nothing was stored, sessions on this machine can still be written to");
    }
}
