package dev.parley.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.Part.Moving;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of what lies in a session's directory, against what else has to know it. */
final class PartTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @ParameterizedTest
    @EnumSource(Part.class)
    void theFormatSaysWhatItIs(Part part) throws IOException {
        String format = Files.readString(ROOT.resolve("docs/FORMAT.md"));
        String path = Pattern.quote("`…/" + part.in(Path.of("")));
        assertTrue(
                Pattern.compile("(?m)^\\| " + path + "[`/]").matcher(format).find()
                        // Beside its parts.
                        || part == Part.MAILBOX,
                () -> "docs/FORMAT.md has no line for " + part.in(Path.of("")));
    }

    @Test
    void parentsStandBeforeWhatIsInThem() {
        List<String> made = Part.made().stream()
                .map(part -> part.in(Path.of("")).toString())
                .toList();
        assertEquals(
                List.of("mailbox", "mailbox/tmp", "mailbox/new", "mailbox/cur", "mailbox/shown", "asks", "ledger"),
                made);
    }

    /** The hook makes the same directories, or a server would find a session that is half one. */
    @Test
    void theHookMakesTheSame() throws IOException {
        Matcher parts = Pattern.compile("parts=\\(([^)]*)\\)")
                .matcher(Files.readString(ROOT.resolve("assets/hooks/parley-hook")));
        assertTrue(parts.find());
        assertEquals(
                Part.made().stream()
                        .map(part -> part.in(Path.of("")).toString())
                        .sorted()
                        .toList(),
                Arrays.stream(parts.group(1).split(" ")).sorted().toList());
    }

    /** What moves is looked up by what moved before it: a message by its record. */
    @Test
    void recordsMoveBeforeMail() {
        List<Part> moving = Arrays.stream(Part.values())
                .filter(part -> part.moving() != Moving.NONE)
                .toList();
        assertEquals(List.of(Part.NEW, Part.CUR, Part.SHOWN, Part.ASKS, Part.LEDGER), moving, "moved from its end on");
    }
}
