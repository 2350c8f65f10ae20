package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import dev.parley.peer.Groups;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.CorruptFileException;
import dev.parley.testing.TextArbitraries;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The file form of a card. */
final class CardPropertyTest {

    private static final Path FILE = Path.of("session.json");

    @Provide
    Arbitrary<Peer> peers() {
        Arbitrary<String> text = TextArbitraries.text(50);
        Arbitrary<ProcessIdentity> processes = Combinators.combine(
                        Arbitraries.longs().between(1, 999_999_999_999_999_999L),
                        Arbitraries.longs().between(0, 999_999_999_999_999_999L),
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .numeric()
                                .ofMinLength(1)
                                .ofMaxLength(40))
                .as(ProcessIdentity::new);
        Arbitrary<Instant> times =
                Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
        return Combinators.combine(
                        TextArbitraries.sessionIds().map(SessionId::new),
                        Combinators.combine(text, text.optional(), times.optional(), groups())
                                .as(Said::new),
                        text,
                        text,
                        processes.optional(),
                        processes.list().ofMaxSize(8),
                        Arbitraries.of(true, false),
                        times)
                .as((id, said, cwd, project, process, servers, claimed, registered) -> new Peer(
                        id,
                        Names.of(id, java.util.Set.of()),
                        said.client,
                        said.purpose,
                        said.at,
                        cwd,
                        project,
                        process,
                        servers,
                        claimed ? Optional.of(new SessionId("own." + id.value().charAt(0))) : Optional.empty(),
                        said.purpose,
                        claimed,
                        registered,
                        said.at.map(at -> new Peer.Ending(at, said.client)),
                        said.at.map(at -> new Peer.Taking(id, at)),
                        said.groups,
                        bound(said)));
    }

    private static Binding bound(Said said) {
        Optional<String> text = said.purpose.filter(purpose -> !purpose.isEmpty());
        return new Binding(
                said.at.map(at -> new SessionId("own")),
                text,
                Optional.empty(),
                text,
                Optional.of("default"),
                text,
                Optional.empty(),
                text);
    }

    private static Arbitrary<List<String>> groups() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(2)
                .ofMaxLength(40)
                .list()
                .uniqueElements()
                .ofMaxSize(Groups.MOST_OF_ONE);
    }

    private record Said(String client, Optional<String> purpose, Optional<Instant> at, List<String> groups) {}

    @Property
    void whatIsWrittenIsReadTheSame(@ForAll("peers") Peer peer) throws CorruptFileException {
        assertEquals(peer, CardCodec.decode(FILE, CardCodec.encode(peer), peer.id()));
    }

    @Property
    void aBitTurnedOverAnywhereIsNoticed(@ForAll("peers") Peer peer, @ForAll int where, @ForAll int bit) {
        byte[] file = CardCodec.encode(peer);
        file[Math.floorMod(where, file.length)] ^= (byte) (1 << Math.floorMod(bit, 8));
        assertThrows(CorruptFileException.class, () -> CardCodec.decode(FILE, file, peer.id()));
    }

    /** Without its second line it is the card of a hook, and as whole as that is. */
    @Property
    void aFileCutShortIsNoticedOrWhole(@ForAll("peers") Peer peer, @ForAll int where) throws CorruptFileException {
        byte[] file = CardCodec.encode(peer);
        byte[] cut = Arrays.copyOf(file, Math.floorMod(where, file.length));
        String text = new String(cut, StandardCharsets.UTF_8);
        if (text.endsWith("}") || text.endsWith("}\n")) {
            try {
                assertEquals(peer, CardCodec.decode(FILE, cut, peer.id()));
            } catch (CorruptFileException e) {
                assertTrue(text.indexOf('\n') < 0, "cut within its text");
            }
        } else {
            assertThrows(CorruptFileException.class, () -> CardCodec.decode(FILE, cut, peer.id()));
        }
    }

    @Property
    void anythingElseIsNoCardAndNothingWorse(@ForAll byte[] content) {
        assertThrows(CorruptFileException.class, () -> CardCodec.decode(FILE, content, new SessionId("ann")));
    }

    @Example
    void aCardOfAHookNeedsNoMoreThanVersionAndId() throws CorruptFileException {
        byte[] card =
                "{\"v\":1,\"id\":\"ann\",\"more\":{\"a\":[1,2]},\"cwd\":\"/w\"}\n".getBytes(StandardCharsets.UTF_8);
        Peer ann = CardCodec.decode(FILE, card, new SessionId("ann"));
        assertEquals("/w", ann.cwd());
        assertEquals("unknown", ann.client());
        assertEquals(List.of(), ann.servers());
    }

    @Example
    void whatIsNoNameOfAGroupAndWhatIsTooMuchIsLeftOut() throws CorruptFileException {
        byte[] card =
                ("{\"v\":1,\"id\":\"ann\",\"groups\":[\"@docs\",\"docs\",\"Docs\",\"docs\",\"\\u001b[1m\",\"g1\",\"g2\","
                                + "\"g3\",\"g4\",\"g5\"],\"cwd\":\"/w\"}\n")
                        .getBytes(StandardCharsets.UTF_8);
        Peer ann = CardCodec.decode(FILE, card, new SessionId("ann"));
        assertEquals(List.of("docs", "g1", "g2", "g3", "g4"), ann.groups());
        assertEquals("/w", ann.cwd());
        assertFalse(
                new String(CardCodec.encode(ann.withGroups(List.of())), StandardCharsets.UTF_8).contains("groups"),
                "a session without groups has the card that older versions write");
    }

    @Example
    void aCardOfAnOlderVersionMayHaveATmuxSession() throws CorruptFileException {
        byte[] card =
                "{\"v\":1,\"id\":\"ann\",\"tmux_session\":\"main\",\"cwd\":\"/w\"}\n".getBytes(StandardCharsets.UTF_8);
        Peer ann = CardCodec.decode(FILE, card, new SessionId("ann"));
        assertEquals("/w", ann.cwd());
        assertFalse(new String(CardCodec.encode(ann), StandardCharsets.UTF_8).contains("tmux"));
    }

    @Example
    void forgedCardsAreRefused() {
        for (String forged : List.of(
                "{\"v\":1,\"id\":\"ben\"}\n",
                "{\"v\":2,\"id\":\"ann\"}\n",
                "{\"id\":\"ann\"}\n",
                "{\"v\":1,\"id\":\"ann\"} {}\n",
                "[{\"v\":1,\"id\":\"ann\"}]\n",
                "{\"v\":1,\"id\":\"ann\",\"cwd\":\"" + "x".repeat(5000) + "\"}\n",
                "{\"v\":1,\"id\":\"ann\",\"registered_ms\":\"yesterday\"}\n",
                "{\"v\":1,\"id\":\"ann\"",
                "")) {
            assertThrows(
                    CorruptFileException.class,
                    () -> CardCodec.decode(FILE, forged.getBytes(StandardCharsets.UTF_8), new SessionId("ann")),
                    forged);
        }
    }
}
