package dev.parley.store.remote;

import static dev.parley.store.remote.TwoHosts.BEN;
import static dev.parley.store.remote.TwoHosts.CLEO;
import static dev.parley.store.remote.TwoHosts.THERE;
import static dev.parley.store.remote.TwoHosts.cancellation;
import static dev.parley.store.remote.TwoHosts.letter;
import static dev.parley.store.remote.TwoHosts.request;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.store.remote.TwoHosts.Processes;
import dev.parley.store.remote.TwoHosts.Road;
import dev.parley.testing.Errno;
import dev.parley.testing.Faults;
import dev.parley.testing.Journal;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.Surviving;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The way of a message from one machine to another on the real code, over a road that loses, repeats and reorders: processes
 * die at each of their system calls, each of which may fail, and the power is cut there.
 */
final class RoadModelTest {

    /** In the default build one call in so many is tried; a prime, so that every part comes up. */
    private static final int QUICK = 7;

    private static final class Trip {
        final SteppedClock clock = new SteppedClock(Letters.SENT);
        final Journal journal = new Journal(clock);
        final SimulatedProcesses machine = new SimulatedProcesses();
        final Map<SessionId, List<MessageId>> sent = Map.of(BEN, new ArrayList<>(), CLEO, new ArrayList<>());

        /** What nobody was told of, and what is seen only if nobody took it back, or somebody has seen another. */
        final Set<MessageId> unordered = new HashSet<>();

        /** What was taken back, and by what. */
        final Map<Envelope, Envelope> takenBack = new LinkedHashMap<>();

        Trip() throws IOException {
            TwoHosts.make(new SimulatedDisk(journal.kernel("maker")));
            // What is there before anything happens.
            process(journal.kernel("maker"), 1);
            machine.killAll();
        }

        Processes process(Kernel kernel, long pid) throws IOException {
            return new Processes(kernel, clock, machine, pid);
        }

        void put(Processes processes, SessionId to, String body) throws IOException, InterruptedException {
            put(processes, letter(to, body));
        }

        Envelope put(Processes processes, Envelope letter) throws IOException, InterruptedException {
            unordered.add(letter.id());
            letter.takesBack().ifPresent(earlier -> forget(letter.to(), earlier));
            processes.outbox.put(THERE, letter);
            if (letter.cancels().isEmpty()) {
                unordered.remove(letter.id());
                sent.get(letter.to()).add(letter.id());
            }
            return letter;
        }

        private void forget(SessionId to, MessageId earlier) {
            unordered.add(earlier);
            sent.get(to).remove(earlier);
        }

        void takeBack(Processes processes, Envelope earlier, Envelope by) throws IOException, InterruptedException {
            takenBack.put(earlier, put(processes, by));
        }

        /** Mail for two, carried now and then; a reader takes some of it away, and its sender takes some back. */
        void run(Processes processes, Road road, boolean reading) throws IOException, InterruptedException {
            Envelope one = put(processes, request(BEN, "one", Optional.empty()));
            put(processes, CLEO, "uno");
            processes.carry(road);
            Envelope two = put(processes, request(BEN, "two", Optional.empty()));
            processes.carry(road);
            if (reading) {
                processes.read(BEN);
            }
            takeBack(processes, two, request(BEN, "three", Optional.of(two.id())));
            takeBack(processes, one, cancellation(one));
            put(processes, CLEO, "due");
            processes.carry(road);
        }

        /** Other processes go on, with some mail more. */
        void goOn(SimulatedFiles files, Road road, String where) throws IOException, InterruptedException {
            machine.killAll();
            clock.advance(Duration.ofMinutes(1));
            try {
                Processes next = process(files.kernel("next"), 2);
                next.intake.finish();
                put(next, BEN, "four");
                next.carryAll(road);
                put(next, CLEO, "tre");
                next.carryAll(road);
                for (SessionId who : List.of(BEN, CLEO)) {
                    next.inspect(who, sent.get(who), unordered);
                }
                for (Map.Entry<Envelope, Envelope> each : takenBack.entrySet()) {
                    next.inspectTakenBack(each.getKey().to(), each.getKey(), each.getValue());
                }
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError(where + ": " + e, e);
            }
        }
    }

