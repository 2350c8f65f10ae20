package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.cockpit.Cells;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Tables and texts in the cells of a terminal. */
final class TableTest {

    private static final Table TABLE = new Table(List.of(
            List.of("NAME", "DOES", "PURPOSE"),
            List.of("calm-otter", "idle", "plans the release of the whole thing"),
            List.of("日本語", "busy", "数を数える 👩 and more of that kind")));

    @Test
    void wideCharactersAndEmojiTakeTwoCellsAndMarksNone() {
        assertEquals(4, Cells.of("abcd"));
        assertEquals(6, Cells.of("日本語"));
        assertEquals(2, Cells.of("한"));
        assertEquals(2, Cells.of("\u1112\u1161\u11ab"), "the same in three parts");
        assertEquals(1, Cells.of("e\u0301"));
        assertEquals(2, Cells.of("👩"));
        assertEquals(2, Cells.of("⌚"));
        assertEquals(1, Cells.of("→"));
        assertEquals(2, Cells.of("Ａ"));
        assertEquals(0, Cells.of("\u200d\ufe0f"));
    }

    @Test
    void theWidestColumnGivesWayBeforeOneIsLost() {
        assertEquals(List.of("NAME     DOES", "calm-o…  idle", "日本語   busy"), TABLE.fitting(OptionalInt.of(13)));
    }

    @Test
    void aTextIsCutBetweenCharactersAndSaysSo() {
        assertEquals("日…", Cells.beginOf("日本語", 4));
        assertEquals("日本語", Cells.beginOf("日本語", 6));
        assertEquals("…語", Cells.endOf("日本語", 4));
        assertEquals("…", Cells.beginOf("👩👩", 2));
    }

    @Test
    void columnsStandBelowEachOtherWhateverIsInThem() {
        assertEquals(
                List.of(
                        "NAME        DOES  PURPOSE",
                        "calm-otter  idle  plans the release of the whole thing",
                        "日本語      busy  数を数える 👩 and more of that kind"),
                TABLE.fitting(OptionalInt.empty()));
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (int width = 1; width < 80; width++) {
            for (String line : TABLE.fitting(OptionalInt.of(width))) {
                assertTrue(Cells.of(line) <= width, width + ": " + line);
            }
        }
        assertEquals(
                List.of("NAME        DOES  PURPOSE", "calm-otter  idle  plans th…", "日本語      busy  数を数え…"),
                TABLE.fitting(OptionalInt.of(27)));
        assertEquals(
                List.of("NAME        DOES", "calm-otter  idle", "日本語      busy"), TABLE.fitting(OptionalInt.of(20)));
    }
}
