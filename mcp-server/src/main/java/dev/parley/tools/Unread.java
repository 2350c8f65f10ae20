package dev.parley.tools;

import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.session.PostOffice;
import dev.parley.store.Disk;
import dev.parley.store.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How much mail waits, for a client that nothing else tells: one in which none of our hooks has run.
 *
 * <p>Said with every result, so it must cost next to nothing, however much waits: the mailbox is listed again only after its
 * directory has changed. Safe for use by several threads.
 */
final class Unread {

    /** A second change within the same tick of a file system's clock does not show; none ticks as slowly as this. */
    private static final long SETTLED_MILLIS = 3_000;

    /**
     * What was seen last.
     *
     * @param changed when the directory had last changed
     * @param certain whether a change since would show
     */
    private record Look(SessionId session, long changed, boolean certain, int waiting) {}

    private Optional<Look> last = Optional.empty();

    /** So many messages; 0 for a client with hooks, and if it cannot be told. */
    int of(LocalSession session) {
        PostOffice office = session.office();
        try {
            Optional<Peer> self = session.known();
            return self.isPresent()
                            && office.store()
                                    .disk()
                                    .isAbsent(office.store().activity(self.get().id()))
                    ? waiting(office, self.get().id())
                    : 0;
        } catch (IOException | RuntimeException e) {
            // The answer that this would go along with may hold mail: it must not fail for it.
            office.store().trace().event("unread-unknown", Map.of("reason", e.toString()));
            return 0;
        }
    }

    private synchronized int waiting(PostOffice office, SessionId id) throws IOException {
        Path directory = office.store().mailbox(id).resolve("new");
        Optional<Disk.Stat> stat = office.store().disk().stat(directory);
        if (stat.isEmpty()) {
            return 0;
        }
        long changed = stat.get().modifiedMillis();
        if (last.isEmpty()
                || !last.get().certain()
                || !last.get().session().equals(id)
                || last.get().changed() != changed) {
            boolean certain = office.store().clock().millis() - changed > SETTLED_MILLIS;
            last = Optional.of(
                    new Look(id, changed, certain, office.mailboxes().of(id).waiting()));
        }
        return last.get().waiting();
    }
}
