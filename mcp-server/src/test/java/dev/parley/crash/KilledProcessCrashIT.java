package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.crash.Slot.End;
import dev.parley.crash.Witness.Phase;
import dev.parley.ledger.Delivery.Ring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Senders and readers in processes of their own, killed at random instructions, over one store. */
@Isolated("it measures time")
class KilledProcessCrashIT {

    private static final Duration NOBODY_WAITS_LONGER = Duration.ofSeconds(1);
    private static final int STOCK = 120;
    private static final int KILLS = Integer.getInteger("parley.kills", 125);

    @TempDir
    Path root;

    @Test
    void nothingIsLostOrDoubledByTwentyKills() throws Exception {
        run(20, 6, 0);
    }

    @Test
    @Tag("slow")
    void nothingIsLostOrDoubledByHundredsOfKills() throws Exception {
        run(KILLS, KILLS / 8, 4);
    }

    private void run(int kills, int cleanExits, int stalls) throws Exception {
        Lab lab = Lab.open(root.resolve("home"));
        List<SessionId> inboxes = List.of(lab.register("inbox-a"), lab.register("inbox-b"));
        Referee referee = new Referee();
        long seed = System.nanoTime();
        List<Slot> slots = slots(lab, referee, new SplittableRandom(seed));
        String report;
        try (Witness witness = new Witness(lab, "bystander")) {
            endAll(slots, End.CLEAN, cleanExits / 2);
            for (SessionId inbox : inboxes) {
                stock(lab, referee, inbox);
            }
            witness.during(Phase.HARM);
            Future<?> stalling = stalled(slots(lab, referee, new SplittableRandom(seed + 1)), stalls);
            endAll(slots, End.KILLED, kills);
            stalling.get();
            witness.during(Phase.PEACE);
            endAll(slots, End.CLEAN, cleanExits - cleanExits / 2);
            report = witness.summary();
            assertEquals(List.of(), witness.failures());
            assertTrue(
                    witness.worst(Phase.HARM).minus(witness.worst(Phase.PEACE)).compareTo(NOBODY_WAITS_LONGER) <= 0,
                    report);
        }
        for (SessionId inbox : inboxes) {
            lab.drain(inbox, referee::hear);
        }
        System.out.println("crash: " + kills + " kills, " + stalls + " stalls, " + cleanExits + " clean exits (seed "
                + seed + "): " + referee.summary() + "; " + report);
        referee.judge();
        assertTrue(kills < 100 || referee.marked() > 0, "no reader died between taking and proving");
        lab.assertSound();
    }

    /** Mail that waits already, so that the readers have something to die over from the beginning. */
    private static void stock(Lab lab, Referee referee, SessionId inbox) throws Exception {
        for (int number = 1; number <= STOCK; number++) {
            String body = "stock-of-" + inbox + "/" + number;
            referee.hear("try " + body);
            lab.office().delivery().send(Lab.letter(inbox, inbox, body), Ring.YES);
            referee.hear("ack " + body);
        }
    }

    private static List<Slot> slots(Lab lab, Referee referee, SplittableRandom random) {
        List<Slot> slots = new ArrayList<>();
        String line = Long.toString(random.nextLong(1L << 30), 36);
        slots.add(Slot.sender(lab.home(), referee, random.split(), "x" + line, "inbox-a"));
        slots.add(Slot.sender(lab.home(), referee, random.split(), "y" + line, "inbox-a"));
        slots.add(Slot.sender(lab.home(), referee, random.split(), "z" + line, "inbox-b"));
        slots.add(Slot.reader(lab.home(), referee, random.split(), "inbox-a"));
        slots.add(Slot.reader(lab.home(), referee, random.split(), "inbox-b"));
        return slots;
    }

    /** So many lives of senders end in a stall, beside everything else. */
    private static Future<?> stalled(List<Slot> slots, int stalls) {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<?> all = pool.submit(() -> {
            endAll(slots.subList(0, 2), End.STALLED, stalls);
            return null;
        });
        pool.shutdown();
        return all;
    }

    /** Every slot goes on ending lives, side by side, until there were so many. */
    private static void endAll(List<Slot> slots, End end, int lives) throws Exception {
        AtomicInteger left = new AtomicInteger(lives);
        ExecutorService pool = Executors.newFixedThreadPool(slots.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Slot slot : slots) {
                running.add(pool.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        slot.live(end);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
