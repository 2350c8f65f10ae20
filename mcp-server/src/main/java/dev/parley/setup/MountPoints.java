package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files that are mounted by themselves, as containers do with a file of the host's: no rename replaces them. */
final class MountPoints {

    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int PLACE = 4;
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private MountPoints() {}

    /** Whether a file is one, as far as the system tells. */
    static boolean isOne(Path file) {
        try {
            String name = file.toRealPath().toString();
            List<String> lines = Files.readAllLines(TABLE, UTF_8);
            return lines.stream()
                    .map(line -> line.split(" ", PLACE + 2))
                    .anyMatch(fields -> fields.length > PLACE
                            && OCTAL.matcher(fields[PLACE])
                                    .replaceAll(octal -> Matcher.quoteReplacement(
                                            String.valueOf((char) Integer.parseInt(octal.group(1), 8))))
                                    .equals(name));
        } catch (IOException e) {
            return false;
        }
    }
}
