package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.client.Beginning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment says, and what is made of it. */
class SettingTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static Map<String, String> set(Setting setting, String value) {
        return Map.of(setting.variable(), value);
    }

    @Test
    void unsetAndBlankAreTheDefault() {
        assertEquals("~/.parley", Setting.HOME.text(Map.of()));
        assertEquals("~/.parley", Setting.HOME.text(set(Setting.HOME, "  ")));
        assertEquals(50_000, Setting.ASK_TIMEOUT.number(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "600000, 600000",
        "600001, 600000",
        "0, 1",
        "-7, 1",
        "' 250 ', 250",
        "999999999999999999, 600000"
    })
    void aNumberIsClampedToItsBounds(String value, long expected) {
        assertEquals(expected, Setting.ASK_TIMEOUT.number(set(Setting.ASK_TIMEOUT, value)));
        assertTrue(Setting.ASK_TIMEOUT.problem(set(Setting.ASK_TIMEOUT, value)).isEmpty());
    }

    /** Neither so short that nobody can end in order, nor so long that a terminal seems to hang. */
    @ParameterizedTest
    @CsvSource({"0, 100", "99, 100", "100, 100", "10000, 10000", "10001, 10000", "-1, 100"})
    void theTimesOfStoppingAreClampedAtBothEnds(String value, long expected) {
        for (Setting setting : List.of(Setting.STOP_INTERRUPT, Setting.STOP_TERMINATE)) {
            assertEquals(expected, setting.number(set(setting, value)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PARLEY_ASK_TIMEOUT_MS, soon",
        "PARLEY_ASK_TIMEOUT_MS, 1e3",
        "PARLEY_WAKE, yes",
        "PARLEY_DURABILITY, none"
    })
    void whatIsNotUnderstoodIsSaidAndTheDefaultUsed(String variable, String value) {
        Setting setting = Arrays.stream(Setting.values())
                .filter(each -> each.variable().equals(variable))
                .findFirst()
                .orElseThrow();
        String problem = setting.problem(set(setting, value)).orElseThrow();
        assertTrue(problem.contains(variable + "=" + value), problem);
        assertTrue(problem.contains(setting.fallback()) && problem.contains(setting.bounds()), problem);
        assertEquals(setting.fallback(), setting.text(set(setting, value)));
    }

    @Test
    void theDefaultsAreWithinTheirBounds() {
        for (Setting setting : Setting.values()) {
            assertTrue(setting.problem(set(setting, setting.fallback())).isEmpty(), setting.variable());
            assertTrue(setting.variable().startsWith("PARLEY_"), setting.variable());
            assertFalse(setting.meaning().isBlank(), setting.variable());
        }
    }

    @Test
    void textIsNoNumber() {
        assertThrows(IllegalStateException.class, () -> Setting.HOME.number(Map.of()));
    }

    /** What the launcher and the hooks read has its line in the table, too. */
    @Test
    void everyVariableThatIsReadIsASetting() throws IOException {
        Set<String> known =
                Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet());
        Set<String> read = new TreeSet<>();
        for (String place : List.of("assets/bin", "assets/hooks", "mcp-server/src/main", "wake-tmux/src/main")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Matcher name = Pattern.compile("PARLEY_[A-Z_]+").matcher(Files.readString(file));
                    while (name.find()) {
                        // What the launcher tells the server, and 'parley spawn' what it starts; nobody sets it.
                        if (!name.group().startsWith("PARLEY_KEPT_")
                                && !name.group().equals(Beginning.ADDRESS)) {
                            read.add(name.group());
                        }
                    }
                }
            }
        }
        assertTrue(read.size() > 5, () -> "only these were found: " + read);
        assertEquals(known, read);
    }
}
