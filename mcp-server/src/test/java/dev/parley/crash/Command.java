package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import java.io.IOException;
import java.util.Map;

/**
 * One run of the {@code parley} command.
 *
 * @param exit its exit code
 * @param output what it wrote, to both streams
 */
record Command(int exit, String output) {

    /** Runs it in the project of these peers, to its end. */
    static Command run(Peers peers, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Distribution.command(arguments))
                .directory(peers.project().toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of(
                "PARLEY_HOME", peers.home().toString(),
                "PARLEY_JAVA", Distribution.java().toString(),
                "HOME", peers.home().getParent().toString(),
                "PATH", System.getenv("PATH")));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Command(process.waitFor(), output);
    }
}
