package dev.parley.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a group can be called. Who is in one is told by the contract of the directories of peers. */
final class GroupsTest {

    @Test
    void aGroupIsCalledAsASessionCanBe() {
        for (String group : List.of("docs", "release-2", "ab", "g".repeat(40))) {
            assertEquals(Optional.empty(), Groups.refusal(group), group);
        }
        for (String group :
                List.of("", "a", "@docs", "Docs", "docs!", "-docs", "docs-", "a b", "a".repeat(41), "\u001b[1m")) {
            String why = Groups.refusal(group).orElseThrow();
            assertTrue(why.contains("2 to 40"), why);
        }
        for (String group : List.of("operator", "off1ce", "deadbeef", "p-abc")) {
            assertTrue(Groups.refusal(group).isPresent(), group);
        }
    }

    @Test
    void nobodyFoundsTheGroupOfEverybodyNorOneThatLooksLikeIt() {
        for (String group : List.of("all", "a1l", "a-l-l")) {
            assertEquals(Optional.of("every session is in @all by itself"), Groups.refusal(group), group);
        }
    }

    @Test
    void aTargetMeansAGroupByItsFirstCharacterAlone() {
        assertTrue(Groups.isMeantBy("@docs") && Groups.isMeantBy("@"));
        assertFalse(Groups.isMeantBy("docs") || Groups.isMeantBy("do@cs") || Groups.isMeantBy(""));
        assertEquals("@docs", Groups.target("docs"));
    }
}
