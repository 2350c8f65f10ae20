package dev.parley.store.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.testing.Letters;
import dev.parley.testing.TextArbitraries;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** File names of messages: they say everything, sort in order, and nothing else is taken for one. */
final class MessageNamePropertyTest {

    @Provide
    Arbitrary<MessageName> names() {
        Arbitrary<Long> micros = Arbitraries.longs().between(0, 9_999_999_999_999_999L);
        Arbitrary<MessageId> ids = TextArbitraries.messageIds();
        Arbitrary<Optional<RequestId>> answers = TextArbitraries.requestIds().optional();
        return Combinators.combine(micros, ids, answers, Arbitraries.of(true, false))
                .as((time, id, request, handedOver) -> {
                    MessageName name = MessageName.of(time, id, request);
                    return handedOver ? name.marked() : name;
                });
    }

    @Property
    void aNameIsReadAsItWasWritten(@ForAll("names") MessageName name) {
        MessageName read = MessageName.parse(name.toString()).orElseThrow();
        assertEquals(name, read);
        assertEquals(name.micros(), read.micros());
        assertEquals(name.messageId(), read.messageId());
        assertEquals(name.answers(), read.answers());
        assertEquals(name.redelivered(), read.redelivered());
        assertTrue(name.toString().length() <= 255);
        assertTrue(name.marked().redelivered());
        assertEquals(name.marked(), name.marked().marked());
    }

    @Property
    void namesSortAsTheirTexts(@ForAll("names") MessageName a, @ForAll("names") MessageName b) {
        if (!a.messageId().equals(b.messageId())) {
            assertEquals(
                    Integer.signum(a.compareTo(b)), Integer.signum(a.toString().compareTo(b.toString())));
        }
    }

    @Property
    void whatIsReadIsWrittenTheSame(@ForAll("nearNames") String text) {
        MessageName.parse(text).ifPresent(name -> assertEquals(text, name.toString()));
    }

    /** Real names with a few characters changed, taken out or put in, and any text at all. */
    @Provide
    Arbitrary<String> nearNames() {
        return Arbitraries.oneOf(
                Combinators.combine(names(), Arbitraries.integers().between(0, 60), TextArbitraries.text(2))
                        .as((name, at, piece) -> {
                            String text = name.toString();
                            int from = Math.min(at, text.length());
                            return text.substring(0, from)
                                    + piece
                                    + text.substring(Math.min(text.length(), from + piece.length()));
                        }),
                TextArbitraries.text(60));
    }

    @Property
    void aNameSaysWhatItWasMadeOf(
            @ForAll @LongRange(min = 0, max = 9_999_999_999_999_999L) long micros,
            @ForAll("answers") Optional<RequestId> answers) {
        MessageName name = MessageName.of(micros, new MessageId("m-0123456789abcdef"), answers);
        assertEquals(micros, name.micros());
        assertEquals("m-0123456789abcdef", name.messageId().value());
        assertEquals(answers, name.answers());
        assertFalse(name.redelivered());
        assertEquals(answers, name.marked().answers());
    }

    @Provide
    Arbitrary<Optional<RequestId>> answers() {
        return TextArbitraries.requestIds().optional();
    }

    @Example
    void noNameIsMadeOfWhatHasNone() {
        MessageId id = new MessageId("m-0123456789abcdef");
        Optional<RequestId> none = Optional.empty();
        assertThrows(IllegalArgumentException.class, () -> MessageName.of(-1, id, none));
        assertThrows(IllegalArgumentException.class, () -> MessageName.of(10_000_000_000_000_000L, id, none));
    }

    @Example
    void aTimeBeyondAllReasonPushesNobodyOn() {
        Stamps stamps = new Stamps(() -> Letters.SENT);
        stamps.atLeast(9_999_999_999_999_999L);
        long next = stamps.next();
        assertTrue(next < MessageName.LATEST);
        stamps.atLeast(next + 5);
        assertEquals(next + 6, stamps.next());
    }

    @Example
    void aMarkIsPartOfTheNameOnce() {
        assertFalse(MessageName.parse("0000000000000001-m-0000000000000000,r,r").isPresent());
    }
}
