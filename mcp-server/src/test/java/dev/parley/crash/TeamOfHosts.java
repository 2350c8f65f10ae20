package dev.parley.crash;

import static org.awaitility.Awaitility.await;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.testing.ThreadPerTask;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Machines of one team, each with a store, a network and servers of its own, and a nats-server with the configuration that
 * {@code parley hub config} prints for them.
 */
final class TeamOfHosts implements AutoCloseable {

    /** Longer than anything takes that does not hang, on any machine. */
    static final Duration LIMIT = Duration.ofMinutes(6);

    private final List<TeamHost> hosts = new ArrayList<>();
    private final Thread atExit = new Thread(this::clean);
    private final HostNetwork network;
    private final HubServer hub;

    private TeamOfHosts(HostNetwork network, HubServer hub) {
        this.network = network;
        this.hub = hub;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts them all, below this directory, and waits until everybody knows everybody. */
    static TeamOfHosts start(Path root, List<String> names, int sessions) throws Exception {
        HostNetwork network = HostNetwork.of(names);
        TeamOfHosts team = null;
        try {
            List<String> command = new ArrayList<>(List.of("hub", "config", "--team", TeamHost.TEAM, "--no-tls"));
            names.forEach(name -> command.addAll(List.of("--host", name)));
            command.addAll(List.of(
                    "--listen",
                    network.listen(),
                    "--store-dir",
                    HubServer.data(root).toString()));
            String configuration = Shell.run(
                            Distribution.command(command.toArray(String[]::new)),
                            Shell.environment(root.resolve("home")),
                            root,
                            "",
                            LIMIT.toSeconds())
                    .exited(0)
                    .out();
            team = new TeamOfHosts(network, new HubServer(network, root, configuration));
            team.begin(root, names, sessions, passwords(configuration));
            return team;
        } catch (Exception | AssertionError e) {
            if (team != null) {
                team.close();
            } else {
                network.close();
            }
            throw e;
        }
    }

    private static Map<String, String> passwords(String configuration) {
        Map<String, String> passwords = new TreeMap<>();
        Matcher user =
                Pattern.compile("user: \"([^\"]+)\"\\s+password: \"([^\"]+)\"").matcher(configuration);
        while (user.find()) {
            passwords.put(user.group(1), user.group(2));
        }
        return passwords;
    }

    private void begin(Path root, List<String> names, int sessions, Map<String, String> passwords) throws Exception {
        hub.start();
        for (String name : names) {
            hosts.add(new TeamHost(name, network, root.resolve(name), sessions));
        }
        together(hosts, host -> {
            host.join(passwords.getOrDefault(host.name(), ""));
            for (Correspondent session : host.sessions()) {
                session.start();
            }
        });
        for (TeamHost host : hosts) {
            await("everybody is known on " + host.name())
                    .atMost(LIMIT)
                    .until(() -> host.elsewhere().size() == sessions * (names.size() - 1));
        }
    }

    interface Act<T> {
        void on(T it) throws Exception;
    }

    /** Does it with all of them at the same time, and waits for all. */
    static <T> void together(List<T> all, Act<T> act) {
        List<CompletableFuture<Void>> doing = new ArrayList<>();
        for (T each : all) {
            doing.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            act.on(each);
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    },
                    ThreadPerTask.EXECUTOR));
        }
        CompletableFuture.allOf(doing.toArray(CompletableFuture[]::new)).join();
    }

    /** The machines. */
    List<TeamHost> hosts() {
        return List.copyOf(hosts);
    }

    /** Everybody who works on them. */
    List<Correspondent> sessions() {
        return hosts.stream().flatMap(host -> host.sessions().stream()).toList();
    }

    /** How they reach the hub. */
    HostNetwork network() {
        return network;
    }

    /** The hub. */
    HubServer hub() {
        return hub;
    }

    /** How many messages wait to leave their machines. */
    long waiting() throws IOException {
        long waiting = 0;
        for (TeamHost host : hosts) {
            waiting += host.waiting();
        }
        return waiting;
    }

    /** Ends all sessions as clients that go do, and looks through the stores. */
    void leave() throws IOException {
        for (TeamHost host : hosts) {
            host.leave();
            host.assertSound();
        }
    }

    /** Leaves no process and no network, whatever happened. */
    @Override
    public void close() {
        clean();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized void clean() {
        try {
            for (TeamHost host : hosts) {
                host.kill();
            }
            hub.close();
            network.close();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("not everything could be ended", e);
        }
    }
}
