package dev.parley.study;

import dev.parley.address.RequestId;
import dev.parley.ledger.Delivery;
import dev.parley.lock.Lease;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.store.CorruptFileException;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the operations cost of which everything else is made. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CoreBenchmark {

    /** What a write survives. */
    @Param({"POWER_CUT", "PROCESS"})
    public dev.parley.store.Durability durability;

    private Town town;
    private Envelope letter;
    private byte[] encoded;
    private Path file;
    private Locks locks;
    private int sent;

    @Setup
    public void open() throws Exception {
        town = Town.found(durability, 2);
        letter = town.letter(0, 1);
        encoded = EnvelopeCodec.encode(letter);
        file = Path.of("none");
        locks = new Locks(town.office().store(), town.office().processes());
        town.office().delivery().send(letter, Delivery.Ring.NO);
    }

    @TearDown
    public void close() throws IOException {
        town.close();
    }

    /** A message of 1 KB, stored and visible; read now and then, so that the mailbox does not fill. */
    @Benchmark
    public void send() throws IOException {
        if (++sent % 500 == 0) {
            town.drain(1);
        }
        town.office().delivery().send(town.letter(0, 1), Delivery.Ring.YES);
    }

    /** One message sent, taken and proven: less {@link #send}, what taking costs. */
    @Benchmark
    public Batch sendClaimConfirm() throws IOException {
        town.office().delivery().send(town.letter(0, 1), Delivery.Ring.NO);
        Batch batch = town.mailbox(1).claim(Budget.READ, Set.<RequestId>of()::contains);
        batch.written();
        batch.confirm();
        return batch;
    }

    @Benchmark
    public Optional<Envelope> lookUp() throws IOException {
        return town.office().ledger(letter.to()).find(letter.id());
    }

    @Benchmark
    public void lockAndRelease() throws IOException, InterruptedException {
        try (Lease lease = locks.named("bench").acquire(Duration.ofSeconds(1))) {
            lease.ensureHeld();
        }
    }

    @Benchmark
    public byte[] encode() {
        return EnvelopeCodec.encode(letter);
    }

    @Benchmark
    public Envelope decode() throws CorruptFileException {
        return EnvelopeCodec.decode(file, encoded);
    }
}
