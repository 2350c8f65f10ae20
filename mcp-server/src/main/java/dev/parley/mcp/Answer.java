package dev.parley.mcp;

/** What became of the answer of one call: exactly one of the two, told exactly once. */
public sealed interface Answer {
    /**
     * The whole answer was written to standard output and flushed.
     *
     * @param number counts the answers of this server, from 1, in the order of writing; an {@link IncomingRequest} whose
     *     {@code answersBefore} is at least this number was sent after this answer had been written
     */
    record Written(long number) implements Answer {}

    /** The client will not get the answer, or not all of it. */
    record Dropped(Reason reason) implements Answer {
        /** Why an answer was dropped. */
        public enum Reason {
            /** The client cancelled the call; nothing was written. */
            CANCELLED,
            /** The server ends: end of input, a signal, a broken pipe, {@link StdioServer#stop}; nothing was written. */
            SHUTDOWN,
            /** Writing it failed, or was not done when the server ended: the client may have got some or all of it. */
            BROKEN_PIPE
        }
    }
}
