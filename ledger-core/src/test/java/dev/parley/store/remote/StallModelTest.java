package dev.parley.store.remote;

import static dev.parley.store.remote.TwoHosts.BEN;
import static dev.parley.store.remote.TwoHosts.THERE;
import static dev.parley.store.remote.TwoHosts.letter;
import static dev.parley.store.remote.TwoHosts.returned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.store.remote.TwoHosts.Processes;
import dev.parley.store.remote.TwoHosts.Road;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.Stride;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A process stalls at each of its calls, for longer than its lease. Another comes, does its work, and dies at one or
 * another of its own calls. Then the first goes on, and a third finds what is left.
 */
final class StallModelTest {

    /** In the default build the other dies at one call in so many; a prime, so that over all stalls every part comes up. */
    private static final int QUICK = 31;

    /** Longer than a lease. */
    private static final Duration STALL = Duration.ofSeconds(11);

    private static final int SLOW = Stride.slow(7).every();

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final List<MessageId> sent = new ArrayList<>();
    private final Set<MessageId> unordered = new HashSet<>();

    /** What a process does. */
    private interface Work {
        void of(Processes processes) throws IOException, InterruptedException;
    }

    private Processes process(Kernel kernel, long pid) throws IOException {
        return new Processes(kernel, clock, machine, pid);
    }

    private SimulatedFiles begun(Work before) throws IOException, InterruptedException {
        SimulatedFiles files = SimulatedFiles.empty(clock);
        TwoHosts.make(files.disk());
        before.of(process(files.kernel("first"), 1));
        machine.killAll();
        return files;
    }

    private void put(Processes processes, String body) throws IOException, InterruptedException {
        Envelope letter = letter(BEN, body);
        processes.outbox.put(THERE, letter);
        sent.add(letter.id());
    }

    /** Of two that put at the same time, either may be first; one that was displaced tries again. */
    private void putAtTheSameTime(Processes processes, String body) throws IOException, InterruptedException {
        Envelope letter = letter(BEN, body);
        unordered.add(letter.id());
        processes.outbox.put(THERE, letter);
        sent.add(letter.id());
    }

    private int stall(Work before, Work stalled, Work other, int stride) throws Exception {
        Runs runs = stall(before, stalled, other, stride, STALL);
        assertTrue(runs.displaced() > 5, "hardly anybody was displaced: " + runs);
        return runs.all();
    }

    private record Runs(int all, int displaced) {}

    private Runs stall(Work before, Work stalled, Work other, int stride, Duration stop) throws Exception {
        SimulatedFiles start = begun(before);
        List<MessageId> already = List.copyOf(sent);
        AtomicInteger calls = new AtomicInteger();
        stalled.of(process(Faults.count(calls, start.copy().kernel("stalled")), 1));
        int runs = 0;
        int displaced = 0;
        for (int call = 0; call < calls.get(); call++) {
            boolean[] died = {true};
            for (int death = call % stride; died[0]; death += stride) {
                sent.clear();
                sent.addAll(already);
                unordered.clear();
                SimulatedFiles files = start.copy();
                machine.killAll();
                int dies = death;
                Kernel kernel =
                        stallAt(call, files.kernel("stalled"), () -> died[0] = !works(files, other, dies, stop));
                try {
                    stalled.of(process(kernel, 1));
                } catch (IOException e) {
                    displaced++;
                }
                String where = "stalled at call " + call + ", the other died at call " + death;
                inspect(files, where);
                runs++;
            }
        }
        System.err.printf("MEASURED %d stalls, %d runs: 0 lost, 0 twice, in order%n", calls.get(), runs);
        return new Runs(runs, displaced);
    }

    private static Kernel stallAt(int call, Kernel kernel, Runnable meanwhile) {
        AtomicInteger next = new AtomicInteger();
        return asked -> {
            if (next.getAndIncrement() == call) {
                meanwhile.run();
            }
            return kernel.call(asked);
        };
    }

    /** Whether it lived to the end of its work. */
    private boolean works(SimulatedFiles files, Work other, int dies, Duration stop) {
        clock.advance(stop);
        try {
            other.of(process(Faults.dieAfter(dies, files.kernel("other")), 2));
            return true;
        } catch (SimulatedCrash e) {
            return false;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            machine.kill(2);
        }
    }

