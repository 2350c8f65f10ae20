package dev.parley.hub.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.hub.Road.Address;
import dev.parley.hub.TeamName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NamesTest {

    private static final Names NAMES = new Names(new TeamName("blue"));
    private static final String PROJECT = "0123456789abcdef0123";

    @Test
    void aSubjectTellsTheAddressThatItWasMadeOf() {
        Address address = new Address(PROJECT, new HostName("a"), new HostName("b-1"), "m-0123456789abcdef");
        String subject = "parley.blue." + PROJECT + ".a.b-1.m-0123456789abcdef";
        assertEquals(subject, NAMES.subject(address));
        assertEquals(Optional.of(address), NAMES.address(subject));
    }

    @Test
    void aSubjectWithAnOddTokenTellsNothing() {
        String tail = PROJECT + ".a.b.m";
        for (String odd : List.of(
                "",
                "parley.blue." + PROJECT + ".a.b",
                "parley.blue." + PROJECT + ".a.b.m.m",
                "parley.red." + tail,
                "post.blue." + tail,
                "parley.blue.*.a.b.m",
                "parley.blue." + PROJECT + ".*.b.m",
                "parley.blue." + PROJECT + ".A.b.m",
                "parley.blue." + PROJECT + ".a.>.m",
                "parley.blue." + PROJECT + ".a..m",
                "parley.blue." + PROJECT + ".a.b.",
                "parley.blue." + PROJECT + ".a.b.m\n",
                "parley.blue." + PROJECT + ".a.b." + "m".repeat(129))) {
            assertEquals(Optional.empty(), NAMES.address(odd), odd);
        }
        for (String odd : List.of("parley.blue.*.a.b.m", "parley.blue." + PROJECT + ".a.b.*")) {
            Address from = NAMES.oddAddress(odd).orElseThrow();
            assertEquals(new HostName("b"), from.from());
            assertEquals(new HostName("a"), from.to());
        }
        assertEquals(Optional.empty(), NAMES.oddAddress("parley.blue." + PROJECT + ".a.b"));
        assertEquals(Optional.empty(), NAMES.oddAddress("parley.blue." + PROJECT + ".a.*.m"));
    }

    @Test
    void aKeyIsASubject() {
        assertEquals("$KV.PARLEY_blue.a.b.c", NAMES.keySubject("a.b.c"));
        assertEquals(Optional.of("a.b.c"), NAMES.key("$KV.PARLEY_blue.a.b.c"));
        assertEquals(Optional.empty(), NAMES.key("$KV.PARLEY_red.a"));
        assertEquals(Optional.empty(), NAMES.key("$KV.PARLEY_blue.a.*"));
        assertThrows(IllegalArgumentException.class, () -> NAMES.keySubject("a.*"));
        assertTrue(Names.isClock("a.clock"));
        assertTrue(!Names.isClock("a.b.clock") && !Names.isClock("clock"));
    }
}
