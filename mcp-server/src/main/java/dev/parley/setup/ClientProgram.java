package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A client as a program on this machine.
 *
 * @param path the program
 * @param version what it says it is, as numbers between dots; empty if it did not say
 */
public record ClientProgram(Path path, String version) {

    private static final Pattern VERSION = Pattern.compile("\\b(\\d+\\.\\d+\\.\\d+)\\b");
    private static final int LIMIT_SECONDS = 20;

    /** The first program of that name on the PATH of an environment. */
    static Optional<ClientProgram> find(String name, Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory).resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(file -> new ClientProgram(file, askVersion(file, environment)));
    }

    /** Asked in a home of its own: the clients write state wherever they start. */
    private static String askVersion(Path program, Map<String, String> environment) {
        try (ScratchHome scratch = ScratchHome.make()) {
            Path out = scratch.path().resolve("version");
            ProcessBuilder builder = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(false)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(out.toFile());
            scratch.apply(builder, environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            Matcher matcher = VERSION.matcher(Files.readString(out, UTF_8));
            return matcher.find() ? matcher.group(1) : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Whether it is that version or a later one. A program that does not say counts as current. */
    boolean isAtLeast(String wanted) {
        return version.isEmpty() || Arrays.compare(numbers(version), numbers(wanted), Comparator.naturalOrder()) >= 0;
    }

    private static Integer[] numbers(String version) {
        return Pattern.compile("\\.")
                .splitAsStream(version)
                .map(Integer::valueOf)
                .toArray(Integer[]::new);
    }
}
