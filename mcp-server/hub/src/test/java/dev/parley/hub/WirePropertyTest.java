package dev.parley.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Address;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.remote.Receipt;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Waiting;
import dev.parley.store.Checksummed;
import dev.parley.testing.Letters;
import dev.parley.testing.TextArbitraries;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever bytes come: they are read as they were written, or are no mail, and the reason can be shown to anybody. */
final class WirePropertyTest {

    private static final HostName LAPTOP = new HostName("laptop");
    private static final HostName SERVER = new HostName("build-server");
    private static final String TOKEN = "0123456789abcdef0123";
    private static final Path NOWHERE = Path.of("x");
    private static final Pattern VALUE = Pattern.compile(":(\"(?:[^\"\\\\]|\\\\.)*\"|-?\\d+)");

    private static final Envelope LETTER = letter();
    private static final Parcel PARCEL = new Parcel(
            Pair.of(LAPTOP, LETTER), "e".repeat(16), 7, 3, Optional.of(MessageId.create(Optional.empty())), LETTER);
    private static final Receipt RECEIPT = new Receipt(
            Pair.of(LAPTOP, LETTER), "e".repeat(16), 7, Optional.of(MessageId.create(Optional.empty())), false);
    private static final Progress PROGRESS = new Progress(
            LETTER.id(),
            7,
            MessageState.ANSWERED,
            Optional.of(new Rung(Letters.SENT, "doorbell")),
            Optional.of(Letters.SENT),
            Optional.of(Letters.SENT),
            Optional.of(Letters.SENT),
            Optional.of("the mailbox is full"),
            Optional.of(new WorkDone(WorkState.BLOCKED, 3, Letters.SENT, Optional.of("note"), Optional.of("a key"))));
    private static final Card CARD = new Card(
            LAPTOP,
            TOKEN,
            LETTER.to(),
            "tidy-fox",
            "codex",
            Optional.of("builds"),
            Optional.of(Letters.SENT),
            List.of("docs", "review"),
            Activity.BUSY,
            Optional.of(Letters.SENT),
            Letters.SENT,
            List.of(new Waiting(LAPTOP, new SessionId("cleo-0001"), Letters.SENT, LETTER.id())),
            Optional.empty());

