package dev.parley.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlainTextTest {

    /** An escape, a C1 control sequence introducer, a right-to-left override, a line separator. */
    private static final String HOSTILE = "a\u001b[31m\tb\u009b2J\r\nc\u202ed\u2028e ";

    @Test
    void aLineHasNothingInvisible() {
        assertEquals("a [31m b 2J c d e", PlainText.line(HOSTILE));
        assertEquals("", PlainText.line(" \n\u0000 "));
    }

    @Test
    void aQuotationShowsThatThereWasSomething() {
        assertEquals("a?[31m?b?2J??c?d?e ", PlainText.quoted(HOSTILE, 100));
        assertEquals("👩‍💻é", PlainText.quoted("👩‍💻é", 100), "joiners stay: they make one picture");
    }

    @Test
    void aQuotationIsCutBetweenCharacters() {
        assertEquals("😀😀…", PlainText.quoted("😀😀😀", 2));
        assertEquals("😀😀", PlainText.quoted("😀😀", 2));
    }
}
