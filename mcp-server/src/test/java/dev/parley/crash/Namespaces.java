package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network namespace for each host and one for the hub, which has a bridge with a link to each of them. Nothing of it is in the
 * machine's own network. Their names begin with {@code parley-} and the process number of the test.
 */
final class Namespaces implements HostNetwork {

    private static final Path ALL = Path.of("/run/netns");
    private static final String PREFIX = "parley-";
    private static final String HUB = "10.79.0.1";
    private static final int PORT = 4222;

    private final String prefix = PREFIX + ProcessHandle.current().pid() + "-";
    private final List<String> hosts;

    private Namespaces(List<String> hosts) {
        this.hosts = List.copyOf(hosts);
    }

    /** Whether this process may make them. */
    static boolean arePossible() {
        return "root".equals(System.getProperty("user.name"))
                && Stream.of("ip", "nsenter", "ss")
                        .allMatch(tool -> Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                                .anyMatch(place -> Files.isExecutable(Path.of(place, tool))));
    }

    /** Makes them, after those are gone that a killed test left. */
    static Namespaces make(List<String> hosts) throws IOException, InterruptedException {
        removeLeftOver();
        Namespaces made = new Namespaces(hosts);
        try {
            made.link();
            return made;
        } catch (IOException | InterruptedException e) {
            made.close();
            throw e;
        }
    }

    private static void removeLeftOver() throws IOException, InterruptedException {
        if (!Files.isDirectory(ALL)) {
            return;
        }
        try (Stream<Path> all = Files.list(ALL)) {
            for (Path each : all.toList()) {
                String[] parts = each.getFileName().toString().split("-", 3);
                if (parts.length == 3
                        && (parts[0] + "-").equals(PREFIX)
                        && parts[1].matches("\\d{1,9}")
                        && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
                    run("ip", "netns", "del", each.getFileName().toString());
                }
            }
        }
    }

    private void link() throws IOException, InterruptedException {
        String hub = prefix + "hub";
        run("ip", "netns", "add", hub);
        run("ip", "-n", hub, "link", "set", "lo", "up");
        run("ip", "-n", hub, "link", "add", "bridge", "type", "bridge");
        run("ip", "-n", hub, "addr", "add", HUB + "/24", "dev", "bridge");
        run("ip", "-n", hub, "link", "set", "bridge", "up");
        for (String host : hosts) {
            String there = prefix + host;
            run("ip", "netns", "add", there);
            run("ip", "-n", there, "link", "set", "lo", "up");
            run("ip", "-n", hub, "link", "add", host, "type", "veth", "peer", "name", "uplink", "netns", there);
            run("ip", "-n", hub, "link", "set", host, "master", "bridge");
            run("ip", "-n", hub, "link", "set", host, "up");
            run("ip", "-n", there, "addr", "add", address(host) + "/24", "dev", "uplink");
            run("ip", "-n", there, "link", "set", "uplink", "up");
        }
    }

    private String address(String host) {
        return "10.79.0." + (2 + hosts.indexOf(host));
    }

    /** The lines that it wrote. */
    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said.lines().toList();
    }

    private static List<String> in(String namespace) {
        return List.of("nsenter", "--net=" + ALL.resolve(namespace));
    }

    @Override
    public String name() {
        return "namespaces";
    }

    @Override
    public String listen() {
        return HUB + ":" + PORT;
    }

    @Override
    public String url(String host) {
        return "nats://" + HUB + ":" + PORT;
    }

    @Override
    public List<String> atHub() {
        return in(prefix + "hub");
    }

    @Override
    public List<String> at(String host) {
        return in(prefix + host);
    }

    @Override
    public void part(String host) throws IOException, InterruptedException {
        run("ip", "-n", prefix + "hub", "link", "set", host, "down");
    }

    @Override
    public void rejoin(String host) throws IOException, InterruptedException {
        run("ip", "-n", prefix + "hub", "link", "set", host, "up");
    }

    @Override
    public int cut(String host) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(atHub());
        command.addAll(List.of("ss", "-H", "-K", "-tn", "state", "established", "dst", address(host)));
        return (int) run(command.toArray(String[]::new)).stream()
                .filter(line -> line.contains(HUB + ":" + PORT))
                .count();
    }

    /** Those who run in them have to have ended, or go on without a network. */
    @Override
    public void close() throws IOException {
        List<String> names = new ArrayList<>(hosts);
        names.add("hub");
        try {
            for (String name : names) {
                if (Files.exists(ALL.resolve(prefix + name))) {
                    run("ip", "netns", "del", prefix + name);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before all namespaces were removed");
        }
    }
}
