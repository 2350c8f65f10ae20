package dev.parley.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.testing.TextArbitraries;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Names and ids: valid, unique, the same every time, and never more than one part of a path. */
final class NamesPropertyTest {

    @Provide
    Arbitrary<String> ids() {
        return TextArbitraries.sessionIds();
    }

    @Provide
    Arbitrary<List<String>> manyIds() {
        return TextArbitraries.sessionIds().list().ofMaxSize(50).uniqueElements();
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.oneOf(
                TextArbitraries.text(140),
                TextArbitraries.sessionIds().map(id -> id + "/"),
                TextArbitraries.sessionIds().map(id -> "." + id),
                Arbitraries.of("..", ".", "", "a\n", "a\u0000", "Ａ", "ａ", "ß", "a/../../etc"));
    }

    @Property
    void everyIdHasAValidNameThatIsAlwaysTheSame(@ForAll("ids") String id) {
        String name = Names.of(new SessionId(id), Set.of());
        assertTrue(Names.isValid(name), name);
        assertEquals(name, Names.of(new SessionId(id), Set.of()));
    }

    @Property
    void namesNeverCollide(@ForAll("manyIds") List<String> ids) {
        Set<String> taken = new HashSet<>();
        for (String id : ids) {
            String name = Names.of(new SessionId(id), taken);
            assertTrue(Names.isValid(name), name);
            assertTrue(taken.add(name), name);
        }
    }

    /** Every generated name looks different from every other, and is one that could be chosen. */
    @Example
    void generatedNamesAreNotAlike() {
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String name = Names.of(new SessionId("s" + i), Set.of());
            String other = seen.putIfAbsent(Names.looks(name), name);
            assertTrue(other == null || other.equals(name), () -> name + " looks like " + other);
            assertEquals(Optional.empty(), Names.refusal(name), name);
        }
        assertTrue(seen.size() > 10_000, "only " + seen.size());
    }

    @Property
    void anIdIsOnePartOfAPathOrIsRefused(@ForAll("anything") String text) {
        Path sessions = Path.of("/store/sessions");
        if (SessionId.isValid(text)) {
            Path path = sessions.resolve(text);
            assertEquals(path, path.normalize());
            assertEquals(sessions, path.getParent());
            assertTrue(text.length() <= SessionId.MAX_LENGTH);
        } else {
            boolean refused = false;
            try {
                assertFalse(new SessionId(text).value().isEmpty());
            } catch (IllegalArgumentException e) {
                refused = true;
                assertTrue(String.valueOf(e.getMessage()).chars().noneMatch(c -> c < 0x20), e::toString);
            }
            assertTrue(refused);
        }
    }

    @Property
    void onlyPlainNamesAreValid(@ForAll("anything") String text) {
        if (Names.isValid(text)) {
            assertTrue(text.length() >= 2 && text.length() <= 40);
            assertTrue(text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'));
        }
    }

    @Example
    void idsAreNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertTrue(seen.add(MessageId.create(Optional.empty()).value().substring(2)));
            assertTrue(seen.add(RequestId.create().value().substring(2)));
        }
        assertTrue(seen.stream().allMatch(id -> MessageId.isValid("m-" + id) && RequestId.isValid("q-" + id)));
    }
}
