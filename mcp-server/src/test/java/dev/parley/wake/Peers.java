package dev.parley.wake;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.store.process.LocalProcessTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Cards for tests of the gates. */
final class Peers {

    private Peers() {}

    /** A Codex session that lives as long as this test. */
    static Peer codex(String id) {
        return of(id, Peer.CODEX);
    }

    /** The same, of any client. */
    static Peer of(String id, String client) {
        return new Peer(
                new SessionId(id),
                id,
                client,
                Optional.empty(),
                Optional.empty(),
                "/",
                "/",
                Optional.of(LocalProcessTable.INSTANCE.self()),
                List.of(LocalProcessTable.INSTANCE.self()),
                Optional.empty(),
                false,
                Instant.EPOCH,
                Optional.empty());
    }
}
