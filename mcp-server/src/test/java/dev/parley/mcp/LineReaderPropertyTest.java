package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class LineReaderPropertyTest {
    /** However the bytes arrive, the lines are those of a plain split. */
    @Property
    void agreesWithASplit(
            @ForAll("texts") List<String> texts,
            @ForAll @IntRange(min = 1, max = 7) int chunk,
            @ForAll @IntRange(min = 1, max = 12) int limit)
            throws IOException {
        byte[] content = (String.join("\n", texts) + "\n").getBytes(StandardCharsets.UTF_8);

        assertEquals(split(texts, limit), read(new Trickle(content, chunk), limit));
    }

    /** Nothing makes it fail, and it always comes to an end. */
    @Property
    void survivesAnyBytes(@ForAll byte[] content, @ForAll @IntRange(min = 1, max = 5) int chunk) throws IOException {
        int lineEnds = 0;
        for (byte b : content) {
            lineEnds += b == '\n' ? 1 : 0;
        }
        boolean rest = content.length > 0 && content[content.length - 1] != '\n';

        assertEquals(
                lineEnds + (rest ? 1 : 0), read(new Trickle(content, chunk), 4).size());
    }

    private static List<Line> split(List<String> texts, int limit) {
        List<Line> lines = new ArrayList<>();
        long start = 0;
        for (String text : texts) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            lines.add(bytes > limit ? new Line.TooLong(limit, Optional.empty()) : new Line.Text(text, start));
            start += bytes + 1;
        }
        return lines;
    }

    private static List<Line> read(InputStream in, int limit) throws IOException {
        LineReader reader = new LineReader(in, limit);
        List<Line> lines = new ArrayList<>();
        for (Line line = reader.next(); !(line instanceof Line.End); line = reader.next()) {
            lines.add(line);
        }
        return lines;
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings()
                .withChars("ab \u00e9\u20ac\r{}")
                .ofMaxLength(9)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    /** Gives at most a few bytes for each read. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream content;
        private final int most;

        Trickle(byte[] content, int most) {
            this.content = new ByteArrayInputStream(content);
            this.most = most;
        }

        @Override
        public int read() {
            return content.read();
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return content.read(into, from, Math.min(length, most));
        }
    }
}
