package dev.parley.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which names somebody may have meant. */
final class LikenessTest {

    private static final List<String> NAMES = List.of("sweet-anchor", "calm-otter", "bold-otter", "bob");

    @Test
    void theNearestNamesComeFirstAndStrangersNotAtAll() {
        assertEquals(List.of("sweet-anchor"), Likeness.nearest("sweet-achnor", NAMES));
        assertEquals(List.of("sweet-anchor"), Likeness.nearest("Sweet_Anchor", NAMES));
        assertEquals(List.of("bold-otter", "calm-otter"), Likeness.nearest("otter", NAMES));
        assertEquals(List.of("bob"), Likeness.nearest("bub", NAMES));
        assertEquals(List.of(), Likeness.nearest("nobody", NAMES));
        assertEquals(List.of(), Likeness.nearest("", NAMES));
        assertEquals(List.of(), Likeness.nearest("x".repeat(1000), NAMES));
    }
}
