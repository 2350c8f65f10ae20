package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.mcp.IncomingFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every input that was ever of interest to the fuzzing of the three parsers, once, without the fuzzer. */
class ParserCorpusTest {

    private interface Check {
        void of(byte[] content) throws IOException;
    }

    private static void replay(Class<?> fuzz, String method, Check check) throws Exception {
        Path inputs = Path.of(fuzz.getResource(fuzz.getSimpleName() + "Inputs").toURI())
                .resolve(method);
        List<Path> files;
        try (Stream<Path> all = Files.list(inputs)) {
            files = all.sorted().toList();
        }
        assertTrue(files.size() >= 4, inputs + " holds " + files.size());
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            check.of(content);
            for (int length = 0; length < content.length; length += 1 + content.length / 64) {
                check.of(Arrays.copyOf(content, length));
            }
        }
    }

    @Test
    void lines() throws Exception {
        replay(IncomingFuzz.class, "everyLineIsAMessageOrAFault", new IncomingFuzz()::everyLineIsAMessageOrAFault);
    }

    @Test
    void messages() throws Exception {
        replay(EnvelopeFuzz.class, "everyFileIsAMessageOrCorrupt", new EnvelopeFuzz()::everyFileIsAMessageOrCorrupt);
    }

    @Test
    void cards() throws Exception {
        replay(CardFuzz.class, "everyFileIsACardOrCorrupt", new CardFuzz()::everyFileIsACardOrCorrupt);
    }
}
