package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment says of homes: absolute, or refused. */
class HomeDirectoryTest {

    private static Map<String, String> environment(String home, String store) {
        Map<String, String> environment = new TreeMap<>();
        if (!"unset".equals(home)) {
            environment.put("HOME", home);
        }
        if (!"unset".equals(store)) {
            environment.put("PARLEY_HOME", store);
        }
        return environment;
    }

    @ParameterizedTest
    @CsvSource({
        "/u, unset, /u/.parley",
        "/u, '', /u/.parley",
        "/u, '~', /u",
        "/u, '~/', /u",
        "/u, '~/mail', /u/mail",
        "/u, '~//mail', /u/mail",
        "/u, /other, /other",
        "/u, ' ~', refused",
        "relative, /other, /other",
        "'', /other, /other"
    })
    void theStoreIsWhereTheEnvironmentSays(String home, String store, String expected) throws IOException {
        if (expected.equals("refused")) {
            assertThrows(IOException.class, () -> HomeDirectory.ofStore(environment(home, store)));
        } else {
            assertEquals(Path.of(expected), HomeDirectory.ofStore(environment(home, store)));
        }
    }

    @ParameterizedTest
    @CsvSource({"relative", "'~'", "'?'", "'.'", "' '"})
    void aHomeThatIsNotAbsoluteIsRefusedWithWhatToSet(String home) {
        String why = assertThrows(IOException.class, () -> HomeDirectory.ofStore(environment(home, "unset")))
                .getMessage();

        assertTrue(why.contains("HOME is '" + home + "'") && why.contains("set HOME"), why);
        assertTrue(why.contains("PARLEY_HOME"), why);
    }

    @ParameterizedTest
    @CsvSource({"relative", "'?'", "'~other/mail'", "'./mail'", "' '"})
    void aStoreThatIsNotAbsoluteIsRefusedWithWhatToSet(String store) {
        String why = assertThrows(IOException.class, () -> HomeDirectory.ofStore(environment("/u", store)))
                .getMessage();

        assertTrue(why.contains("PARLEY_HOME is '" + store + "'") && why.contains("set it"), why);
    }

    @Test
    void withoutHomeThePasswordFileSays() throws IOException {
        String known = System.getProperty("user.home");
        try {
            System.setProperty("user.home", "/from/passwd");
            assertEquals(Path.of("/from/passwd/.parley"), HomeDirectory.ofStore(environment("unset", "unset")));
            assertEquals(Path.of("/from/passwd/.parley"), HomeDirectory.ofStore(environment("", "")));
            System.setProperty("user.home", "?");
            String why = assertThrows(IOException.class, () -> HomeDirectory.ofStore(environment("unset", "unset")))
                    .getMessage();
            assertTrue(why.contains("HOME is not set") && why.contains("PARLEY_HOME"), why);
        } finally {
            System.setProperty("user.home", known);
        }
    }
}
