package dev.parley.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The messages from other machines whose senders are still told how far they are. Survives the death of processes; a power cut may
 * lose what was noted last. Safe for use by several threads and processes.
 */
public interface Followed {

    /**
     * One of them.
     *
     * @param message its id
     * @param host the machine that it came from
     * @param project what stands for the project on the hub
     * @param to the session that it was addressed to
     * @param told what its sender was told last
     */
    record Item(MessageId message, HostName host, String project, SessionId to, Optional<Progress> told) {

        /** The same, of which this was told. */
        public Item told(Progress progress) {
            return new Item(message, host, project, to, Optional.of(progress));
        }
    }

    /** Begins to follow a message, or replaces what is noted of it. */
    void note(Item item) throws IOException;

    /** Ends it; does nothing if it is not followed. */
    void end(MessageId message) throws IOException;

    /** One of them; empty if it is not followed. */
    Optional<Item> find(MessageId message) throws IOException;

    /** All of them, in no order. One that cannot be read is left out. */
    List<Item> all() throws IOException;
}
