package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a shell understands of an answer. */
class AnswerTest {

    private static final List<String> NASTY = List.of(
            "claude", "it's", "$(touch x)", "`id`", "two\nlines\n", "", "\\", "\"", "-e", "*", "\u001b[2J", "ä$HOME");

    @TempDir
    private Path directory;

    private String heard(Answer answer, String print) throws Exception {
        Path file = Files.writeString(directory.resolve("answer"), answer.script());
        return Shell.run(
                        List.of("sh", "-c", "set -u; . '" + file + "'; " + print),
                        Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "HOME", "/h"),
                        directory,
                        "")
                .exited(0)
                .out();
    }

    @Test
    void everyWordArrivesAsItIs() throws Exception {
        String all = "for word; do printf '<%s>' \"$word\"; done";
        String expected = "<" + String.join("><", NASTY) + ">";

        assertEquals(expected, heard(new Answer.Start(NASTY), all));
        assertEquals(expected, heard(new Answer.Resume("why", Path.of("/d"), NASTY, Instant.EPOCH), all));
        assertFalse(Files.exists(directory.resolve("x")), "nothing of it is run");
    }

    @Test
    void aStartSaysNothing() throws Exception {
        assertEquals("start:", heard(new Answer.Start(List.of("claude")), "printf %s \"$word:$text\""));
    }

    @Test
    void aResumeSaysWhereAndUntilWhen() throws Exception {
        Answer answer = new Answer.Resume(
                "it's back", Path.of("/a b/it's"), List.of("claude"), Instant.ofEpochMilli(1_234_567_999));

        assertEquals(
                "resume:it's back:/a b/it's:1234567",
                heard(answer, "printf %s \"$word:$text:$directory:$good_until\""));
    }

    @Test
    void aParkAndAnEndAreTold() throws Exception {
        assertEquals("park:later", heard(new Answer.Park("later"), "printf %s \"$word:$text\""));
        assertEquals("end:no:137", heard(new Answer.End("no", 137), "printf %s \"$word:$text:$code\""));
    }
}
