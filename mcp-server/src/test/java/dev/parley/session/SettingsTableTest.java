package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The README's table of settings is what the enum says. */
final class SettingsTableTest {

    private static final Path README = Path.of("..", "README.md");
    private static final String BEGIN = "<!-- settings -->\n";
    private static final String END = "<!-- /settings -->";

    @Test
    void theReadmeSaysWhatTheEnumSays() throws Exception {
        String readme = Files.readString(README);
        int from = readme.indexOf(BEGIN) + BEGIN.length();
        assertEquals(table(), readme.substring(from, readme.indexOf(END)), "put this into the README");
    }

    private static String table() {
        StringBuilder out = new StringBuilder("| variable | default | takes | meaning |\n|---|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
            out.append("| `").append(setting.variable()).append("` | ").append(fallback);
            out.append(" | ")
                    .append(setting.bounds())
                    .append(" | ")
                    .append(setting.meaning())
                    .append(" |\n");
        }
        return out.toString();
    }

    @Test
    void everyValueIsClampedOrRefusedAloud() {
        for (Setting setting : Setting.values()) {
            Map<String, String> nonsense = Map.of(setting.variable(), "no such value");
            boolean free = setting.bounds().isEmpty();
            assertEquals(free, setting.problem(nonsense).isEmpty(), setting.variable());
            assertEquals(free ? "no such value" : setting.fallback(), setting.text(nonsense));
            assertFalse(setting.problem(Map.of()).isPresent());
        }
        assertEquals(600_000, Setting.ASK_TIMEOUT.number(Map.of("PARLEY_ASK_TIMEOUT_MS", "999999999")));
        assertEquals(1, Setting.ASK_TIMEOUT.number(Map.of("PARLEY_ASK_TIMEOUT_MS", "-5")));
        assertTrue(Setting.WAKE
                .problem(Map.of("PARLEY_WAKE", "maybe"))
                .orElseThrow()
                .contains("on, off"));
    }
}
