package dev.parley.tools;

import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * How much mail waits, for a client that nothing else tells: one in which none of Parley's hooks has run. Said with every
 * result, so it must cost next to nothing, however much waits.
 */
final class Unread {

    private Unread() {}

    /** So many messages; 0 for a client with hooks, and if it cannot be told. */
    static int of(LocalSession session) {
        PostOffice office = session.office();
        try {
            Optional<Peer> self = session.known();
            return self.isPresent() && !office.notes().isHeardFrom(self.get().id())
                    ? office.mailbox(self.get().id()).unread()
                    : 0;
        } catch (IOException | RuntimeException e) {
            // The answer that this would go along with may hold mail: it must not fail for it.
            office.trace().event(Event.UNREAD_UNKNOWN, Map.of("reason", e.toString()));
            return 0;
        }
    }
}
