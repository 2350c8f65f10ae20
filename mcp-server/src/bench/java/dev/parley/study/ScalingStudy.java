package dev.parley.study;

import dev.parley.address.RequestId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.store.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;

/** How the costs grow: with the ledger, the waiting mail, the sessions and the senders. Writes one CSV and one SVG each. */
public final class ScalingStudy {

    private static final int SAMPLES = 101;
    private static final int WARM = 200;
    private static final int PER_SENDER = 100;
    private static final int[] LEDGERS = {0, 100, 1_000, 10_000};
    private static final int[] DEPTHS = {50, 500, 2_000, 8_000};
    private static final int[] SESSIONS = {2, 10, 50, 200};
    private static final int[] SENDERS = {1, 2, 4, 8};

    private final Path out;

    private ScalingStudy(Path out) {
        this.out = out;
    }

    /** Runs the study; the only argument is the directory for the files. */
    public static void main(String[] args) throws Exception {
        Path out = Files.createDirectories(Path.of(args[0]));
        ScalingStudy study = new ScalingStudy(out);
        study.ledger();
        study.inbox();
        study.sessions();
        study.senders();
    }

    @FunctionalInterface
    private interface Step {
        void run(int turn) throws Exception;
    }

    /**
     * What one step costs over another, by the medians of so many runs in turn: what else the machine does at a moment falls
     * on both. Both have run before, so that their code is compiled.
     */
    private static double ratio(Step step, Step base) throws Exception {
        long[] nanos = new long[SAMPLES];
        long[] baseNanos = new long[SAMPLES];
        for (int turn = -WARM; turn < SAMPLES; turn++) {
            long start = System.nanoTime();
            step.run(turn);
            long between = System.nanoTime();
            base.run(turn);
            if (turn >= 0) {
                nanos[turn] = between - start;
                baseNanos[turn] = System.nanoTime() - between;
            }
        }
        Arrays.sort(nanos);
        Arrays.sort(baseNanos);
        return (double) nanos[SAMPLES / 2] / baseNanos[SAMPLES / 2];
    }

    private static void send(Town town, int from, int to) throws IOException {
        town.office().delivery().send(town.letter(from, to), Ring.YES);
    }

    private void ledger() throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int size : LEDGERS) {
            try (Town town = Town.found(Durability.PROCESS, 3)) {
                for (int recorded = 0; recorded < size; recorded++) {
                    town.office().ledger(Town.session(1)).record(town.letter(0, 1));
                }
                ratios.add(ratio(turn -> send(town, 0, 1), turn -> send(town, 0, 2)));
            }
        }
        write(
                "ledger",
                "A send, by records in the receiver's ledger, over one to an empty one",
                "records",
                LEDGERS,
                ratios);
    }

    private void inbox() throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int depth : DEPTHS) {
            try (Town town = Town.found(Durability.PROCESS, 3)) {
                for (int waiting = 0; waiting < depth; waiting++) {
                    send(town, 0, 1);
                }
                for (int waiting = 0; waiting < DEPTHS[0]; waiting++) {
                    send(town, 0, 2);
                }
                ratios.add(ratio(turn -> takeAndGiveBack(town, 1), turn -> takeAndGiveBack(town, 2)));
            }
        }
        write(
                "inbox",
                "Taking 50 messages and giving them back, by messages that wait, over 50 that wait",
                "messages",
                DEPTHS,
                ratios);
    }

    private static void takeAndGiveBack(Town town, int session) throws IOException {
        Batch batch = town.mailbox(session).claim(Budget.READ, Set.<RequestId>of()::contains);
        batch.giveBack(Batch.Seen.NO);
    }

    private void sessions() throws Exception {
        List<Double> byId = new ArrayList<>();
        List<Double> byName = new ArrayList<>();
        try (Town small = Town.found(Durability.PROCESS, SESSIONS[0])) {
            for (int count : SESSIONS) {
                try (Town town = Town.found(Durability.PROCESS, count)) {
                    String id = Town.session(1).value();
                    byId.add(ratio(turn -> find(town, id), turn -> find(small, id)));
                    String name = town.peer(1).name();
                    String smallName = small.peer(1).name();
                    byName.add(ratio(turn -> find(town, name), turn -> find(small, smallName)));
                }
            }
        }
        write("sessions-id", "Finding a peer by its id, by sessions in the store, over 2", "sessions", SESSIONS, byId);
        write(
                "sessions-name",
                "Finding a peer by its name, by sessions in the store, over 2",
                "sessions",
                SESSIONS,
                byName);
    }

    private static void find(Town town, String target) throws IOException {
        town.office().peers().resolve(target, town.peer(0));
    }

    private void senders() throws Exception {
        List<Double> ratios = new ArrayList<>();
        try (Town town = Town.found(Durability.POWER_CUT, SENDERS[SENDERS.length - 1] + 1)) {
            perMessage(town, 1);
            for (int count : SENDERS) {
                // In turn, and the middle of five, since one run is one value.
                double[] all = new double[5];
                for (int i = 0; i < all.length; i++) {
                    double one = perMessage(town, 1);
                    all[i] = perMessage(town, count) / one;
                }
                Arrays.sort(all);
                ratios.add(all[all.length / 2]);
            }
        }
        write(
                "senders",
                "Time per durable message, by senders to one mailbox, over one sender",
                "senders",
                SENDERS,
                ratios);
    }

    private static double perMessage(Town town, int count) throws Exception {
        CyclicBarrier ready = new CyclicBarrier(count + 1);
        List<Thread> threads = new ArrayList<>();
        for (int sender = 1; sender <= count; sender++) {
            int from = sender;
            threads.add(new Thread(() -> sendAll(town, from, ready)));
        }
        threads.forEach(Thread::start);
        ready.await();
        long start = System.nanoTime();
        for (Thread thread : threads) {
            thread.join();
        }
        double nanos = System.nanoTime() - start;
        town.drain(0);
        return nanos / (count * PER_SENDER);
    }

    private static void sendAll(Town town, int from, CyclicBarrier ready) {
        try {
            ready.await();
            for (int i = 0; i < PER_SENDER; i++) {
                send(town, from, 0);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String name, String title, String unit, int[] sizes, List<Double> ratios) throws IOException {
        StringBuilder csv = new StringBuilder(unit + ",ratio\n");
        for (int i = 0; i < sizes.length; i++) {
            csv.append(String.format(Locale.ROOT, "%d,%.2f%n", sizes[i], ratios.get(i)));
        }
        Files.writeString(out.resolve(name + ".csv"), csv);
        Files.writeString(out.resolve(name + ".svg"), Plot.svg(title, unit, sizes, ratios));
        System.out.println(name + "\n" + csv);
    }
}
