package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may have a session resumed: off unless its user has said so, and every kill switch holds. */
final class ResumeSwitchTest {

    @TempDir
    private Path home;

    private boolean isOn(String... settings) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("PARLEY_HOME", home.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        return ResumeSwitch.isOn(environment, "/p/.git");
    }

    @Test
    void whatIsSaidNowhereIsOff() throws IOException {
        assertFalse(isOn());
        assertFalse(isOn("PARLEY_RESUME", "no-such-word"), "a word that is not understood switches nothing on");
        Files.writeString(home.resolve("resume"), "# machine\nproject /p\nproject /p/.git/x\n");
        assertFalse(isOn());
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        assertEquals(true, isOn("PARLEY_RESUME", "on"));
        Files.writeString(home.resolve("resume"), "project /p/.git\n");
        assertEquals(true, isOn());
        assertFalse(isOn("PARLEY_RESUME", "off"));
    }

    @Test
    void theKillSwitchesOfWakingAreItsToo() throws IOException {
        for (String file : new String[] {"machine\n", ""}) {
            Files.writeString(home.resolve("resume"), file);
            assertFalse(isOn("PARLEY_RESUME", "on", "PARLEY_WAKE", "off"));
            assertFalse(isOn("PARLEY_RESUME", "on", "PARLEY_WAKE_STRATEGY", "off"));
            assertFalse(isOn("PARLEY_RESUME", "on", "PARLEY_WAKE_STRATEGY", "tmux"), "that is typing only");
            assertEquals(true, isOn("PARLEY_RESUME", "on", "PARLEY_WAKE_STRATEGY", "native"));
        }
    }

    @Test
    void whatCannotBeReadIsAnError() throws IOException {
        Files.createDirectory(home.resolve("resume"));
        assertThrows(IOException.class, () -> isOn());
    }
}
