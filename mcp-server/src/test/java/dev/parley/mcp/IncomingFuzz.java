package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Guided by coverage, whatever a client may write on a server's input. Found inputs become part of the corpus. */
public final class IncomingFuzz {

    private static final int LIMIT = 4096;

    private static final List<Integer> CODES = List.of(JsonRpc.PARSE_ERROR, JsonRpc.INVALID_REQUEST);

    /** Every line is a message or a fault, and the input comes to its end. */
    @Tag("slow")
    @FuzzTest(maxDuration = "10s")
    public void everyLineIsAMessageOrAFault(byte[] content) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(content), LIMIT);
        int lines = 0;
        for (Line line = reader.next(); !(line instanceof Line.End); line = reader.next()) {
            lines++;
            if (line instanceof Line.Text text && !text.text().isBlank()) {
                check(Incoming.parse(text), text);
            }
        }
        assertTrue(lines <= content.length, "more lines than bytes");
    }

    private static void check(Incoming incoming, Line.Text text) {
        assertFalse(text.text().contains("\n"), "a line that goes over its end");
        if (incoming instanceof Incoming.Request request) {
            assertTrue(request.id() instanceof String || request.id() instanceof Long, "an id of another kind");
            assertTrue(request.params().isObject() && request.meta().isObject(), "params that are none");
        } else if (incoming instanceof Incoming.Faulty faulty) {
            assertTrue(CODES.contains(faulty.code()), "code " + faulty.code());
            assertFalse(faulty.message().isEmpty(), "a fault without a word");
        }
    }
}