    private void inspect(SimulatedFiles files, String where) throws InterruptedException {
        machine.killAll();
        clock.advance(Duration.ofSeconds(11));
        try {
            Processes third = process(files.kernel("third"), 3);
            third.intake.finish();
            put(third, "last");
            third.carryAll(Road.GOOD);
            third.inspect(BEN, sent, unordered);
        } catch (AssertionError | IOException | RuntimeException e) {
            throw new AssertionError(where + ": " + e, e);
        }
    }

    private static List<Parcel> waiting(Processes processes) throws IOException {
        List<Parcel> parcels = new ArrayList<>();
        for (Pair pair : processes.outbox.pairs()) {
            parcels.addAll(processes.outbox.waiting(pair, 10));
        }
        return parcels.stream().map(TwoHosts::arrived).toList();
    }

    private int takers(int stride) throws Exception {
        Work before = processes -> {
            put(processes, "one");
            put(processes, "two");
        };
        Work stalled = processes -> {
            var unused = processes.intake.take(waiting(processes));
        };
        Work other = processes -> {
            for (Parcel parcel : waiting(processes)) {
                var unused = processes.intake.take(parcel);
            }
            // What was seen is gone from where it was: nobody may look for it there to know whether it came.
            var unused = processes.read(BEN);
        };
        return stall(before, stalled, other, stride);
    }

    @Test
    void twoMayTakeInTheSameParcel() throws Exception {
        assertTrue(takers(QUICK) > 200);
    }

    @Test
    @Tag("slow")
    void twoMayTakeInTheSameParcelAtMostCalls() throws Exception {
        assertTrue(takers(SLOW) > 1_000);
    }

    private int putters(int stride) throws Exception {
        Work stalled = processes -> putAtTheSameTime(processes, "late");
        Work other = processes -> {
            putAtTheSameTime(processes, "between");
            processes.carry(Road.GOOD);
        };
        Runs runs = stall(processes -> put(processes, "one"), stalled, other, stride, STALL);
        assertEquals(0, runs.displaced(), "a put that wrote nothing is tried again");
        return runs.all();
    }

    @Test
    void twoMayPutAtTheSameTime() throws Exception {
        assertTrue(putters(QUICK) > 200);
    }

    @Test
    @Tag("slow")
    void twoMayPutAtTheSameTimeAtMostCalls() throws Exception {
        assertTrue(putters(SLOW) > 1_000);
    }

    private int settlers(int stride) throws Exception {
        Work before = processes -> {
            put(processes, "one");
            put(processes, "two");
        };
        Work stalled = processes -> {
            List<Parcel> waiting = waiting(processes);
            if (!waiting.isEmpty()) {
                processes.outbox.settle(returned(TwoHosts.receipt(processes.intake.take(waiting.get(0)))));
            }
        };
        return stall(before, stalled, processes -> processes.carryAll(Road.GOOD), stride);
    }

    @Test
    void twoMaySettleTheSameReceipts() throws Exception {
        assertTrue(settlers(QUICK) > 200);
    }

    @Test
    @Tag("slow")
    void twoMaySettleTheSameReceiptsAtMostCalls() throws Exception {
        assertTrue(settlers(SLOW) > 1_000);
    }

    /** Neither waits for the other, or is displaced by it: what is put while receipts are written down gets a number of its own. */
    private int putterAndSettler(Work stalled, Work other) throws Exception {
        Work before = processes -> {
            put(processes, "one");
            put(processes, "two");
        };
        Runs runs = stall(before, stalled, other, QUICK, Duration.ZERO);
        assertEquals(0, runs.displaced());
        return runs.all();
    }

    @Test
    void oneSettlesWhileAnotherPuts() throws Exception {
        int runs = putterAndSettler(
                processes -> putAtTheSameTime(processes, "late"), processes -> processes.carry(Road.GOOD));
        assertTrue(runs > 100, () -> "only " + runs);
    }

    @Test
    void onePutsWhileAnotherSettles() throws Exception {
        int runs = putterAndSettler(
                processes -> processes.carry(Road.GOOD), processes -> putAtTheSameTime(processes, "between"));
        assertTrue(runs > 100, () -> "only " + runs);
    }
}
