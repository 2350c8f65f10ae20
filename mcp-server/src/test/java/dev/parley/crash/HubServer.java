package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.parley.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A nats-server that is killed, stopped and robbed of its data. Belongs to one thread at a time. */
final class HubServer implements AutoCloseable {

    private static final String PROGRAM = "nats-server";

    private final HostNetwork network;
    private final Path configuration;
    private final Path data;
    private final Path log;
    private @Nullable Process process;

    /** One with this configuration, in which its data directory is named. */
    HubServer(HostNetwork network, Path directory, String configuration) throws IOException {
        this.network = network;
        this.configuration = Files.writeString(directory.resolve("hub.conf"), configuration);
        this.data = data(directory);
        this.log = directory.resolve("hub.log");
    }

    /** Where the hub of a directory keeps its data. */
    static Path data(Path directory) {
        return directory.resolve("hub-data");
    }

    /** Which version there is. */
    static String version() throws IOException, InterruptedException {
        Needs.that(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .anyMatch(place -> !place.isEmpty() && Files.isExecutable(Path.of(place, PROGRAM))),
                "nats-server: apt-get install nats-server");
        Process asked = new ProcessBuilder(PROGRAM, "--version").start();
        String version = new String(asked.getInputStream().readAllBytes(), UTF_8);
        asked.waitFor();
        return version.strip();
    }

    /** Starts it, and waits until it is ready. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(network.atHub());
        command.addAll(List.of(PROGRAM, "-c", configuration.toString()));
        long before = timesReady();
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await("nats-server is ready, see " + log).atMost(Duration.ofMinutes(1)).until(() -> timesReady() > before);
    }

    private long timesReady() throws IOException {
        return Files.exists(log)
                ? Files.readAllLines(log).stream()
                        .filter(line -> line.contains("Server is ready"))
                        .count()
                : 0;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    /** Sends it a signal, by its name without SIG. */
    void signal(String name) throws IOException, InterruptedException {
        Process running = process;
        if (running != null) {
            Signals.send(running.pid(), name);
        }
    }

    /** Removes all that it has stored; it must not run. */
    void wipe() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
