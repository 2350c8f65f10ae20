package dev.parley.store.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.Utf8;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.testing.Letters;
import dev.parley.testing.TextArbitraries;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The file form of a message: whatever the text, it is read as it was written, or not at all. */
final class EnvelopePropertyTest {

    private static final Path FILE = Path.of("file");

    @Provide
    Arbitrary<Envelope> envelopes() {
        Arbitrary<SessionId> sessions = TextArbitraries.sessionIds().map(SessionId::new);
        Arbitrary<Instant> times =
                Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
        Arbitrary<String> bodies = TextArbitraries.text(300).filter(text -> {
            int bytes = Utf8.length(text);
            return bytes >= 1 && bytes <= Envelope.MAX_BODY_BYTES;
        });
        return Combinators.combine(
                        Combinators.combine(
                                        TextArbitraries.messageIds(),
                                        times,
                                        sessions.optional(),
                                        TextArbitraries.text(40),
                                        times.optional(),
                                        TextArbitraries.messageIds().optional(),
                                        hosts().optional(),
                                        cancellations().optional())
                                .as(Head::new),
                        sessions,
                        TextArbitraries.requestIds().optional(),
                        TextArbitraries.requestIds().optional(),
                        TextArbitraries.messageIds().optional(),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        bodies)
                .as((head, to, request, reply, source, hops, body) -> new Envelope(
                        head.id,
                        head.sentAt,
                        head.origin(),
                        head.from,
                        head.host,
                        head.origin() == Origin.OFFICE ? Envelope.OFFICE : head.fromName,
                        to,
                        request,
                        reply,
                        source,
                        hops,
                        head.due.filter(due -> request.isPresent()),
                        head.supersedes.filter(earlier -> !earlier.equals(head.id)),
                        head.cancels.filter(canceled -> head.origin() == Origin.OFFICE),
                        body));
    }

    private record Head(
            MessageId id,
            Instant sentAt,
            Optional<SessionId> from,
            String fromName,
            Optional<Instant> due,
            Optional<MessageId> supersedes,
            Optional<HostName> host,
            Optional<Cancellation> cancels) {

        Origin origin() {
            return from.isEmpty() ? Origin.OPERATOR : cancels.isPresent() ? Origin.OFFICE : Origin.PEER;
        }
    }

    private static Arbitrary<Cancellation> cancellations() {
        Arbitrary<String> notes = TextArbitraries.text(100).filter(text -> !text.isEmpty() && Utf8.length(text) > 0);
        return Combinators.combine(TextArbitraries.messageIds(), notes.optional())
                .as(Cancellation::new);
    }

