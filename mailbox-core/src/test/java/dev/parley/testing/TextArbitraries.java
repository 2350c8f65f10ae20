package dev.parley.testing;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts for properties, with a liking for what Unicode has in store. */
public final class TextArbitraries {

    private static final String ID_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz";

    private TextArbitraries() {}

    /** Message ids. */
    public static Arbitrary<MessageId> messageIds() {
        return ids("m-").map(MessageId::new);
    }

    /** Request ids. */
    public static Arbitrary<RequestId> requestIds() {
        return ids("q-").map(RequestId::new);
    }

    private static Arbitrary<String> ids(String prefix) {
        return Arbitraries.strings().withChars(ID_CHARACTERS).ofLength(16).map(prefix::concat);
    }

    /** Session ids. */
    public static Arbitrary<String> sessionIds() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withCharRange('a', 'z')
                        .withCharRange('A', 'Z')
                        .numeric()
                        .withChars("._-")
                        .ofMinLength(1)
                        .ofMaxLength(128)
                        .filter(id -> Character.isLetterOrDigit(id.charAt(0))),
                Arbitraries.create(() -> java.util.UUID.randomUUID().toString()));
    }

    /** Any text that has an encoding: no half of a surrogate pair. */
    public static Arbitrary<String> text(int longest) {
        return codePoints()
                .list()
                .ofMaxSize(longest)
                .map(points -> points.stream()
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    /** Code points of every kind, the odd ones as often as the plain. */
    private static Arbitrary<Integer> codePoints() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0x20, 0x7e),
                // Controls, of both kinds.
                Arbitraries.integers().between(0, 0x1f),
                Arbitraries.integers().between(0x7f, 0x9f),
                // What a format may trip over: quotes, backslashes, line ends, marks of our own, half an escape.
                Arbitraries.of(
                        (int) '"', (int) '\\', (int) '\n', (int) '\r', (int) '\t', (int) '%', (int) '<', (int) '>'),
                // Direction marks, joiners, separators, byte order mark, soft hyphen, tags, variation selectors.
                Arbitraries.of(
                        0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069,
                        0xfeff, 0xad, 0xe0001, 0xe0020, 0xe007f, 0xfe0f, 0x61c, 0x180e),
                // Noncharacters, the last of each plane, private use, combining marks.
                Arbitraries.of(0xfffe, 0xffff, 0xfdd0, 0x1fffe, 0x10ffff, 0xe000, 0xf8ff, 0x300, 0x20e3, 0x1f3fb),
                Arbitraries.integers().between(0xa0, 0xd7ff),
                Arbitraries.integers().between(0xe000, 0xffff),
                Arbitraries.integers().between(0x10000, 0x10ffff));
    }
}