    private interface Fault {
        Kernel at(int call, Kernel kernel);
    }

    private static int calls(long seed, boolean reading) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Trip trip = new Trip();
        trip.run(trip.process(Faults.count(calls, trip.journal.kernel("process")), 1), Road.bad(seed), reading);
        trip.goOn(trip.journal.files(), Road.bad(seed), "nothing happened");
        return calls.get();
    }

    @Test
    void whatIsPutArrivesOnceAndInOrderOverABadRoad() throws Exception {
        for (long seed = 0; seed < 20; seed++) {
            assertTrue(calls(seed, seed % 2 == 0) > 100);
        }
    }

    @Test
    void aProcessMayDieAtManyCalls() throws Exception {
        assertTrue(die(QUICK) > 300);
    }

    @Test
    @Tag("slow")
    void aProcessMayDieAtAnyCall() throws Exception {
        assertTrue(die(1) > 2_000);
    }

    private static int die(int stride) throws Exception {
        int runs = 0;
        for (long seed = 1; seed <= 2; seed++) {
            int calls = calls(seed, true);
            for (Fault fault : List.<Fault>of(Faults::dieBefore, Faults::dieAfter)) {
                for (int call = 0; call < calls; call += stride) {
                    Trip trip = new Trip();
                    Kernel kernel = fault.at(call, trip.journal.kernel("process"));
                    assertThrows(SimulatedCrash.class, () -> trip.run(trip.process(kernel, 1), Road.bad(1), true));
                    trip.goOn(trip.journal.files(), Road.bad(call), "death at call " + call);
                    runs++;
                }
            }
        }
        return runs;
    }

    @Test
    void thePowerMayBeCutAtManyCalls() throws Exception {
        assertTrue(cutPower(QUICK) > 200);
    }

    @Test
    @Tag("slow")
    void thePowerMayBeCutAtAnyCall() throws Exception {
        assertTrue(cutPower(1) > 1_500);
    }

    private static int cutPower(int stride) throws Exception {
        int runs = 0;
        int calls = calls(1, false);
        for (int call = 0; call < calls; call += stride) {
            for (int chance = 0; chance < 3; chance++) {
                Trip trip = new Trip();
                Kernel kernel = Faults.dieAfter(call, trip.journal.kernel("process"));
                assertThrows(SimulatedCrash.class, () -> trip.run(trip.process(kernel, 1), Road.bad(1), false));
                Surviving surviving =
                        chance == 0 ? Surviving.NOTHING : Surviving.some(new SplittableRandom(1_000L * call + chance));
                SimulatedFiles found = trip.journal.cutPower(surviving);
                trip.goOn(found, Road.bad(call), "power cut at call " + call + ", chance " + chance);
                runs++;
            }
        }
        return runs;
    }

    /** The proof that the test above can fail. */
    @Test
    void aDiskThatForcesNothingLosesMail() throws Exception {
        Trip trip = new Trip();
        trip.run(trip.process(Faults.ignoreForce(trip.journal.kernel("process")), 1), Road.GOOD, false);
        SimulatedFiles found = trip.journal.cutPower(Surviving.NOTHING);
        assertThrows(AssertionError.class, () -> trip.goOn(found, Road.GOOD, "nothing forced"));
    }

    @Test
    void manyCallsMayFail() throws Exception {
        int calls = calls(1, true);
        int told = 0;
        for (int call = 0; call < calls; call += 3) {
            Trip trip = new Trip();
            Kernel kernel = Faults.failAt(call, Errno.EIO, trip.journal.kernel("process"));
            try {
                trip.run(trip.process(kernel, 1), Road.bad(1), true);
            } catch (IOException e) {
                told++;
            }
            trip.goOn(trip.journal.files(), Road.bad(call), "failure of call " + call);
        }
        assertTrue(told > calls / 6, "hardly a caller was told: " + told);
    }
}
