package dev.parley.transcript;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reading backwards gives what reading forwards gives, in the other order, wherever the blocks end. */
final class BackwardLinesPropertyTest {

    @Provide
    Arbitrary<List<Integer>> lengths() {
        // Around the size of a block, so that lines end and begin at its ends.
        Arbitrary<Integer> length = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 40),
                Arbitraries.integers().between(65_500, 65_570),
                Arbitraries.integers().between(131_000, 131_080));
        return length.list().ofMaxSize(12);
    }

    @Property(tries = 150)
    void sameLinesInTheOtherOrder(@ForAll("lengths") List<Integer> lengths, @ForAll boolean endsWithNewline)
            throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            lines.add(Character.toString('a' + i).repeat(lengths.get(i)));
        }
        Path file = Files.createTempFile("lines", ".jsonl");
        try {
            Files.writeString(file, String.join("\n", lines) + (endsWithNewline ? "\n" : ""));
            List<String> expected = new ArrayList<>(
                    lines.stream().filter(line -> !line.isEmpty()).toList());
            Collections.reverse(expected);
            List<String> read = new ArrayList<>();
            try (BackwardLines backward = new BackwardLines(file, Long.MAX_VALUE)) {
                for (Optional<byte[]> line = backward.next(); line.isPresent(); line = backward.next()) {
                    read.add(new String(line.get(), UTF_8));
                }
                assertEquals(Files.size(file), backward.scanned());
            }
            assertEquals(expected, read);
        } finally {
            Files.delete(file);
        }
    }
}
