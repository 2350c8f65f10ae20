package dev.parley.crash;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Mailbox;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A session to which nothing is done: it writes to itself and reads it, over and over, and notes how long that takes. What
 * it notes while others are harmed is compared with what it notes while the same others come and go by themselves.
 */
final class Witness implements AutoCloseable {

    /** What happens to the others. */
    enum Phase {
        /** They end by themselves and are started again, or simply live. */
        PEACE,
        /** They are killed or stopped. */
        HARM
    }

    private static final long BETWEEN_NANOS = Duration.ofMillis(10).toNanos();

    private final Lab lab;
    private final SessionId me;
    private final Map<Phase, List<Long>> nanos = new EnumMap<>(Phase.class);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile Phase phase = Phase.PEACE;
    private volatile boolean ending;

    Witness(Lab lab, String id) throws IOException, InterruptedException {
        this.lab = lab;
        this.me = lab.register(id);
        for (Phase each : Phase.values()) {
            nanos.put(each, new CopyOnWriteArrayList<>());
        }
        this.thread = new Thread(this::observe, "witness");
        thread.start();
    }

    /** Says what happens from now on. */
    void during(Phase next) {
        phase = next;
    }

    private void observe() {
        Mailbox mailbox = lab.office().mailbox(me);
        while (!ending) {
            Phase now = phase;
            long start = System.nanoTime();
            try {
                lab.office().delivery().send(Lab.letter(me, me, "to myself"), Ring.YES);
                Batch batch = mailbox.claim(Budget.READ, request -> false);
                batch.written();
                batch.confirm();
                if (batch.messages().size() != 1) {
                    failures.add("read " + batch.messages().size() + " messages");
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
            nanos.get(now).add(System.nanoTime() - start);
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    /** The longest exchange of a phase. */
    Duration worst(Phase of) {
        return Duration.ofNanos(nanos.get(of).stream().mapToLong(n -> n).max().orElse(0));
    }

    /** What went wrong for it, which should be nothing. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** What it saw, for the report. */
    String summary() {
        return "bystander: " + nanos.get(Phase.PEACE).size() + " exchanges in peace, worst "
                + worst(Phase.PEACE).toMillis() + " ms; "
                + nanos.get(Phase.HARM).size()
                + " while others were harmed, worst " + worst(Phase.HARM).toMillis() + " ms";
    }

    @Override
    public void close() throws IOException {
        ending = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the witness was ending");
        }
    }
}
