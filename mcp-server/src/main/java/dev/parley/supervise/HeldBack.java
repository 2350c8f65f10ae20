package dev.parley.supervise;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that is started and waits for a word on its standard input before it becomes the program. Its process is known, and
 * can be noted, while the program has not begun; and if whoever started it dies before the word is said, it never begins.
 */
final class HeldBack {

    private static final String WORD = "go";

    /** The shell reads no byte beyond the line, so that the rest is the program's. */
    private static final String SCRIPT = "IFS= read -r word && [ \"$word\" = " + WORD + " ] && exec \"$@\"";

    private HeldBack() {}

    /** The command that waits, and then is this one, in the same process. */
    static List<String> command(List<String> command) {
        List<String> held = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "parley"));
        held.addAll(command);
        return held;
    }

    /**
     * Says the word.
     *
     * @throws IOException if the process has ended
     */
    static void release(OutputStream input) throws IOException {
        input.write((WORD + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        input.flush();
    }
}
