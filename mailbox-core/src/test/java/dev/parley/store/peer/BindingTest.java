package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.store.Durability;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of what is needed to go on with a session. */
final class BindingTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");

    @TempDir
    private Path root;

    private Store store;
    private FilePeerDirectory peers;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(root.resolve("home"), Durability.PROCESS, Trace.NONE);
        peers = new FilePeerDirectory(store, LocalProcessTable.INSTANCE);
    }

    private Peer register(Binding seen) throws Exception {
        return peers.register(new Registration(
                ID,
                Peer.CLAUDE_CODE,
                "/work",
                "/work",
                Optional.empty(),
                Optional.empty(),
                Optional.of(ID),
                Optional.of("/t.jsonl"),
                false,
                seen));
    }

    private void note(String text) throws Exception {
        Files.writeString(store.part(ID, Part.BINDING), text);
    }

    @Test
    void aServersAndAHooksPartsMakeTheWhole() throws Exception {
        Peer peer = register(Binding.ofClient(Optional.of("/bin/claude"), Optional.of("/config")));
        note(
                "{\"v\":1,\"session\":\"other\",\"written_to\":\"/new.jsonl\",\"permission_mode\":\"plan\",\"new\":[1]}\n");

        Binding binding = peers.binding(peer);

        assertEquals(Optional.of(ID), binding.session());
        assertEquals(Optional.of("/bin/claude"), binding.program());
        assertEquals(Optional.of("/work"), binding.directory());
        assertEquals(Optional.of("/config"), binding.configHome());
        assertEquals(Optional.of("plan"), binding.permissionMode());
        assertEquals(Optional.empty(), binding.sandbox());
        assertEquals(Optional.of("/new.jsonl"), binding.transcript());
    }

    @Test
    void whatACardKeepsOutlivesTheNoteAndTheNextStart() throws Exception {
        register(Binding.NONE);
        Binding seen = Binding.ofTurns(Optional.of("plan"), Optional.of("read-only"), Optional.of("m-1"));
        peers.update(ID, card -> card.withBound(seen));
        Peer peer = register(Binding.ofClient(Optional.of("/bin/claude"), Optional.empty()));

        Binding binding = peers.binding(peer);

        assertEquals(Optional.of("plan"), binding.permissionMode());
        assertEquals(Optional.of("read-only"), binding.sandbox());
        assertEquals(Optional.of("m-1"), binding.model());
        assertEquals(Optional.of("/bin/claude"), binding.program());
        assertEquals(Optional.of("/t.jsonl"), binding.transcript());
    }

    @Test
    void aNoteThatIsNoneCountsAsNotSeen() throws Exception {
        Peer peer = register(Binding.NONE);
        Binding without = peers.binding(peer);
        for (String text : new String[] {"", "{\"permission_mode\":\"pl", "[]", "{}{}", "plan\n"}) {
            note(text);
            assertEquals(without, peers.binding(peer), text);
        }
        Files.delete(store.part(ID, Part.BINDING));
        Files.createDirectory(store.part(ID, Part.BINDING));
        assertEquals(without, peers.binding(peer));
    }

    @Test
    void aCardWithoutOneIsAsItWas() throws Exception {
        register(Binding.NONE);
        assertFalse(Files.readString(store.card(ID)).contains("binding"));
        peers.update(ID, card -> card.withBound(Binding.ofClient(Optional.of("x".repeat(5000)), Optional.of("/c"))));
        assertTrue(Files.readString(store.card(ID)).contains("\"binding\":{\"config_home\":\"/c\"}"));
    }
}
