package dev.parley.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.testing.ThreadPerTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Sessions on three machines write to each other over a real nats-server, while it, its data, the network and their own servers
 * fail: nothing is lost, nothing comes twice without saying so, and each sender's order is kept.
 *
 * <p>What fails follows from a seed. {@code -Dparley.referee.messages=10000 -Dparley.referee.questions=500} make a run of minutes of it.
 */
@Tag("hub")
@Isolated("it stops and kills what others of the machine would wait for")
class ThreeHostsCrashIT {

    private static final List<String> NAMES = List.of("laptop", "tower", "builder");
    private static final int MESSAGES = Integer.getInteger("parley.referee.messages", 150);
    private static final int QUESTIONS = Integer.getInteger("parley.referee.questions", 12);
    private static final long SEED = Long.getLong("parley.referee.seed", 1);

    /** So many messages are a round. */
    private static final int ROUND = 500;

    private static final int SESSIONS = MESSAGES < ROUND ? 2 : 4;

    /** Over this time the messages of a round are spread: most faults begin and end in it. */
    private static final long ROUND_MILLIS = MESSAGES < ROUND ? 3_000 : 8_000;

    /** Longer than anything takes that does not hang, on any machine. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path root;

    private final List<TeamHost> hosts = new ArrayList<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private Optional<HostNetwork> network = Optional.empty();
    private Optional<HubServer> hub = Optional.empty();
    private Thread atExit = new Thread();

    @BeforeEach
    void start() throws Exception {
        atExit = new Thread(this::clean);
        Runtime.getRuntime().addShutdownHook(atExit);
        HostNetwork made = HostNetwork.of(NAMES);
        network = Optional.of(made);
        List<String> command = new ArrayList<>(List.of("hub", "config", "--team", TeamHost.TEAM, "--no-tls"));
        NAMES.forEach(name -> command.addAll(List.of("--host", name)));
        command.addAll(List.of(
                "--listen", made.listen(), "--store-dir", HubServer.data(root).toString()));
        String configuration = Shell.run(
                        Distribution.command(command.toArray(String[]::new)),
                        Shell.environment(root.resolve("home")),
                        root,
                        "")
                .exited(0)
                .out();
        HubServer server = new HubServer(made, root, configuration);
        hub = Optional.of(server);
        server.start();
        Map<String, String> passwords = new TreeMap<>();
        Matcher user =
                Pattern.compile("user: \"([^\"]+)\"\\s+password: \"([^\"]+)\"").matcher(configuration);
        while (user.find()) {
            passwords.put(user.group(1), user.group(2));
        }
        for (String name : NAMES) {
            hosts.add(new TeamHost(name, made, root.resolve(name), SESSIONS));
        }
        together(hosts, host -> {
            host.join(passwords.getOrDefault(host.name(), ""));
            for (Correspondent session : host.sessions()) {
                session.start();
            }
        });
        // Until everybody is known everywhere; what is sent before is refused, and says so.
        for (TeamHost host : hosts) {
            await().atMost(LIMIT)
                    .until(() -> host.sessions()
                            .get(0)
                            .call("list_project_sessions")
                            .orElseThrow()
                            .ok()
                            .at("/sessions")
                            .valueStream()
                            .filter(session -> session.has("host"))
                            .count()
                            == SESSIONS * (NAMES.size() - 1));
        }
    }

    @AfterEach
    void stop() {
        clean();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** Leaves no process and no network, whatever happened. */
    private synchronized void clean() {
        try {
            for (TeamHost host : hosts) {
                host.kill();
            }
            if (hub.isPresent()) {
                hub.get().close();
            }
            if (network.isPresent()) {
                network.get().close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("not everything could be ended", e);
        }
    }

    private interface Act<T> {
        void on(T it) throws Exception;
    }

    /** Does it with all of them at the same time, and waits for all. */
    private static <T> void together(List<T> all, Act<T> act) {
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

    @Test
    void nothingIsLostDoubledOrOutOfOrder() throws Exception {
        int rounds = Math.max(1, MESSAGES / ROUND);
        List<List<Fault>> schedule = MESSAGES < ROUND
                ? Fault.few(SEED, NAMES.size())
                : Fault.schedule(SEED, rounds, NAMES.size(), SESSIONS);
        say("begun, seed " + SEED + ", " + HubServer.version() + ", " + network.orElseThrow().name() + ", stores and log in " + root);
        long begun = System.nanoTime();
        Duration worst = Duration.ZERO;
        List<Correspondent> all =
                hosts.stream().flatMap(host -> host.sessions().stream()).toList();
        try (Correspondence mail = new Correspondence(all, root.resolve("referee.log"))) {
            mail.begin(SEED);
            for (int i = 0; i < rounds; i++) {
                mail.allow(share(MESSAGES, i, rounds), share(QUESTIONS, i, rounds), ROUND_MILLIS);
                Duration lag = round(i + 1, schedule.get(i), mail);
                worst = worst.compareTo(lag) < 0 ? lag : worst;
            }
            mail.stopWriting();
            long end = System.nanoTime();
            await("all is given").atMost(LIMIT).until(() -> mail.isAllGiven(end));
            await("nothing waits to leave").atMost(LIMIT).until(() -> waiting() == 0);
            // Whatever comes twice has come by then: nobody has anything left to send.
            TimeUnit.SECONDS.sleep(1);
            say((System.nanoTime() - begun) / 1_000_000_000 + " s, " + cuts + " connections cut; " + mail.summary()
                    + "; all there at the latest " + seconds(worst) + " after healing");
            mail.judge();
        }
        for (TeamHost host : hosts) {
            host.leave();
            host.assertSound();
            assertEquals(List.of(), host.refused(), "it was mail, and was taken for none");
        }
        assertTrue(
                cuts.get() > 0 || schedule.stream().flatMap(List::stream).noneMatch(it -> it.kind() == Fault.Kind.CUT),
                "no connection was cut");
    }

    private static int share(int all, int round, int rounds) {
        return all * (round + 1) / rounds - all * round / rounds;
    }

    /** How long after all was well again the last message came that had been acknowledged by then. */
    private Duration round(int number, List<Fault> faults, Correspondence mail) throws Exception {
        String text = faults.stream().map(fault -> fault.text(hosts)).collect(Collectors.joining(", "));
        mail.log("round " + number + ": " + text);
        together(faults, fault -> {
            TimeUnit.MILLISECONDS.sleep(fault.after());
            commit(fault, mail);
        });
        long healed = System.nanoTime();
        mail.log("healed");
        await("what was acknowledged is given").atMost(LIMIT).until(() -> mail.isAllGiven(healed));
        await("all is written").atMost(LIMIT).until(mail::isAllWritten);
        Duration lag = mail.delays().lag(healed);
        say("round " + number + ": " + text + "; all there " + seconds(lag) + " after healing");
        return lag;
    }

    private void commit(Fault fault, Correspondence mail) throws Exception {
        TeamHost host = hosts.get(fault.host());
        HostNetwork wires = network.orElseThrow();
        HubServer server = hub.orElseThrow();
        mail.log("begins: " + fault);
        switch (fault.kind()) {
            case HUB_KILLED, HUB_WIPED -> {
                server.kill();
                if (fault.kind() == Fault.Kind.HUB_WIPED) {
                    server.wipe();
                }
                last(fault);
                server.start();
            }
            case HUB_STOPPED -> {
                server.signal("STOP");
                last(fault);
                server.signal("CONT");
            }
            case PARTED -> {
                wires.part(host.name());
                last(fault);
                wires.rejoin(host.name());
            }
            case CUT -> {
                for (long left = fault.lasting(); left > 0; left -= 100) {
                    cuts.addAndGet(wires.cut(host.name()));
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
            case POSTMAN_KILLED, SESSION_KILLED -> {
                Correspondent hit = hit(fault, host, mail);
                hit.kill();
                last(fault);
                hit.start();
            }
            case POSTMAN_STOPPED, SESSION_STOPPED -> {
                Correspondent hit = hit(fault, host, mail);
                hit.signal("STOP");
                last(fault);
                hit.signal("CONT");
            }
            case HOST_KILLED -> {
                host.kill();
                last(fault);
                together(host.sessions(), Correspondent::start);
            }
        }
        mail.log("ends: " + fault);
    }

    private static void last(Fault fault) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(fault.lasting());
    }

    private static Correspondent hit(Fault fault, TeamHost host, Correspondence mail) throws Exception {
        if (fault.kind() == Fault.Kind.SESSION_KILLED || fault.kind() == Fault.Kind.SESSION_STOPPED) {
            return host.sessions().get(fault.session());
        }
        await("somebody carries the mail").atMost(LIMIT).until(() -> host.postman().isPresent());
        Correspondent postman = host.postman().orElseThrow();
        mail.log("the postman of " + host.name() + " is " + postman.name());
        return postman;
    }

    private long waiting() throws Exception {
        long waiting = 0;
        for (TeamHost host : hosts) {
            waiting += host.waiting();
        }
        return waiting;
    }

    private static String seconds(Duration time) {
        return String.format(java.util.Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    private static void say(String line) {
        System.out.println("crash: three hosts: " + line);
    }
}
