package dev.parley.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Whether a request may have a session resumed that is gone: nowhere, unless the user has said so for the machine or for a project,
 * in a file of his own store. So nothing that a project brings along can switch it on.
 */
public final class ResumeSwitch {

    /** Whatever else is said. */
    private static final String OFF = "off";

    /** The file's name in the store's directory. */
    public static final String FILE = "resume";

    /** The line that switches it on for all projects. */
    public static final String MACHINE = "machine";

    private static final String ON = "on";
    private static final String PROJECT = "project ";
    private static final int MAX_BYTES = 1 << 20;

    private ResumeSwitch() {}

    /** The line that switches it on for a project. */
    public static String line(String project) {
        return PROJECT + project;
    }

    /**
     * Whether it is on.
     *
     * @param project as cards name it
     * @throws IOException if what the user has said cannot be read; it is off then
     */
    public static boolean isOn(Map<String, String> environment, String project) throws IOException {
        String said = Setting.RESUME.text(environment);
        if (said.equals(OFF) || !isWaking(environment)) {
            return false;
        }
        if (said.equals(ON)) {
            return true;
        }
        List<String> lines = lines(environment);
        return lines.contains(MACHINE) || lines.contains(line(project));
    }

    /** The switches of waking as a whole: it is one of its ways, and is not typing. */
    private static boolean isWaking(Map<String, String> environment) {
        String strategy = Setting.WAKE_STRATEGY.text(environment);
        return Setting.WAKE.text(environment).equals(ON) && (strategy.equals("auto") || strategy.equals("native"));
    }

    /** The lines of the file; none if there is none. */
    public static List<String> lines(Map<String, String> environment) throws IOException {
        Path file = HomeDirectory.ofStore(environment).resolve(FILE);
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), UTF_8).lines().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
