package dev.parley.hub.nats;

import dev.parley.address.HostName;
import dev.parley.hub.HubAddress;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.TeamName;
import dev.parley.testing.Needs;
import dev.parley.trace.Trace;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real nats-server of one team, on loopback. */
public final class NatsServer implements AutoCloseable {

    public static final TeamName TEAM = new TeamName("blue");
    public static final HostName A = new HostName("laptop");
    public static final HostName B = new HostName("build-server");
    static final HostName C = new HostName("third");

    /** How long a question of a test's may take, also on a busy machine. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String PROGRAM = "nats-server";

    private final Path directory;
    private final int port;
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable Process process;

    private NatsServer(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Starts one with the configuration that is printed for a team of three. */
    static NatsServer start(Path directory) throws Exception {
        return start(directory, "", "");
    }

    /** The same, with a text of that configuration replaced. */
    static NatsServer start(Path directory, String text, String otherText) throws Exception {
        return start(directory, Optional.empty(), text, otherText);
    }

    /** The same, with a certificate. */
    static NatsServer start(
            Path directory, Optional<ServerConfiguration.Certificate> certificate, String text, String otherText)
            throws Exception {
        NatsServer server = new NatsServer(directory, freePort());
        String configuration = new ServerConfiguration(
                        TEAM,
                        new TreeMap<>(Map.of(A, password(A), B, password(B), C, password(C))),
                        "127.0.0.1:" + server.port,
                        server.data().toString(),
                        certificate)
                .text();
        if (!text.isEmpty() && !configuration.contains(text)) {
            throw new IllegalArgumentException("the configuration does not hold " + text);
        }
        return server.begun(text.isEmpty() ? configuration : configuration.replace(text, otherText));
    }

    /** Starts one with a configuration of its own, in which {@code PORT} and {@code DATA} stand for the two. */
    public static NatsServer startWith(Path directory, String configuration) throws Exception {
        NatsServer server = new NatsServer(directory, freePort());
        return server.begun(configuration
                .replace("PORT", Integer.toString(server.port))
                .replace("DATA", server.data().toString()));
    }

    private NatsServer begun(String configuration) throws Exception {
        Files.createDirectories(directory);
        Files.writeString(configuration(), configuration);
        for (HostName host : List.of(A, B, C)) {
            Files.writeString(passwordFile(host), password(host) + "\n");
            Files.setPosixFilePermissions(passwordFile(host), PosixFilePermissions.fromString("rw-------"));
        }
        start();
        return this;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static String password(HostName host) {
        return "of-" + host;
    }

    Path passwordFile(HostName host) {
        return directory.resolve(host + ".password");
    }

    private Path configuration() {
        return directory.resolve("hub.conf");
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** Starts it again. */
    public void start() throws Exception {
        Needs.that(isThere(), "nats-server: apt-get install nats-server");
        process = new ProcessBuilder(PROGRAM, "-c", configuration().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("nats-server did not start: " + Files.readString(directory.resolve("log")));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static boolean isThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(place -> !place.isEmpty() && Files.isExecutable(Path.of(place, PROGRAM)));
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Replaces a text of its configuration, for the next start. */
    void reconfigure(String text, String otherText) throws IOException {
        String configuration = Files.readString(configuration());
        if (!configuration.contains(text)) {
            throw new IllegalArgumentException("the configuration does not hold " + text);
        }
        Files.writeString(configuration(), configuration.replace(text, otherText));
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    /** {@code kill -STOP} or {@code -CONT}. */
    void signal(String name) throws Exception {
        Process running = process;
        if (running == null
                || new ProcessBuilder("kill", "-" + name, Long.toString(running.pid()))
                                .inheritIO()
                                .start()
                                .waitFor()
                        != 0) {
            throw new IOException("it cannot be sent SIG" + name);
        }
    }

    /** Removes all that it has stored; it must not run. */
    public void wipe() throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** How a host of the team reaches it. */
    Membership membership(HostName host) {
        return new Membership(
                new HubAddress(url()),
                TEAM,
                host,
                new Login.PasswordFile(host.value(), passwordFile(host)),
                Optional.empty(),
                false);
    }

    /** The road of a host. */
    NatsRoad road(HostName host) throws IOException {
        return NatsRoad.open(membership(host), Map.of(), Trace.NONE, LIMIT);
    }

    /** The same, with everything made that was missing. */
    NatsRoad restored(HostName host) throws IOException {
        NatsRoad road = road(host);
        road.restore();
        return road;
    }

    /** A bare connection of a host, to try what it may do; it ends with the server. */
    Connection connection(HostName host, ErrorListener listener) throws Exception {
        Connection connection = Nats.connect(new Options.Builder()
                .server(url())
                .userInfo(host.value(), password(host))
                .inboxPrefix(Names.answersTo(host))
                .connectionTimeout(LIMIT)
                .errorListener(listener)
                .build());
        connections.add(connection);
        return connection;
    }

    @Override
    public void close() {
        try {
            for (Connection connection : connections) {
                connection.close();
            }
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
