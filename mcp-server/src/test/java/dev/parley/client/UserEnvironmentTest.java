package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the launcher keeps is given back. */
class UserEnvironmentTest {

    @Test
    void whatWasKeptIsBackUnderItsName() {
        assertEquals(
                Map.of("PATH", "/bin", "LC_ALL", "de_DE.UTF-8", "JAVA_TOOL_OPTIONS", "-Xmx1g"),
                UserEnvironment.of(Map.of(
                        "PATH", "/bin",
                        "LC_ALL", "C.UTF-8",
                        "PARLEY_KEPT_LC_ALL", "de_DE.UTF-8",
                        "PARLEY_KEPT_JAVA_TOOL_OPTIONS", "-Xmx1g")));
    }

    @Test
    void whatWasNotSetIsGone() {
        Map<String, String> environment = new TreeMap<>(Map.of("LC_ALL", "C.UTF-8", "PARLEY_KEPT_LC_ALL", ""));

        UserEnvironment.restore(environment);

        assertEquals(Map.of(), environment);
    }
}
