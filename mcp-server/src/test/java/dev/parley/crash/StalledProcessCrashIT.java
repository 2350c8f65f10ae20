package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.parley.address.SessionId;
import dev.parley.crash.Witness.Phase;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Mailbox;
import dev.parley.testing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Whoever holds something, a mailbox or a lock, and dies or stalls, stands in nobody's way. */
@Tag("slow")
@Isolated("it measures time")
class StalledProcessCrashIT {

    static final Duration LONGER_THAN_A_LEASE = Leases.LEASE.plusSeconds(1);

    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final int TIMES = 5;
    private static final int SESSIONS = 20;

    /** A lease of three seconds and a slow machine's moment. */
    private static final Duration WAIT_FOR_A_NAME = Duration.ofSeconds(5);

    @TempDir
    Path root;

    private interface Step {
        void run() throws Exception;
    }

    private static Duration timed(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration median(List<Duration> all) {
        List<Duration> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    /** The medians are compared, since on a shared machine any single write can take long; the worst is printed. */
    private static void assertAtOnce(String what, List<Duration> after, List<Duration> ordinary) {
        String report = what + ": median " + median(after).toMillis() + " ms, worst "
                + Collections.max(after).toMillis() + " ms; ordinarily "
                + median(ordinary).toMillis() + " ms, worst "
                + Collections.max(ordinary).toMillis() + " ms (" + after.size() + " runs each)";
        System.out.println("crash: " + report);
        Timing.assertAtMost(AT_ONCE, median(after).minus(median(ordinary)), report);
    }

    @Test
    void theMailboxOfAKilledHolderIsUsableAtOnce() throws Exception {
        Lab lab = Lab.open(root.resolve("home"));
        SessionId owner = lab.register("owner");
        Mailbox mailbox = lab.office().mailbox(owner);
        List<Duration> after = new ArrayList<>();
        List<Duration> ordinary = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            lab.office().delivery().send(Lab.letter(owner, owner, "claimed and not told"), Ring.YES);
            try (VictimProcess holder = VictimProcess.start(lab.home(), line -> {}, "claim", "owner")) {
                assertEquals("holds 1", holder.awaitSaid("holds"));
                ordinary.add(timed(() -> sendAndTake(lab, mailbox, 1)));
                holder.kill();
            }
            after.add(timed(() -> {
                assertEquals(1, mailbox.recover());
                sendAndTake(lab, mailbox, 2);
            }));
        }
        assertAtOnce("mailbox of a killed holder", after, ordinary);
        lab.assertSound();
    }

    private static void sendAndTake(Lab lab, Mailbox mailbox, int expected) throws Exception {
        lab.office().delivery().send(Lab.letter(mailbox.owner(), mailbox.owner(), "afterwards"), Ring.YES);
        Batch batch = mailbox.claim(Budget.READ, request -> false);
        assertEquals(expected, batch.messages().size());
        batch.written();
        batch.confirm();
    }

    @Test
    void theLockOfAKilledHolderIsTakenAtOnce() throws Exception {
        Lab lab = Lab.open(root.resolve("home"));
        SessionId owner = lab.register("owner");
        List<Duration> after = new ArrayList<>();
        List<Duration> ordinary = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            String purpose = "purpose " + i;
            ordinary.add(timed(() -> setPurpose(lab, owner, purpose + " before")));
            try (VictimProcess holder = VictimProcess.start(lab.home(), line -> {}, "hold", lockOfName(lab, owner))) {
                holder.awaitSaid("holds");
                holder.kill();
            }
            after.add(timed(() -> setPurpose(lab, owner, purpose)));
            assertEquals(
                    Optional.of(purpose),
                    lab.office().peers().find(owner).orElseThrow().purpose());
        }
        assertAtOnce("lock of a killed holder", after, ordinary);
        lab.assertSound();
    }

    private static void setPurpose(Lab lab, SessionId owner, String purpose) throws Exception {
        lab.office().peers().update(owner, peer -> peer.withPurpose(Optional.of(purpose), peer.registeredAt()));
    }

    /** The lock that whoever changes this session's card takes. */
    private static String lockOfName(Lab lab, SessionId owner) throws IOException {
        return "name-" + lab.office().peers().find(owner).orElseThrow().name();
    }

    /** Who stalls while he takes a name delays nobody but who wants that very name, and him only for a lease. */
    @Test
    void aStalledHolderDelaysOnlyWhoWantsTheSameAndIsFenced() throws Exception {
        Lab lab = Lab.open(root.resolve("home"));
        SessionId owner = lab.register("owner");
        Path guarded = lab.home().resolve("guarded-by-name-wanted");
        try (VictimProcess holder = VictimProcess.start(lab.home(), line -> {}, "hold", "name-wanted");
                Witness witness = new Witness(lab, "bystander")) {
            holder.awaitSaid("holds");
            Duration registeredBefore = worstRegistration(lab, "early-");
            witness.during(Phase.HARM);
            holder.stop();
            Duration registered = worstRegistration(lab, "late-");
            Duration named = timed(() -> lab.office().peers().update(owner, peer -> peer.withName("wanted")));
            holder.goOn();
            holder.nod();
            assertEquals("lost", holder.awaitSaid("lost"));
            assertFalse(Files.exists(guarded), "it wrote after it had been displaced");
            assertEquals(
                    "wanted", lab.office().peers().find(owner).orElseThrow().name());

            System.out.println("crash: a stopped holder of the lock of a name: the very name was had after "
                    + named.toMillis() + " ms; of " + SESSIONS + " other registrations the worst took "
                    + registered.toMillis() + " ms, before it stopped " + registeredBefore.toMillis() + " ms; "
                    + witness.summary());
            assertEquals(List.of(), witness.failures());
            assertNotDelayed(registeredBefore, registered);
            assertNotDelayed(witness.worst(Phase.PEACE), witness.worst(Phase.HARM));
            Timing.assertAtMost(WAIT_FOR_A_NAME, named, "the very name");
            holder.leave();
        }
        lab.assertSound();
    }

    private static Duration worstRegistration(Lab lab, String prefix) throws Exception {
        List<Duration> all = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            String id = prefix + i;
            all.add(timed(() -> lab.register(id)));
        }
        return Collections.max(all);
    }

    private static void assertNotDelayed(Duration peace, Duration harm) {
        Timing.assertAtMost(Duration.ofSeconds(1), harm.minus(peace), "beside a stopped process, beyond " + peace);
    }
}
