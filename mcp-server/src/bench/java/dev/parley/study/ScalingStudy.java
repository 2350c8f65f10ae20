package dev.parley.study;

import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.store.Durability;
import dev.parley.store.SessionId;
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
    private static final int PER_SENDER = 200;
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

    /** Median of so many runs, in nanoseconds. */
    private static double median(Step step) throws Exception {
        long[] nanos = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            long start = System.nanoTime();
            step.run(i);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[SAMPLES / 2];
    }

    private static void send(Town town, int from, int to) throws IOException {
        town.office().delivery().send(town.letter(from, to), Ring.YES);
    }

    private void ledger() throws Exception {
        List<Double> costs = new ArrayList<>();
        try (Town town = Town.found(Durability.PROCESS, 2)) {
            median(turn -> send(town, 0, 1));
            int recorded = SAMPLES;
            for (int size : LEDGERS) {
                for (; recorded < size; recorded++) {
                    town.office().ledgers().of(Town.session(1)).record(town.letter(0, 1));
                }
                town.drain(1);
                costs.add(median(turn -> send(town, 0, 1)));
                recorded += SAMPLES;
            }
        }
        write("ledger", "A send, by records in the receiver's ledger", "records", LEDGERS, costs);
    }

    private void inbox() throws Exception {
        List<Double> costs = new ArrayList<>();
        try (Town town = Town.found(Durability.PROCESS, 2)) {
            int waiting = 0;
            for (int depth : DEPTHS) {
                for (; waiting < depth; waiting++) {
                    send(town, 0, 1);
                }
                costs.add(median(turn -> {
                    Batch batch = town.mailbox(1).claim(Budget.READ, Set.<String>of()::contains);
                    batch.giveBack(Batch.Seen.NO);
                }));
            }
        }
        write("inbox", "Taking 50 messages and giving them back, by messages that wait", "messages", DEPTHS, costs);
    }

    private void sessions() throws Exception {
        List<Double> byId = new ArrayList<>();
        List<Double> byName = new ArrayList<>();
        for (int count : SESSIONS) {
            try (Town town = Town.found(Durability.PROCESS, count)) {
                SessionId id = Town.session(1);
                String name = town.peer(1).name();
                byId.add(median(turn -> town.office().peers().resolve(id.value(), town.peer(0))));
                byName.add(median(turn -> town.office().peers().resolve(name, town.peer(0))));
            }
        }
        write("sessions-id", "Finding a peer by its id, by sessions in the store", "sessions", SESSIONS, byId);
        write("sessions-name", "Finding a peer by its name, by sessions in the store", "sessions", SESSIONS, byName);
    }

    private void senders() throws Exception {
        List<Double> perMessage = new ArrayList<>();
        for (int count : SENDERS) {
            try (Town town = Town.found(Durability.POWER_CUT, count + 1)) {
                median(turn -> send(town, 1, 0));
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
                perMessage.add((double) (System.nanoTime() - start) / (count * PER_SENDER));
            }
        }
        write("senders", "Time per durable message, by senders to one mailbox", "senders", SENDERS, perMessage);
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

    private void write(String name, String title, String unit, int[] sizes, List<Double> nanos) throws IOException {
        StringBuilder csv = new StringBuilder(unit + ",microseconds,ratio\n");
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            double ratio = nanos.get(i) / nanos.get(0);
            ratios.add(ratio);
            csv.append(String.format(Locale.ROOT, "%d,%.1f,%.2f%n", sizes[i], nanos.get(i) / 1e3, ratio));
        }
        Files.writeString(out.resolve(name + ".csv"), csv);
        Files.writeString(out.resolve(name + ".svg"), Plot.svg(title, unit, sizes, ratios));
        System.out.println(name + "\n" + csv);
    }
}
