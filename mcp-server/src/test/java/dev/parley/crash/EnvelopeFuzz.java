package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.mailbox.Envelope;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.mailbox.EnvelopeCodec;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Guided by coverage, whatever may stand in a message file. Found inputs become part of the corpus. */
final class EnvelopeFuzz {

    private static final Path FILE = Path.of("fuzz");

    /** Every file is a message, and the same after writing and reading it again, or it is corrupt. */
    @Tag("slow")
    @FuzzTest(maxDuration = "10s")
    void everyFileIsAMessageOrCorrupt(byte[] content) {
        check(content);
        // Hardly any change of a file survives the checksum, so the parser behind
        // it is shown the text under a right one.
        check(Checksummed.encode(new String(content, UTF_8)));
    }

    private static void check(byte[] content) {
        Envelope envelope;
        try {
            envelope = EnvelopeCodec.decode(FILE, content);
        } catch (CorruptFileException e) {
            return;
        }
        byte[] again = EnvelopeCodec.encode(envelope);
        assertTrue(again.length <= EnvelopeCodec.MAX_FILE_BYTES, "longer than a reader takes: " + again.length);
        try {
            assertEquals(envelope, EnvelopeCodec.decode(FILE, again));
        } catch (CorruptFileException e) {
            throw new AssertionError("it cannot read what it wrote", e);
        }
    }
}
