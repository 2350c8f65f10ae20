package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Somebody who uses the lock as he is told, in a thread of the test or, run as a process of its own, line by line.
 *
 * <p>What is guarded is a list of the names of all updates, a line each.
 */
final class LockWorker {

    static final String LOCK = "worked";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Duration leaseTime;
    private final FileOwnerLock lock;
    private final GuardedValue file;
    private final Path data;
    private Optional<FileLease> held = Optional.empty();

    LockWorker(Path home, Duration leaseTime) throws IOException {
        Store store = Store.open(home, Durability.PROCESS, Trace.NONE);
        Locks locks = new Locks(store, LocalProcessTable.INSTANCE);
        this.leaseTime = leaseTime;
        this.lock = locks.named(LOCK, leaseTime);
        this.data = store.home().resolve("sessions").resolve("list");
        this.file = locks.guarded(data, LOCK, leaseTime);
    }

    /** The names of all updates that were published, in their order. */
    String read() throws IOException {
        return file.read().map(bytes -> new String(bytes, US_ASCII)).orElse("");
    }

    /** Tries once; whoever holds it already is not let in again. */
    String acquire() throws IOException {
        if (lock.tryAcquire() instanceof Taken taken) {
            held = Optional.of((FileLease) taken.lease());
            return "taken";
        }
        return "busy";
    }

    /** Publishes one more update under this name, if it holds the lock or thinks so. */
    String commit(String name) throws IOException {
        if (held.isEmpty()) {
            return "nothing";
        }
        try (FileLease lease = held.get()) {
            lease.commit(data, (read() + name + "\n").getBytes(US_ASCII));
            return "committed";
        } catch (LeaseLostException e) {
            return "lost";
        } finally {
            held = Optional.empty();
        }
    }

    /** Gives it back, if it holds the lock or thinks so. */
    String release() throws IOException {
        if (held.isEmpty()) {
            return "nothing";
        }
        held.get().close();
        held = Optional.empty();
        return "released";
    }

    /** Updates again and again; now and then it takes longer than it may. */
    void work(String name, long seed, BooleanSupplier stop, Consumer<String> say)
            throws IOException, InterruptedException {
        RandomGenerator random = new SplittableRandom(seed);
        for (int number = 0; !stop.getAsBoolean(); number++) {
            String update = name + "-" + number;
            boolean stalls = random.nextInt(25) == 0;
            try {
                file.update(PATIENCE, present -> {
                    if (stalls) {
                        stall();
                    }
                    return (present.map(bytes -> new String(bytes, US_ASCII)).orElse("") + update + "\n")
                            .getBytes(US_ASCII);
                });
                say.accept("acknowledged " + update);
            } catch (LeaseLostException e) {
                say.accept("lost " + update);
            }
        }
    }

    /** What a suspended laptop, a full collection or a debugger does. */
    private void stall() throws IOException {
        try {
            Thread.sleep(leaseTime.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while it stalled", e);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        LockWorker worker = null;
        System.out.println("ready");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("open")) {
                worker = new LockWorker(Path.of(words[2]), Duration.ofMillis(Long.parseLong(words[1])));
                System.out.println("opened");
            } else if (worker != null) {
                System.out.println(
                        switch (words[0]) {
                            case "acquire" -> worker.acquire();
                            case "commit" -> worker.commit(words[1]);
                            case "release" -> worker.release();
                            case "work" -> worked(worker, words[1], Long.parseLong(words[2]));
                            default -> line;
                        });
            }
        }
    }

    private static String worked(LockWorker worker, String name, long seed) throws IOException, InterruptedException {
        worker.work(name, seed, LockWorker::hasInput, System.out::println);
        return "stopped";
    }

    private static boolean hasInput() {
        try {
            return System.in.available() > 0;
        } catch (IOException e) {
            return true;
        }
    }
}
