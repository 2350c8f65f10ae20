package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A long text on a screen that is none. */
final class PagerTest {

    @TempDir
    private Path root;

    private final StringWriter screen = new StringWriter();

    private void show(String program, OptionalInt height, PageFile.Content text) throws Exception {
        PrintWriter out = new PrintWriter(screen);
        new Pager(Map.of("PAGER", program), height).show(text, out);
        out.flush();
    }

    private static PageFile.Content lines(int count) {
        return out -> {
            for (int i = 1; i <= count; i++) {
                out.print("line " + i + "\n");
            }
        };
    }

    private Path pages() {
        return root.resolve("pages");
    }

    @Test
    void whatFitsTheScreenNeedsNoProgram() throws Exception {
        show("cat > '" + pages() + "'", OptionalInt.of(3), lines(2));
        assertEquals("line 1\nline 2\n", screen.toString());
        assertFalse(Files.exists(pages()));
    }

    @Test
    void whatIsLongerGoesToTheProgramFromItsBeginning() throws Exception {
        show("cat > '" + pages() + "'", OptionalInt.of(3), lines(3));
        assertEquals("", screen.toString());
        assertEquals("line 1\nline 2\nline 3\n", Files.readString(pages()));
    }

    @Test
    void whereNoScreenIsOrNoProgramIsWantedNoneIsAsked() throws Exception {
        show("cat > '" + pages() + "'", OptionalInt.empty(), lines(3));
        show("cat", OptionalInt.of(1), lines(1));
        show("", OptionalInt.of(1), lines(1));
        assertEquals("line 1\nline 2\nline 3\nline 1\nline 1\n", screen.toString());
        assertFalse(Files.exists(pages()));
    }

    /** Also if it was given much before that was seen. */
    @Test
    void aProgramThatIsNotThereLosesNothing() throws Exception {
        show("exec 2>/dev/null; no-such-program-anywhere", OptionalInt.of(3), lines(100_000));
        assertEquals(100_000, screen.toString().lines().count());
    }

    /** A text without an end: nobody waits for the whole of it, and nobody holds it. */
    @Test
    @Timeout(60)
    void theProgramGetsTheTextWhileItIsWritten() throws Exception {
        show("head -n 2 > '" + pages() + "'", OptionalInt.of(3), out -> {
            while (true) {
                out.print("again\n");
            }
        });
        assertEquals("again\nagain\n", Files.readString(pages()));
    }
}
