package dev.parley.crash;

import static dev.parley.crash.TeamOfHosts.LIMIT;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.fixture.Result;
import dev.parley.testing.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** Two machines that cannot reach each other for a while go on, each for itself, and all arrives afterwards without anybody's help. */
@Tag("long")
@Isolated("it measures time")
class PartedHostsCrashIT {

    private static final int PAIRS = 40;

    /** A machine that fell silent is away within this time. */
    private static final Duration AWAY = Duration.ofSeconds(20);

    /** No more than this dearer does a send to another machine become, beside one at home, whatever is wrong between the two. */
    private static final double DEARER = 2;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path root;

    private final Referee referee = new Referee();
    private int number;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TeamOfHosts team;

    @BeforeEach
    void start() throws Exception {
        team = TeamOfHosts.start(root, List.of("laptop", "tower"), 2);
    }

    @AfterEach
    void stop() {
        if (team != null) {
            team.close();
        }
    }

    /** The one that is cut off knows it from its connection, the other from the hub's clock. */
    @Test
    void bothSidesGoOnAndAllArrives() throws Exception {
        TeamHost laptop = team.hosts().get(0);
        TeamHost tower = team.hosts().get(1);
        Correspondent near = laptop.sessions().get(0);
        Correspondent far = tower.sessions().get(0);
        Cost before = pairs(near, laptop.sessions().get(1), far);
        team.network().part(laptop.name());
        long parted = System.nanoTime();
        Cost during = pairs(near, laptop.sessions().get(1), far);
        pairs(far, tower.sessions().get(1), near);
        Duration here = away(laptop, parted);
        Duration there = away(tower, parted);
        Cost silent = pairs(near, laptop.sessions().get(1), far);
        team.network().rejoin(laptop.name());
        long healed = System.nanoTime();
        Duration took = allArrives(healed);
        System.out.println("crash: parted, " + team.network().name() + ": away after " + seconds(there)
                + " as the other side sees it, " + seconds(here) + " on this side; all there " + seconds(took)
                + " after healing; a send to another machine and one within: before " + before + ", while parted "
                + during + ", once away " + silent + "; " + referee.summary());
        during.assertNoDearerThan(before);
        silent.assertNoDearerThan(before);
        Timing.assertAtMost(AWAY, there, "to find the other machine away");
        Timing.assertAtMost(AWAY, here, "to find all others away");
        for (TeamHost host : team.hosts()) {
            await("nobody is away")
                    .atMost(LIMIT)
                    .until(() -> host.elsewhere().stream()
                            .noneMatch(it -> it.path("away").asBoolean(false)));
        }
        team.leave();
    }

    /** It keeps the connections open, and answers nothing. */
    @Test
    void aHubThatHangsDelaysNoSender() throws Exception {
        TeamHost laptop = team.hosts().get(0);
        Correspondent near = laptop.sessions().get(0);
        Correspondent far = team.hosts().get(1).sessions().get(0);
        Cost before = pairs(near, laptop.sessions().get(1), far);
        team.hub().signal("STOP");
        Cost during = pairs(near, laptop.sessions().get(1), far);
        team.hub().signal("CONT");
        Duration took = allArrives(System.nanoTime());
        System.out.println("crash: a hub that hangs: a send to another machine and one within: before " + before
                + ", while it hangs " + during + "; all there " + seconds(took) + " after it went on; "
                + referee.summary());
        during.assertNoDearerThan(before);
        team.leave();
    }

    /** The medians of sends that were made in turn, in nanoseconds: to another machine, and within one. */
    private record Cost(long beyond, long within) {

        void assertNoDearerThan(Cost before) {
            Timing.assertHolds(
                    ratio() < DEARER * before.ratio(),
                    "a send to another machine costs " + this + ", before " + before);
        }

        private double ratio() {
            return (double) beyond / within;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f and %.1f ms", beyond / 1e6, within / 1e6);
        }
    }

    private Cost pairs(Correspondent from, Correspondent within, Correspondent beyond) throws Exception {
        List<Long> here = new ArrayList<>();
        List<Long> there = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            here.add(send(from, within));
            there.add(send(from, beyond));
        }
        return new Cost(median(there), median(here));
    }

    private long send(Correspondent from, Correspondent to) throws Exception {
        number++;
        String body = from.name() + "-to-" + to.name() + "/" + number;
        referee.hear("try " + body);
        long start = System.nanoTime();
        Result sent = from.call("send_message", "target", to.name(), "body", body)
                .orElseThrow()
                .ok();
        long took = System.nanoTime() - start;
        assertEquals("stored", sent.text("/state"));
        referee.hear("ack " + body);
        return took;
    }

    private static long median(List<Long> all) {
        Collections.sort(all);
        return all.get(all.size() / 2);
    }

    private static Duration away(TeamHost host, long since) {
        await("all others are away from " + host.name())
                .atMost(LIMIT)
                .until(() ->
                        host.elsewhere().stream().allMatch(it -> it.path("away").asBoolean(false)));
        return Duration.ofNanos(System.nanoTime() - since);
    }

    private Duration allArrives(long since) throws Exception {
        await("all arrives").atMost(LIMIT).until(() -> {
            for (Correspondent session : team.sessions()) {
                read(session);
            }
            return referee.missing().isEmpty();
        });
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        await("nothing waits to leave").atMost(LIMIT).until(() -> team.waiting() == 0);
        for (Correspondent session : team.sessions()) {
            read(session);
        }
        referee.judge();
        return took;
    }

    private void read(Correspondent session) throws Exception {
        for (JsonNode message :
                session.call("read_my_messages").orElseThrow().ok().at("/messages")) {
            referee.hear((message.path("redelivered").asBoolean(false) ? "again " : "first ")
                    + message.path("body").asString());
        }
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
