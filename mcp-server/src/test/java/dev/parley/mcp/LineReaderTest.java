package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LineReaderTest {
    private static LineReader reader(String content, int limit) {
        return reader(content.getBytes(StandardCharsets.UTF_8), limit);
    }

    private static LineReader reader(byte[] content, int limit) {
        return new LineReader(new ByteArrayInputStream(content), limit);
    }

    @Test
    void cutsAtLineEnds() throws IOException {
        LineReader lines = reader("one\n\ntwo", 10);

        assertEquals(new Line.Text("one", 0), lines.next());
        assertEquals(new Line.Text("", 4), lines.next());
        assertEquals(new Line.Text("two", 5), lines.next());
        assertEquals(new Line.End(), lines.next());
    }

    @Test
    void skipsALineOverTheLimitAndGoesOn() throws IOException {
        LineReader lines = reader("x".repeat(200_000) + "\nshort\n", 100_000);

        assertEquals(new Line.TooLong(100_000, Optional.empty()), lines.next());
        assertEquals(new Line.Text("short", 200_001), lines.next());
    }

    @Test
    void takesALineOfJustTheLimit() throws IOException {
        assertEquals(
                new Line.Text("x".repeat(100), 0),
                reader("x".repeat(100) + "\n", 100).next());
        assertEquals(
                new Line.TooLong(100, Optional.empty()),
                reader("x".repeat(101) + "\n", 100).next());
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        LineReader lines = reader(new byte[] {'"', (byte) 0xff, '"', '\n', 'a', '\n'}, 100);

        assertInstanceOf(Line.NotUtf8.class, lines.next());
        assertEquals(new Line.Text("a", 4), lines.next());
    }

    @Test
    void refusesEncodedSurrogatesAndOverlongForms() throws IOException {
        assertInstanceOf(
                Line.NotUtf8.class,
                reader(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, 100).next());
        assertInstanceOf(
                Line.NotUtf8.class,
                reader(new byte[] {(byte) 0xc0, (byte) 0xaf}, 100).next());
    }

    @Test
    void tellsTheIdOfARequestOverTheLimitWhereverItStands() throws IOException {
        String text = "x".repeat(200_000);
        LineReader lines = reader(
                "{\"id\":7,\"method\":\"m\",\"text\":\"" + text + "\"}\n{\"method\":\"m\",\"text\":\"" + text
                        + "\",\"id\":\"last\"}",
                1000);

        assertEquals(new Line.TooLong(1000, Optional.of(7L)), lines.next());
        assertEquals(new Line.TooLong(1000, Optional.of("last")), lines.next());
        assertEquals(new Line.End(), lines.next());
    }

    @Test
    void whatWasReadAheadIsTakenFirstAndCountsAsReceived() throws IOException {
        LineReader lines = reader("one\ntwo\nthree", 100);
        while (lines.readAhead()) {
            assertEquals(false, lines.isEndedAhead());
        }

        assertEquals(true, lines.isEndedAhead());
        assertEquals(13, lines.received());
        assertEquals(new Line.Text("one", 0), lines.next());
        assertEquals(new Line.Text("two", 4), lines.next());
        assertEquals(new Line.Text("three", 8), lines.next());
        assertEquals(new Line.End(), lines.next());
    }

    @Test
    void readsNoMoreAheadThanItMayKeep() throws IOException {
        LineReader lines = reader("y".repeat(5_000_000), 100);
        int pieces = 0;
        while (lines.readAhead()) {
            pieces++;
        }

        assertEquals(16, pieces);
        assertEquals(false, lines.isEndedAhead());
    }

    @Test
    void countsWhatWaitsInTheStreamAsReceived() throws IOException {
        BytePipe pipe = new BytePipe();
        LineReader lines = new LineReader(pipe.in, 100);
        pipe.out.write("a\n".getBytes(StandardCharsets.UTF_8));
        lines.next();
        assertEquals(2, lines.received());

        pipe.out.write("bcd".getBytes(StandardCharsets.UTF_8));

        assertEquals(5, lines.received());
    }
}
