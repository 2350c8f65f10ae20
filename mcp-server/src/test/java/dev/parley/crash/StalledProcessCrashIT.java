package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.crash.Witness.Phase;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.lock.Lease;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.Locks;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.SessionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever holds something, a mailbox or a lock, and dies or stalls, stands in nobody's way. */
class StalledProcessCrashIT {

    static final Duration LONGER_THAN_A_LEASE = Locks.LEASE.plusSeconds(1);

    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final int TIMES = 5;

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
        assertTrue(median(after).minus(median(ordinary)).compareTo(AT_ONCE) <= 0, report);
    }

    @Test
    void theMailboxOfAKilledHolderIsUsableAtOnce() throws Exception {
        Lab lab = Lab.open(root.resolve("home"));
        SessionId owner = lab.register("owner");
        Mailbox mailbox = lab.office().mailboxes().of(owner);
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
            try (VictimProcess holder = VictimProcess.start(lab.home(), line -> {}, "hold", "names")) {
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

    /**
     * The lock under which names are given is everybody's, so a stalled holder of it is the worst there is. Mail goes on;
     * a card cannot be changed until the lease has run out, and whoever tries is told so within the time he waits.
     */
    @Test
    void aStalledHolderDelaysNoMailAndCannotOverwriteItsSuccessor() throws Exception {
        Lab lab = Lab.open(root.resolve("home"));
        SessionId owner = lab.register("owner");
        Locks locks = new Locks(lab.office().store(), lab.office().processes());
        Path guarded = lab.home().resolve("guarded-by-names");
        try (VictimProcess holder = VictimProcess.start(lab.home(), line -> {}, "hold", "names");
                Witness witness = new Witness(lab, "bystander")) {
            holder.awaitSaid("holds");
            Thread.sleep(Locks.WAIT.toMillis()); // the bystander's peace: as long as the failure below
            witness.during(Phase.HARM);
            holder.stop();
            Duration refused = timed(
                    () -> assertThrows(LockTimeoutException.class, () -> setPurpose(lab, owner, "cannot be set yet")));
            Duration displaced = timed(() -> {
                try (Lease lease = locks.named("names").acquire(LONGER_THAN_A_LEASE)) {
                    lease.commit(guarded, "the successor".getBytes(UTF_8));
                }
            });
            holder.goOn();
            holder.nod();
            assertEquals("lost", holder.awaitSaid("lost"));
            assertEquals("the successor", Files.readString(guarded));
            setPurpose(lab, owner, "can be set now");

            System.out.println("crash: a stopped holder of the lock of names: refused after " + refused.toMillis()
                    + " ms, displaced " + refused.plus(displaced).toMillis() + " ms after it stopped; "
                    + witness.summary());
            assertEquals(List.of(), witness.failures());
            assertTrue(refused.compareTo(Locks.WAIT.plusSeconds(1)) <= 0, refused::toString);
            assertTrue(
                    witness.worst(Phase.HARM).minus(witness.worst(Phase.PEACE)).compareTo(Duration.ofSeconds(1)) <= 0,
                    witness.summary());
            holder.leave();
        }
        Files.delete(guarded);
        lab.assertSound();
    }
}