    private static Envelope letter() {
        return new Envelope(
                MessageId.create(Optional.empty()),
                Letters.SENT,
                Origin.PEER,
                Optional.of(new SessionId("ann-00001")),
                Optional.of(LAPTOP),
                "tidy-fox",
                new SessionId("ben-00001"),
                Optional.of(RequestId.create()),
                Optional.of(RequestId.create()),
                Optional.of(MessageId.create(Optional.empty())),
                3,
                Optional.of(Letters.SENT),
                Optional.of(MessageId.create(Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                "body");
    }

    /** What can be read, and how what was read is written. */
    private enum Kind {
        MAIL(Wire.mail(PARCEL, LAPTOP)) {
            @Override
            byte[] again(byte[] content) throws BadMailException {
                return Wire.mail(Wire.mail(address(LETTER.id().value()), content), LAPTOP);
            }
        },
        RECEIPT_OF_MAIL(Wire.receipt(RECEIPT, LAPTOP)) {
            @Override
            byte[] again(byte[] content) throws BadMailException {
                String key =
                        new Pair(SERVER, RECEIPT.pair().from(), RECEIPT.pair().to()).key();
                return Wire.receipt(Wire.receipt(address("r-" + key), content), LAPTOP);
            }
        },
        WHAT_IS_TOLD(Wire.progress(PROGRESS, LAPTOP)) {
            @Override
            byte[] again(byte[] content) throws BadMailException {
                return Wire.progress(Wire.progress(address("s-" + LETTER.id()), content), LAPTOP);
            }
        },
        OF_A_SESSION(Wire.card(CARD)) {
            @Override
            byte[] again(byte[] content) throws BadMailException {
                return Wire.card(Wire.card(Wire.key(CARD), content));
            }
        },
        SIGN_OF_LIFE(Wire.beat(new Wire.Beat("incarnation", "beat"))) {
            @Override
            byte[] again(byte[] content) throws BadMailException {
                return Wire.beat(Wire.beat(content));
            }
        };

        private final String text;

        Kind(byte[] good) {
            this.text = new String(good, UTF_8);
        }

        /** One that is as it should be. */
        byte[] good() {
            return text.getBytes(UTF_8);
        }

        abstract byte[] again(byte[] content) throws BadMailException;

        private static Address address(String id) {
            return new Address(TOKEN, SERVER, LAPTOP, id);
        }

        /** Anything but a {@link BadMailException} fails the test. */
        void read(byte[] content) {
            try {
                byte[] once = again(content);
                assertArrayEquals(once, again(once), "what was read is what is written");
            } catch (BadMailException e) {
                String reason = String.valueOf(e.getMessage());
                assertEquals(PlainText.quoted(reason, 300), reason);
            }
        }
    }

    @Property(tries = 20)
    void whatIsGoodIsReadAsItWasWritten(@ForAll Kind kind) throws BadMailException {
        assertArrayEquals(kind.good(), kind.again(kind.good()));
    }

    @Property(tries = 300)
    void anyBytes(@ForAll Kind kind, @ForAll @Size(max = 400) byte[] content) {
        kind.read(content);
    }

    @Property(tries = 500)
    void anyTextWithAChecksumThatFits(@ForAll Kind kind, @ForAll("texts") String text) {
        kind.read(Checksummed.encode(text + "\n"));
        kind.read(Checksummed.encode("{\"v\":1}\n" + text + "\n"));
    }

    @Property(tries = 500)
    void whatIsDamagedOrCutShort(@ForAll Kind kind, @ForAll @IntRange(max = 100_000) int where, @ForAll byte by) {
        byte[] good = kind.good();
        byte[] cut = Arrays.copyOf(good, where % good.length);
        kind.read(cut);
        kind.read(Checksummed.encode(new String(cut, java.nio.charset.StandardCharsets.ISO_8859_1)));
        byte[] changed = good.clone();
        changed[where % changed.length] = by;
        kind.read(changed);
    }

    /** One of the values is another, whatever that is. */
    @Property(tries = 3000)
    void anyValueInAnyPlace(@ForAll Kind kind, @ForAll @IntRange(max = 1000) int place, @ForAll("values") String value)
            throws Exception {
        String text = Checksummed.decode(NOWHERE, kind.good());
        Matcher values = VALUE.matcher(text);
        int count = (int) values.results().count();
        values.reset();
        for (int i = 0; i <= place % count; i++) {
            assertTrue(values.find());
        }
        kind.read(Checksummed.encode(text.substring(0, values.start(1)) + value + text.substring(values.end(1))));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                TextArbitraries.text(200),
                Arbitraries.strings().withChars("{}[]\":,01-.eE\\u ntfl\n").ofMaxLength(100),
                Arbitraries.integers().between(1, 30_000).map(depth -> "{\"a\":" + "[".repeat(depth)));
    }

    @Provide
    Arbitrary<String> values() {
        List<String> odd = List.of(
                "null",
                "true",
                "{}",
                "[1]",
                "\"\"",
                "\"..\"",
                "\"../../x\"",
                "\"\\u0000\"",
                "\"a\\u0000b\"",
                "\"\\u202e\"",
                "\"\\u001b[2J\"",
                "\"\\ud800\"",
                "\"~operator\"",
                "\"~office\"",
                "\"office\"",
                "\"operator\"",
                "\"peer\"",
                "\"" + "x".repeat(9000) + "\"",
                "1e9",
                "1.5",
                "-0",
                "\"1\"",
                "1,\"v\":1");
        return Arbitraries.oneOf(
                Arbitraries.of(odd),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.integers().map(String::valueOf),
                Arbitraries.bigIntegers().map(String::valueOf),
                TextArbitraries.text(60)
                        .map(text -> "\"" + text.replace("\\", "").replace("\"", "") + "\""));
    }
}
