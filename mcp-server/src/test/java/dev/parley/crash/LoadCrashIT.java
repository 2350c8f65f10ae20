package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.mailbox.EnvelopeCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** Many servers, many sessions, a full mailbox, a large ledger, and a server that is used for long. */
@Isolated("it measures time")
class LoadCrashIT {

    private static final int SERVERS = 32;
    private static final int STARTING = 8;
    private static final int MESSAGES = Integer.getInteger("parley.load.messages", 1_500);
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final int SESSIONS = 200;
    private static final int RECORDS = 100_000;
    private static final int SENDS = 40;

    @TempDir
    Path root;

    private Peers peers;

    @BeforeEach
    void makeStore() throws Exception {
        peers = new Peers(root);
    }

    @AfterEach
    void stop() throws Exception {
        peers.close();
    }

    /** Every server writes to all others in turn, and reads now and then; at the end each reads the rest. */
    @Test
    @Tag("slow")
    void manyServersWriteToEachOther() throws Exception {
        Referee referee = new Referee();
        Lab lab = Lab.open(peers.home());
        for (int i = 0; i < SESSIONS - SERVERS; i++) {
            lab.register("resting-" + i);
        }
        List<Agent> agents = new ArrayList<>();
        for (int first = 0; first < SERVERS; first += STARTING) {
            agents.addAll(peers.joinAll(IntStream.range(first, first + STARTING)
                    .mapToObj(LoadCrashIT::nameOf)
                    .toArray(String[]::new)));
        }
        long start = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(SERVERS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            int me = i;
            running.add(pool.submit(() -> {
                for (int n = 0; me + n * SERVERS < MESSAGES; n++) {
                    talk(referee, agents.get(me), me, (me + 1 + n % (SERVERS - 1)) % SERVERS, n);
                }
                return null;
            }));
        }
        pool.shutdown();
        for (Future<?> each : running) {
            each.get(start + LIMIT.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        for (Agent agent : agents) {
            while (hear(referee, agent.call("read_my_messages")) > 0) {
                // Until nothing is left.
            }
        }
        System.out.println(
                "crash: " + SERVERS + " servers, all to all, in " + took.toSeconds() + " s: " + referee.summary());
        referee.judge();
        assertEquals(MESSAGES, referee.acknowledged(), referee::summary);
        lab.assertSound();
    }

    /** Of one length each: an id may not begin with somebody's name. */
    private static String nameOf(int number) {
        return String.format(Locale.ROOT, "agent-%02d", number);
    }

    /** One message, every fourth time a question that nobody answers in time, and now and then a look at the mail. */
    private static void talk(Referee referee, Agent agent, int me, int to, int n) throws Exception {
        String body = nameOf(me) + "-to-" + nameOf(to) + "/" + n;
        referee.hear("try " + body);
        Result sent = n % 4 == 3
                ? agent.call("ask_peer", "target", nameOf(to), "body", body, "timeout_ms", 1)
                : agent.call("send_message", "target", nameOf(to), "body", body);
        sent.ok();
        referee.hear("ack " + body);
        if (n % 4 == 0) {
            hear(referee, agent.call("read_my_messages"));
        }
    }

    private static int hear(Referee referee, Result read) {
        for (JsonNode message : read.ok().at("/messages")) {
            referee.hear((message.path("redelivered").asBoolean(false) ? "again " : "first ")
                    + message.path("body").asString());
        }
        return read.at("/count").asInt();
    }

    /** The files are made directly, since what is measured is not how they came to be. */
    @Test
    @Tag("slow")
    void aFullMailboxFailsItsSendersOnly() throws Exception {
        List<Agent> agents = peers.joinAll("alice", "bob");
        Lab lab = Lab.open(peers.home());
        SessionId bob = new SessionId("bob-session");
        Path waiting = peers.session("bob-session").resolve("mailbox/new");
        for (int i = 0; i < Mailbox.CAPACITY; i++) {
            Envelope letter = Lab.letter(new SessionId("sender-" + i % 10), bob, "number " + i);
            Files.write(
                    waiting.resolve(String.format("%016d-%s", 1000 + i, letter.id())), EnvelopeCodec.encode(letter));
        }
        agents.get(0)
                .call("send_message", "target", "bob-session", "body", "one too many")
                .failed("mailbox-full");
        agents.get(1)
                .call("send_message", "target", "alice-session", "body", "I can write")
                .ok();
        Result read = agents.get(1).call("read_my_messages").ok();
        assertEquals(50, read.at("/count").asInt());
        assertEquals("number 0", read.text("/messages/0/body"));
        agents.get(0)
                .call("send_message", "target", "bob-session", "body", "there is room")
                .ok();
        assertEquals(Mailbox.CAPACITY - 49, lab.office().mailbox(bob).waiting());
    }

    /** In turn to a session with an empty ledger and to one with a hundred thousand records. */
    @Test
    @Tag("slow")
    void aSendCostsTheSameWhateverTheLedgerHolds() throws Exception {
        Lab lab = Lab.open(peers.home());
        SessionId small = lab.register("small");
        SessionId large = lab.register("large");
        Path ledger = lab.office().store().ledger(large);
        byte[] content = EnvelopeCodec.encode(Lab.letter(small, large, "long ago"));
        for (int i = 0; i < RECORDS; i++) {
            Files.write(ledger.resolve(String.format("m-%016d", i)), content);
        }
        // The first send may prune, which is amortised over a quarter of the records; it is not what is compared.
        long first = nanos(lab, small, large);
        List<Long> toSmall = new ArrayList<>();
        List<Long> toLarge = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            toSmall.add(nanos(lab, large, small));
            toLarge.add(nanos(lab, small, large));
        }
        String report = "a send to a ledger of " + RECORDS + ": median " + median(toLarge) / 1000
                + " us, to an empty one "
                + median(toSmall) / 1000 + " us (" + SENDS + " each, in turn); the first took " + first / 1_000_000
                + " ms";
        System.out.println("crash: " + report);
        assertTrue(median(toLarge) < 2 * median(toSmall) + Duration.ofMillis(5).toNanos(), report);
    }

    private static long nanos(Lab lab, SessionId from, SessionId to) throws IOException {
        long start = System.nanoTime();
        lab.office().delivery().send(Lab.letter(from, to, "now"), Ring.YES);
        return System.nanoTime() - start;
    }

    private static long median(List<Long> all) {
        List<Long> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    @Test
    void aServerDoesNotGrow() throws Exception {
        assertNoGrowth(60);
    }

    @Test
    @Tag("slow")
    void aServerDoesNotGrowOverAThousandQuestions() throws Exception {
        assertNoGrowth(1_000);
    }

    private void assertNoGrowth(int questions) throws Exception {
        List<Agent> agents = peers.joinAll("alice", "bob");
        Agent alice = agents.get(0);
        askAndRing(alice, agents.get(1), 30);
        Resources before = Resources.of(alice.server().pid());
        askAndRing(alice, agents.get(1), questions);
        Resources after = Resources.of(alice.server().pid());
        System.out.println("crash: " + questions + " questions: before " + before + ", after " + after);
        assertTrue(after.isNoMoreThan(before), before + " became " + after);
    }

    private void askAndRing(Agent alice, Agent bob, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            alice.call("ask_peer", "target", "bob-session", "body", "question " + i, "timeout_ms", 1)
                    .ok();
            Files.setLastModifiedTime(
                    peers.session("alice-session").resolve("doorbell"),
                    FileTime.fromMillis(System.currentTimeMillis()));
            if (i % 40 == 39) {
                bob.call("read_my_messages").ok();
            }
        }
    }

    /** What a process holds. */
    private record Resources(long descriptors, long threads, long watches) {

        /** A few that come and go: a call that is just ending, a file that is being read. */
        private static final int SLACK = 6;

        static Resources of(long pid) throws IOException {
            Path process = Path.of("/proc", Long.toString(pid));
            return new Resources(count(process.resolve("fd")), count(process.resolve("task")), watches(process));
        }

        private static long count(Path directory) throws IOException {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.count();
            }
        }

        private static long watches(Path process) throws IOException {
            long watches = 0;
            try (Stream<Path> files = Files.list(process.resolve("fdinfo"))) {
                for (Path file : files.toList()) {
                    try (Stream<String> lines = Files.lines(file)) {
                        watches += lines.filter(line -> line.startsWith("inotify "))
                                .count();
                    } catch (NoSuchFileException e) {
                        // It was closed between the listing and the look: it holds no watch.
                    }
                }
            }
            return watches;
        }

        boolean isNoMoreThan(Resources before) {
            return descriptors <= before.descriptors + SLACK
                    && threads <= before.threads + SLACK
                    && watches <= before.watches + SLACK;
        }
    }
}
