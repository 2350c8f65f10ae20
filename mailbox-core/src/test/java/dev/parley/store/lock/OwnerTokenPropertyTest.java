package dev.parley.store.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.process.ProcessIdentity;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tokens and process identities are names of files, and come back from them. */
final class OwnerTokenPropertyTest {

    private static final long LONGEST = 999_999_999_999_999_999L;

    @Provide
    Arbitrary<ProcessIdentity> processes() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, LONGEST),
                        Arbitraries.longs().between(0, LONGEST),
                        Arbitraries.strings()
                                .withChars("0123456789abcdefghijklmnopqrstuvwxyz")
                                .ofMinLength(1)
                                .ofMaxLength(40))
                .as(ProcessIdentity::new);
    }

    @Property
    void aProcessComesBackFromItsText(@ForAll("processes") ProcessIdentity process) {
        assertEquals(Optional.of(process), ProcessIdentity.parse(process.toString()));
    }

    @Property
    void aTokenComesBackFromItsName(@ForAll("processes") ProcessIdentity process) {
        OwnerToken token = OwnerToken.of(process);
        assertEquals(Optional.of(token), OwnerToken.parse(token.toString()));
        assertTrue(token.toString().matches("[0-9a-z.]{7,110}"), token::toString);
    }

    @Property
    void anyTextIsATokenThatComesBackOrNone(@ForAll String text) {
        OwnerToken.parse(text).ifPresent(token -> assertEquals(text, token.toString()));
        ProcessIdentity.parse(text).ifPresent(process -> assertEquals(text, process.toString()));
    }

    @Property
    void almostATokenIsATokenThatComesBackOrNone(
            @ForAll("processes") ProcessIdentity process, @ForAll char put, @ForAll int at) {
        StringBuilder text = new StringBuilder(OwnerToken.of(process).toString());
        text.setCharAt(Math.floorMod(at, text.length()), put);
        OwnerToken.parse(text.toString()).ifPresent(token -> assertEquals(text.toString(), token.toString()));
    }

    @Property
    void everyTokenIsNew(@ForAll("processes") ProcessIdentity process) {
        assertTrue(!OwnerToken.of(process).equals(OwnerToken.of(process)));
    }

    @Example
    void whatIsNoProcessIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(0, 1, "a"));
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(-1, 1, "a"));
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(1, -1, "a"));
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(1, 1, ""));
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(1, 1, "a/b"));
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(1, 1, "a.b"));
        assertThrows(IllegalArgumentException.class, () -> new OwnerToken(new ProcessIdentity(1, 1, "a"), ""));
        assertThrows(IllegalArgumentException.class, () -> new OwnerToken(new ProcessIdentity(1, 1, "a"), "../x"));
        assertEquals(Optional.empty(), ProcessIdentity.parse("0.1.a"));
        assertEquals(Optional.empty(), ProcessIdentity.parse("01.1.a"));
        assertEquals(Optional.empty(), ProcessIdentity.parse("1.01.a"));
        assertEquals(Optional.empty(), ProcessIdentity.parse("9999999999999999999.1.a"));
        assertEquals(Optional.empty(), OwnerToken.parse("1.1.a"));
        assertEquals(Optional.empty(), OwnerToken.parse("1.1.a."));
    }
}
