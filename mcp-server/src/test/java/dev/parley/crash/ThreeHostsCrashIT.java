package dev.parley.crash;

import static dev.parley.crash.TeamOfHosts.LIMIT;
import static dev.parley.crash.TeamOfHosts.together;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * fail: nothing is lost, nothing comes twice without saying so, and each sender's order is kept. What fails follows from a seed.
 *
 * <p>The system properties {@code parley.referee.messages}, {@code .questions}, {@code .seed} and {@code .network} say how much of
 * it there is; 500 messages or more are rounds of 500, each with faults of its own.
 */
@Tag("hub")
@Isolated("it stops and kills what others of the machine would wait for")
class ThreeHostsCrashIT {

    private static final List<String> NAMES = List.of("laptop", "tower", "builder");
    private static final int MESSAGES = Integer.getInteger("parley.referee.messages", 100);
    private static final int QUESTIONS = Integer.getInteger("parley.referee.questions", 9);
    private static final long SEED = Long.getLong("parley.referee.seed", 1);
    private static final int ROUND = 500;
    private static final boolean IS_SMALL = MESSAGES < ROUND;
    private static final int SESSIONS = IS_SMALL ? 2 : 4;

    /** Over this time the messages of a round are spread: most faults begin and end in it. */
    private static final long ROUND_MILLIS = IS_SMALL ? 2_500 : 8_000;

    private static final long BETWEEN_CUTS = 100;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path root;

    private final AtomicInteger cuts = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before each test
    private TeamOfHosts team;

    @BeforeEach
    void start() throws Exception {
        team = TeamOfHosts.start(root, NAMES, SESSIONS);
    }

    @AfterEach
    void stop() {
        if (team != null) {
            team.close();
        }
    }

    @Test
    void nothingIsLostDoubledOrOutOfOrder() throws Exception {
        int rounds = Math.max(1, MESSAGES / ROUND);
        List<List<Fault>> schedule =
                IS_SMALL ? Fault.few(SEED, NAMES.size()) : Fault.schedule(SEED, rounds, NAMES.size(), SESSIONS);
        say("seed " + SEED + ", " + HubServer.version() + ", " + team.network().name()
                + "; if it fails, its stores and referee.log are in " + root);
        long begun = System.nanoTime();
        Duration worst = Duration.ZERO;
        try (Correspondence mail = new Correspondence(team.sessions(), root.resolve("referee.log"))) {
            mail.begin(SEED);
            for (int i = 0; i < rounds; i++) {
                mail.allow(share(MESSAGES, i, rounds), share(QUESTIONS, i, rounds), ROUND_MILLIS);
                Duration lag = round(i + 1, schedule.get(i), mail);
                worst = worst.compareTo(lag) < 0 ? lag : worst;
            }
            mail.stopWriting();
            await("nothing waits to leave").atMost(LIMIT).until(() -> team.waiting() == 0);
            // What comes twice has come by then: nobody has anything left to send.
            TimeUnit.SECONDS.sleep(1);
            say((System.nanoTime() - begun) / 1_000_000_000 + " s, " + cuts + " connections cut; " + mail.summary()
                    + "; at the latest " + seconds(worst) + " after healing");
            mail.judge();
        }
        team.leave();
        assertTrue(
                cuts.get() > 0 || schedule.stream().flatMap(List::stream).noneMatch(it -> it.kind() == Fault.Kind.CUT),
                "no connection was cut");
    }

    private static int share(int all, int round, int rounds) {
        return all * (round + 1) / rounds - all * round / rounds;
    }

    /** How long after all was well again the last message came that had been acknowledged by then. */
    private Duration round(int number, List<Fault> faults, Correspondence mail) throws Exception {
        String text = faults.stream().map(fault -> fault.text(NAMES)).collect(Collectors.joining(", "));
        mail.log("round " + number + ": " + text);
        together(faults, fault -> {
            TimeUnit.MILLISECONDS.sleep(fault.after());
            mail.log("begins: " + fault);
            commit(fault, mail);
            mail.log("ends: " + fault);
        });
        long healed = System.nanoTime();
        await("all is written").atMost(LIMIT).until(mail::isAllWritten);
        await("all is given").atMost(LIMIT).until(mail::isAllGiven);
        Duration lag = mail.delays().lag(healed);
        say("round " + number + ": " + text + "; all there " + seconds(lag) + " after healing");
        return lag;
    }

    private void commit(Fault fault, Correspondence mail) throws Exception {
        TeamHost host = team.hosts().get(fault.host());
        switch (fault.kind()) {
            case HUB_KILLED, HUB_WIPED -> {
                team.hub().kill();
                if (fault.kind() == Fault.Kind.HUB_WIPED) {
                    team.hub().wipe();
                }
                last(fault);
                team.hub().start();
            }
            case HUB_STOPPED -> {
                team.hub().signal("STOP");
                last(fault);
                team.hub().signal("CONT");
            }
            case PARTED -> {
                team.network().part(host.name());
                last(fault);
                team.network().rejoin(host.name());
            }
            case CUT -> {
                for (long left = fault.lasting(); left > 0; left -= BETWEEN_CUTS) {
                    cuts.addAndGet(team.network().cut(host.name()));
                    TimeUnit.MILLISECONDS.sleep(BETWEEN_CUTS);
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
    }

    private static void last(Fault fault) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(fault.lasting());
    }

    private static Correspondent hit(Fault fault, TeamHost host, Correspondence mail) throws Exception {
        if (fault.kind() == Fault.Kind.SESSION_KILLED || fault.kind() == Fault.Kind.SESSION_STOPPED) {
            return host.sessions().get(fault.session());
        }
        Correspondent postman = host.postman();
        mail.log("the postman of " + host.name() + " is " + postman.name());
        return postman;
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    private static void say(String line) {
        System.out.println("crash: three hosts: " + line);
    }
}
