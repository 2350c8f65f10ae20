package dev.parley.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

/** Identifiers: what is one, and that they are safe as names of files. */
final class IdsPropertyTest {

    private static final String ALLOWED = "abcxyzABCXYZ0189._-";

    @Provide
    Arbitrary<String> sessionIds() {
        Arbitrary<String> first = Arbitraries.strings().withChars("azAZ09").ofLength(1);
        Arbitrary<String> rest = Arbitraries.strings().withChars(ALLOWED).ofMaxLength(127);
        return first.flatMap(start -> rest.map(end -> start + end));
    }

    @Property
    void aSessionIdIsTakenVerbatim(@ForAll("sessionIds") String text) {
        SessionId id = new SessionId(text);
        assertEquals(text, id.value());
        assertEquals(text, id.toString());
        assertEquals(id, new SessionId(text));
        assertEquals(0, id.compareTo(new SessionId(text)));
    }

    @Property
    void aSessionIdIsOneNameBelowItsParent(@ForAll("sessionIds") String text) {
        Path parent = Path.of("/store/sessions");
        Path child = parent.resolve(new SessionId(text).value());
        assertEquals(parent, child.normalize().getParent());
        assertEquals(text, String.valueOf(child.getFileName()));
    }

    @Property
    void anyTextIsASafeNameOrRefused(@ForAll String text) {
        if (SessionId.isValid(text)) {
            assertTrue(text.matches("[A-Za-z0-9][A-Za-z0-9._-]*") && text.length() <= SessionId.MAX_LENGTH);
        } else {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new SessionId(text));
            assertTrue(e.getMessage().matches("\\p{Print}*…?\\p{Print}*"), e::getMessage);
            assertTrue(e.getMessage().length() < 700, e::getMessage);
        }
    }

    @Property
    void oneWrongCharacterIsEnough(@ForAll("sessionIds") String text, @ForAll char put, @ForAll int at) {
        StringBuilder changed = new StringBuilder(text);
        changed.setCharAt(Math.floorMod(at, text.length()), put);
        boolean allowed = put < 0x80
                && (Character.isLetterOrDigit(put)
                        || (Math.floorMod(at, text.length()) > 0 && "._-".indexOf(put) >= 0));
        assertEquals(allowed, SessionId.isValid(changed.toString()));
    }

    @Example
    void sessionIdsAreBounded() {
        assertFalse(SessionId.isValid(""));
        assertTrue(SessionId.isValid("x".repeat(SessionId.MAX_LENGTH)));
        assertFalse(SessionId.isValid("x".repeat(SessionId.MAX_LENGTH + 1)));
        assertFalse(SessionId.isValid("."));
        assertFalse(SessionId.isValid(".."));
        assertFalse(SessionId.isValid("a/b"));
        assertFalse(SessionId.isValid("a\n"));
    }

    @Example
    void newIdsHaveTheirShapeAndAreNew() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String message = MessageId.create(Optional.empty()).value();
            String request = RequestId.create().value();
            assertTrue(MessageId.isValid(message) && !RequestId.isValid(message), message);
            assertTrue(RequestId.isValid(request) && !MessageId.isValid(request), request);
            assertTrue(message.matches("m-[0-9a-z]{6}[0-9a-hjkmnp-tv-z]{10}"), message);
            assertTrue(seen.add(message.substring(2)) && seen.add(request.substring(2)));
        }
    }

    @Property
    void aMessageIdTellsItsSenderAndNobodyElse(
            @ForAll @StringLength(min = 1, max = 40) @AlphaChars String one,
            @ForAll @StringLength(min = 1, max = 40) @AlphaChars String other) {
        String first = sendersPart(Optional.of(new SessionId(one)));
        assertEquals(first, sendersPart(Optional.of(new SessionId(one))));
        assertEquals(one.equals(other), first.equals(sendersPart(Optional.of(new SessionId(other)))));
        assertNotEquals(first, sendersPart(Optional.empty()));
    }

    private static String sendersPart(Optional<SessionId> from) {
        return MessageId.create(from).value().substring(0, 8);
    }

    @Example
    void theSendersPartIsTheOneThatTheFormatNames() {
        // printf %s alice | sha256sum: 2bd806c97f0e00af, modulo 36^6, in base 36; and 6d8b6b148ac3899a of ~operator.
        assertEquals("m-rhlyun", sendersPart(Optional.of(new SessionId("alice"))));
        assertEquals("m-l8y4yi", sendersPart(Optional.empty()));
    }

    @Property
    void anyTextIsAnIdOfOneKindOrNone(@ForAll String text) {
        assertFalse(MessageId.isValid(text) && RequestId.isValid(text));
        if (MessageId.isValid(text) || RequestId.isValid(text)) {
            assertTrue(text.matches("[mq]-[0-9a-z]{16}"), text);
        }
    }

    @Property
    void anIdIsNoIdWithOneCharacterMoreLessOrElse(@ForAll char put, @ForAll int at) {
        String id = MessageId.create(Optional.empty()).value();
        int place = 2 + Math.floorMod(at, 16);
        assertFalse(MessageId.isValid(id + put));
        assertFalse(MessageId.isValid(id.substring(0, place) + id.substring(place + 1)));
        StringBuilder changed = new StringBuilder(id);
        changed.setCharAt(place, put);
        boolean allowed = (put >= '0' && put <= '9') || (put >= 'a' && put <= 'z');
        assertEquals(allowed, MessageId.isValid(changed.toString()));
    }
}
