package dev.parley.mcp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Timing;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutboxTest {
    private static final byte[] LINE = "{}\n".getBytes(StandardCharsets.UTF_8);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Diagnostics diagnostics =
            new Diagnostics(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), "test");
    private final AtomicLong received = new AtomicLong();

    private Outbox outbox(OutputStream out) {
        return new Outbox(out, received::get, () -> {}, diagnostics);
    }

    private Call call(Outbox outbox) {
        Incoming.Request request = new Incoming.Request(1L, "tools/call", Json.object(), 0);
        return new Call(request, new ClientInfo("c", "1", Optional.empty(), "2025-11-25"), outbox, diagnostics);
    }

    @Test
    void countsOnlyAnswersThatWereOutBeforeTheRequestBegan() {
        Outbox outbox = outbox(written);
        received.set(100);
        outbox.answer(call(outbox), LINE);
        received.set(250);
        outbox.answer(call(outbox), LINE);

        assertEquals(0, outbox.answersBefore(99));
        assertEquals(1, outbox.answersBefore(100));
        assertEquals(1, outbox.answersBefore(249));
        assertEquals(2, outbox.answersBefore(300));
        assertEquals(2, outbox.answersBefore(400));
    }

    @Test
    void anAnswerThatNobodyReadsDoesNotHoldUpTheReader() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch drained = new CountDownLatch(1);
        Outbox outbox = outbox(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written whole");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                writing.countDown();
                try {
                    drained.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        Thread writer = new Thread(() -> outbox.answer(call(outbox), LINE));
        writer.start();
        writing.await();

        // To wait for it each time would hold up what waits behind: with so many requests for 200 s.
        assertTimeout(Timing.patience(Duration.ofSeconds(10)), () -> {
            for (int request = 0; request < 10_000; request++) {
                assertEquals(0, outbox.answersBefore(1000));
            }
        });
        assertTrue(outbox.isStuck(Duration.ofNanos(1)));
        assertTimeout(Timing.patience(Duration.ofSeconds(10)), () -> outbox.awaitWrite(Duration.ofHours(1)));

        drained.countDown();
        writer.join();
        assertFalse(outbox.isStuck(Duration.ofNanos(1)));
        assertEquals(1, outbox.answersBefore(1000));
    }

    @Test
    void whoRestsUntilAWriteBeginsIsWokenByItAndByNothingElse() throws Exception {
        Outbox outbox = outbox(written);
        FutureTask<Long> rest = new FutureTask<>(() -> {
            outbox.awaitWrite(Duration.ofHours(1));
            return outbox.answersBefore(0);
        });
        Thread watch = new Thread(rest);
        watch.start();
        await().until(() -> watch.getState() == Thread.State.TIMED_WAITING);
        assertFalse(rest.isDone());

        outbox.send(LINE);

        assertEquals(0, rest.get(Timing.patience(Duration.ofSeconds(10)).toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void linesOfManyThreadsStayWhole() {
        Outbox outbox = outbox(written);
        String word = "word".repeat(500);

        IntStream.range(0, 2000).parallel().forEach(i -> outbox.send((word + '\n').getBytes(StandardCharsets.UTF_8)));

        List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2000, lines.size());
        assertEquals(2000, lines.stream().filter(word::equals).count());
    }
}