    private static Arbitrary<HostName> hosts() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(32)
                .map(HostName::new);
    }

    @Property
    void whatIsWrittenIsReadTheSame(@ForAll("envelopes") Envelope envelope) throws CorruptFileException {
        byte[] file = EnvelopeCodec.encode(envelope);
        assertEquals(envelope, EnvelopeCodec.decode(FILE, file));
        assertTrue(file.length <= EnvelopeCodec.MAX_FILE_BYTES);
    }

    /** Its reader may be a hook, which shows nothing but this line. */
    @Property
    void theRenderedLineTellsWhenItIsDueAndWhatItReplaces(@ForAll("envelopes") Envelope envelope) {
        String heading = unescaped(rendered(envelope)).split("\n", -1)[0];
        assertEquals(envelope.due().isPresent(), heading.matches(".*, due \\d+-\\d\\d-\\d\\dT[\\d:]+Z.*"), heading);
        assertEquals(
                envelope.supersedes().isPresent(),
                envelope.supersedes()
                        .filter(earlier -> heading.contains(", in place of " + earlier + ", which no longer counts"))
                        .isPresent());
    }

    @Property
    void aFileHasThreeLines(@ForAll("envelopes") Envelope envelope) {
        String file = new String(EnvelopeCodec.encode(envelope), UTF_8);
        assertEquals(3, file.chars().filter(c -> c == '\n').count());
        assertTrue(file.endsWith("\n"));
        assertFalse(file.contains("\r"));
    }

    @Property
    void theRenderedLineHoldsNothingAShellOrATerminalCouldTripOver(@ForAll("envelopes") Envelope envelope) {
        String line = rendered(envelope);
        String bare = line.replaceAll("\\\\[nt\"\\\\]", "");
        assertFalse(bare.contains("\\"), line);
        assertFalse(bare.contains("\""), line);
        line.codePoints().forEach(c -> {
            int type = Character.getType(c);
            assertFalse(
                    type == Character.CONTROL
                            || type == Character.LINE_SEPARATOR
                            || type == Character.PARAGRAPH_SEPARATOR
                            || (type == Character.FORMAT && c != 0x200c && c != 0x200d),
                    () -> String.format("U+%04X is not to be seen", c));
        });
    }

    @Property
    void theBodyStandsAloneBetweenMarksItDoesNotHold(@ForAll("envelopes") Envelope envelope) {
        String[] lines = unescaped(rendered(envelope)).split("\n", -1);
        assertTrue(lines[0].startsWith("message " + envelope.id() + " from "));
        assertTrue(lines[1].matches("<<<[0-9a-z]{8}"), lines[1]);
        String mark = lines[1].substring(3);
        assertEquals("", lines[lines.length - 1]);
        assertEquals(mark + ">>>", lines[lines.length - 2]);
        String body = String.join("\n", Arrays.asList(lines).subList(2, lines.length - 2));
        assertEquals(
                envelope.body().chars().filter(c -> c == '\n').count(),
                body.chars().filter(c -> c == '\n').count());
        if (envelope.body().chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            assertEquals(envelope.body(), body);
        }
    }

    private static String rendered(Envelope envelope) {
        return new String(EnvelopeCodec.encode(envelope), UTF_8).split("\n", -1)[1];
    }

    /** As {@code printf %b} and a JSON parser do. */
    private static String unescaped(String line) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
                out.append(line.charAt(i) == 'n' ? '\n' : line.charAt(i) == 't' ? '\t' : line.charAt(i));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    @Property
    void aBitTurnedOverAnywhereIsNoticed(@ForAll("envelopes") Envelope envelope, @ForAll int where, @ForAll int bit) {
        byte[] file = EnvelopeCodec.encode(envelope);
        file[Math.floorMod(where, file.length)] ^= (byte) (1 << Math.floorMod(bit, 8));
        assertThrows(CorruptFileException.class, () -> EnvelopeCodec.decode(FILE, file));
    }

    @Property
    void aFileCutShortAnywhereIsNoticed(@ForAll("envelopes") Envelope envelope, @ForAll int where) {
        byte[] file = EnvelopeCodec.encode(envelope);
        byte[] cut = Arrays.copyOf(file, Math.floorMod(where, file.length));
        assertThrows(CorruptFileException.class, () -> EnvelopeCodec.decode(FILE, cut));
    }

    @Property
    void anythingElseIsNoMessageAndNothingWorse(@ForAll byte[] content) {
        assertThrows(CorruptFileException.class, () -> EnvelopeCodec.decode(FILE, content));
    }

    @Property
    void aMessageWithAnIdThatIsNoneIsRefused(@ForAll("envelopes") Envelope envelope) {
        String file = new String(EnvelopeCodec.encode(envelope), UTF_8);
        String lines = file.substring(0, file.lastIndexOf("crc32c:"));
        for (String field : new String[] {"id", "request_id", "reply_to", "source_message_id"}) {
            String odd = lines.replaceFirst("\"" + field + "\":\"[mq]-[0-9a-z]{16}\"", "\"" + field + "\":\"../x\"");
            if (!odd.equals(lines)) {
                CorruptFileException e = assertThrows(
                        CorruptFileException.class, () -> EnvelopeCodec.decode(FILE, Checksummed.encode(odd)));
                assertTrue(String.valueOf(e.getMessage()).contains(" id: \"../x\""), e::getMessage);
            }
        }
    }

    @Property
    void halfASurrogatePairIsNoText(@ForAll("halves") String half, @ForAll("plain") String before) {
        String body = before + half;
        assertThrows(IllegalArgumentException.class, () -> Utf8.length(body));
        SessionId ann = new SessionId("ann");
        assertThrows(IllegalArgumentException.class, () -> Letters.plain(ann, ann, body));
    }

    @Provide
    Arbitrary<String> halves() {
        return Arbitraries.chars().range('\ud800', '\udfff').map(String::valueOf);
    }

    @Provide
    Arbitrary<String> plain() {
        return Arbitraries.strings().ascii().ofMaxLength(20);
    }

    @Property
    void lengthsAreThoseOfTheEncoding(@ForAll("texts") String text) {
        assertEquals(text.getBytes(UTF_8).length, Utf8.length(text));
        assertArrayEquals(text.getBytes(UTF_8), new String(text.getBytes(UTF_8), UTF_8).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> texts() {
        return TextArbitraries.text(100);
    }

    @Example
    void theLargestBodyOfTheWorstKindFits() throws CorruptFileException {
        SessionId ann = new SessionId("ann");
        for (String worst : new String[] {"\u0001", "\u0080", "\u00ad", "\"", "\\", "\u2028", "\udb40\udc01", "€"}) {
            int count = Envelope.MAX_BODY_BYTES / worst.getBytes(UTF_8).length;
            Envelope letter = Letters.plain(ann, ann, worst.repeat(count));
            byte[] file = EnvelopeCodec.encode(letter);
            assertTrue(file.length <= EnvelopeCodec.MAX_FILE_BYTES, () -> worst + ": " + file.length);
            assertEquals(letter, EnvelopeCodec.decode(FILE, file));
        }
        assertThrows(
                IllegalArgumentException.class, () -> Letters.plain(ann, ann, "x".repeat(Envelope.MAX_BODY_BYTES + 1)));
        assertThrows(IllegalArgumentException.class, () -> Letters.plain(ann, ann, ""));
    }
}
