package dev.parley.store.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.testing.TextArbitraries;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The file form of a state of work. */
final class WorkFilePropertyTest {

    private static final Path FILE = Path.of("m-0000000000000000,done");

    @Provide
    Arbitrary<WorkFile> files() {
        Arbitrary<Optional<String>> texts =
                TextArbitraries.text(100).filter(text -> !text.isEmpty()).optional();
        return Combinators.combine(
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        Arbitraries.of(WorkState.class),
                        Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli),
                        texts,
                        texts)
                .as(WorkFile::new);
    }

    @Property
    void whatIsWrittenIsReadTheSame(@ForAll("files") WorkFile file) throws CorruptFileException {
        assertEquals(file, WorkFile.decode(FILE, file.encode()));
    }

    /** A hook reads the first characters only. */
    @Property
    void itsStateStandsNearItsBeginning(@ForAll("files") WorkFile file) {
        String text = new String(file.encode(), UTF_8);
        String head = "{\"v\":1,\"revision\":" + file.revision() + ",\"state\":\""
                + file.state().word() + "\",";
        assertTrue(text.startsWith(head), text);
        assertTrue(head.length() <= 64, head);
    }

    @Example
    void theLargestFits() {
        for (String widest : List.of("\u0001", "漢", "\ud83d\ude42")) {
            Optional<String> text = Optional.of(widest.repeat(Work.MAX_NOTE / widest.length()));
            WorkFile file = new WorkFile(
                    Integer.MAX_VALUE, WorkState.COMPLETED, Instant.ofEpochMilli(Long.MAX_VALUE), text, text);
            assertTrue(file.encode().length <= WorkFile.MAX_BYTES, widest);
        }
    }

    @Example
    void whatTellsNoStateIsDamaged() {
        for (String line : List.of(
                "",
                "[]",
                "{}",
                "{\"v\":1}",
                "{\"v\":2,\"revision\":1,\"state\":\"working\",\"at_ms\":1}",
                "{\"v\":1,\"revision\":1,\"state\":\"asleep\",\"at_ms\":1}",
                "{\"v\":1,\"revision\":1,\"state\":\"working\",\"at_ms\":\"soon\"}",
                "{\"v\":1,\"revision\":1,\"state\":\"working\",\"at_ms\":1} {}")) {
            byte[] content = Checksummed.encode(line + "\n");
            assertThrows(CorruptFileException.class, () -> WorkFile.decode(FILE, content), line);
        }
        byte[] good = "{\"v\":1,\"revision\":1,\"state\":\"working\",\"at_ms\":1}\n".getBytes(UTF_8);
        assertThrows(CorruptFileException.class, () -> WorkFile.decode(FILE, good), "without a checksum");
    }
}
