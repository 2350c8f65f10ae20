package dev.parley.supervise;

import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One turn of one session without a terminal: what of it depends on the client. */
public interface HeadlessTurn {

    /**
     * Why the session must not be started.
     *
     * @param reason the kind
     * @param length how long that lasts; empty if it is not known
     * @param detail in words
     */
    record Refusal(ParkReason reason, Optional<Duration> length, String detail) {}

    /** How a client ended. */
    sealed interface Ending {}

    /** It did its turn. */
    record Done() implements Ending {}

    /** It came to nothing. */
    record Failed(String detail) implements Ending {}

    /** It came to nothing, and it is no use to try again for so long, or until somebody says otherwise. */
    record Hopeless(Refusal refusal) implements Ending {}

    /** A process that becomes the client, see {@link HeldBack}. */
    interface Running {
        /** The process. */
        ProcessIdentity client();

        /**
         * Lets it become the client. Before, it does nothing, and ends when the process that started it ends.
         *
         * @throws IOException if it has ended
         */
        void release() throws IOException;

        /**
         * Waits for its end.
         *
         * @param limit how long at the most
         * @return empty if it still runs
         */
        Optional<Ending> await(Duration limit) throws InterruptedException;

        /**
         * Whether somebody else runs the same session by now, such as its user in a terminal.
         *
         * @throws IOException if that cannot be told
         */
        boolean hasRival() throws IOException;

        /** Ends it, and nothing else; returns when it has ended. */
        void stop() throws InterruptedException;
    }

    /**
     * Why not; empty if it is certain that nobody runs the session, and that it can be started with the permissions that it had.
     *
     * @throws IOException if that cannot be told
     */
    Optional<Refusal> refusal() throws IOException, InterruptedException;

    /**
     * Starts what becomes the client.
     *
     * @throws IOException if it could not be started; nothing runs then
     */
    Running start() throws IOException;
}
