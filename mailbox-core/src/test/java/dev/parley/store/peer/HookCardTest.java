package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that only a hook has registered, in a shell script that cannot make up a name, is a peer all the same. */
final class HookCardTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");

    @Test
    void hasTheNameItsServerWillGiveIt(@TempDir Path root) throws Exception {
        Store store = Store.open(root.resolve("home"), Durability.PROCESS, Trace.NONE);
        PeerDirectory peers = new FilePeerDirectory(store, LocalProcessTable.INSTANCE);
        store.makeSession(ID);
        Files.writeString(
                store.card(ID),
                "{\"v\":1,\"id\":\"" + ID + "\",\"client\":\"claude-code\",\"project\":\"/p\",\"cwd\":\"/p\"}\n");

        Peer seen = peers.find(ID).orElseThrow();

        assertTrue(Names.isValid(seen.name()), seen.name());
        Peer caller = peers.register(registration(new SessionId("caller-0001")));
        assertInstanceOf(Resolution.Found.class, peers.resolve(seen.name(), caller));
        assertEquals(seen.name(), peers.register(registration(ID)).name());
    }

    private static Registration registration(SessionId id) {
        return new Registration(
                id,
                Peer.CLAUDE_CODE,
                "/p",
                "/p",
                Optional.empty(),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.empty(),
                false);
    }
}
