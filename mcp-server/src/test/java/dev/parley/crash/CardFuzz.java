package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.peer.CardCodec;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Guided by coverage, whatever a hook or a neighbour may write as a card. Found inputs become part of the corpus. */
final class CardFuzz {

    private static final Path FILE = Path.of("fuzz");
    private static final SessionId OWNER = new SessionId("owner");

    /** Every file is this session's card, and a card again when its server rewrites it, or it is corrupt. */
    @Tag("slow")
    @FuzzTest(maxDuration = "10s")
    void everyFileIsACardOrCorrupt(byte[] content) {
        check(content);
        check(Checksummed.encode(new String(content, UTF_8)));
    }

    private static void check(byte[] content) {
        Peer peer;
        try {
            peer = CardCodec.decode(FILE, content, OWNER);
        } catch (CorruptFileException e) {
            return;
        }
        assertEquals(OWNER, peer.id());
        byte[] again = CardCodec.encode(peer);
        assertTrue(again.length <= CardCodec.MAX_BYTES, "longer than a reader takes: " + again.length);
        try {
            assertEquals(peer, CardCodec.decode(FILE, again, OWNER));
        } catch (CorruptFileException e) {
            throw new AssertionError("it cannot read what it wrote", e);
        }
    }
}
