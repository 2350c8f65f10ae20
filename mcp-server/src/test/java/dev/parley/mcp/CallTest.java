package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CallTest {
    private static final byte[] ANSWER = "answer\n".getBytes(StandardCharsets.UTF_8);
    private static final ClientInfo CLIENT = new ClientInfo("c", "1", java.util.Optional.empty(), "2025-11-25");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayOutputStream traced = new ByteArrayOutputStream();
    private final Diagnostics diagnostics =
            new Diagnostics(new PrintStream(traced, true, StandardCharsets.UTF_8), "test");
    private final Outbox outbox = new Outbox(written, () -> 0, () -> {}, diagnostics);
    private final List<Answer> told = Collections.synchronizedList(new ArrayList<>());

    private Call call(Outbox to) {
        Incoming.Request request = (Incoming.Request) Incoming.parse(new Line.Text(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
                        + "\"params\":{\"_meta\":{\"progressToken\":\"t\"}}}",
                0));
        Call call = new Call(request, CLIENT, to, diagnostics);
        call.afterAnswer(told::add);
        return call;
    }

    private Call call() {
        return call(outbox);
    }

    private String output() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsThatItsAnswerWasWritten() {
        Call call = call();

        call.run(() -> outbox.answer(call, ANSWER));

        assertEquals(List.of(new Answer.Written(1)), told);
        assertEquals("answer\n", output());
    }

    @Test
    void tellsNothingBeforeTheHandlerHasReturned() {
        Call call = call();

        call.run(() -> {
            outbox.answer(call, ANSWER);
            assertEquals(List.of(), told);
        });

        assertEquals(1, told.size());
    }

    @Test
    void writesNothingAfterACancellation() {
        Call call = call();

        call.run(() -> {
            call.cancel();
            outbox.answer(call, ANSWER);
        });

        assertEquals(List.of(new Answer.Dropped(Answer.Dropped.Reason.CANCELLED)), told);
        assertEquals("", output());
        assertTrue(call.cancelled());
    }

    @Test
    void doesNotStartWhenItWasCancelledBefore() {
        Call call = call();
        call.cancel();
        AtomicBoolean ran = new AtomicBoolean();

        call.run(() -> ran.set(true));

        assertFalse(ran.get());
        assertEquals(List.of(new Answer.Dropped(Answer.Dropped.Reason.CANCELLED)), told);
    }

    @Test
    void aListenerThatComesLateIsToldAtOnce() {
        Call call = call();
        call.run(() -> outbox.answer(call, ANSWER));

        call.afterAnswer(told::add);

        assertEquals(List.of(new Answer.Written(1), new Answer.Written(1)), told);
    }

    @Test
    void aListenerThatFailsDoesNotKeepTheOthersFromBeingTold() {
        Call call = call();
        call.afterAnswer(answer -> {
            throw new NoClassDefFoundError("listener");
        });
        call.afterAnswer(told::add);

        call.run(() -> outbox.answer(call, ANSWER));

        assertEquals(2, told.size());
        assertTrue(traced.toString(StandardCharsets.UTF_8).contains("NoClassDefFoundError: listener"));
    }

    @Test
    void tellsABrokenPipe() {
        AtomicBoolean broken = new AtomicBoolean();
        Outbox closed = new Outbox(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                () -> 0,
                () -> broken.set(true),
                diagnostics);
        Call call = call(closed);

        call.run(() -> closed.answer(call, ANSWER));

        assertTrue(broken.get());
        Call next = call(closed);
        next.run(() -> closed.answer(next, ANSWER));

        assertEquals(
                List.of(
                        new Answer.Dropped(Answer.Dropped.Reason.BROKEN_PIPE),
                        new Answer.Dropped(Answer.Dropped.Reason.SHUTDOWN)),
                told);
    }

    @Test
    void theInterruptOfACancellationStaysWithItsCall() throws InterruptedException {
        Call call = call();
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean leaked = new AtomicBoolean(true);
        Thread worker = new Thread(() -> {
            call.run(() -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    Thread.currentThread().interrupt();
                }
            });
            leaked.set(Thread.currentThread().isInterrupted());
        });
        worker.start();
        started.await();

        call.cancel();
        worker.join();

        assertTrue(interrupted.get());
        assertFalse(leaked.get());
    }

    @Test
    void runsCancelActionsOnceAndAtOnceWhenLate() {
        Call call = call();
        List<String> ran = new ArrayList<>();
        call.onCancel(() -> ran.add("early"));

        call.cancel().forEach(Runnable::run);
        call.cancel().forEach(Runnable::run);
        call.onCancel(() -> ran.add("late"));

        assertEquals(List.of("early", "late"), ran);
    }

    @Test
    void aCancellationThatCrossesTheAnswerDiscardsIt() {
        Call call = call();
        List<String> ran = new ArrayList<>();
        call.afterAnswer(answer -> ran.add("written"));
        call.onCancel(() -> ran.add("cancelled"));
        call.ifDiscarded(() -> ran.add("discarded"));

        call.run(() -> {
            outbox.answer(call, ANSWER);
            call.cancel().forEach(Runnable::run);
        });
        call.cancel().forEach(Runnable::run);
        call.ifDiscarded(() -> ran.add("late"));

        assertEquals(List.of("written", "discarded", "late"), ran);
        assertFalse(call.cancelled());
    }

    @Test
    void aPingStandsBehindAnAnswerThatSomebodyWatchesInTheSameWrite() {
        List<String> writes = new ArrayList<>();
        Outbox counted = new Outbox(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("lines are written whole");
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        writes.add(new String(bytes, from, length, StandardCharsets.UTF_8));
                    }
                },
                () -> 0,
                () -> {},
                diagnostics);
        Call plain = call(counted);
        Call watched = call(counted);
        watched.ifDiscarded(() -> {});

        plain.run(() -> counted.answer(plain, ANSWER));
        watched.run(() -> counted.answer(watched, ANSWER));

        assertEquals(
                List.of("answer\n", "answer\n{\"jsonrpc\":\"2.0\",\"id\":\"answer-2\",\"method\":\"ping\"}\n"), writes);
        assertTrue(watched.isReceipt("answer-2"));
        assertFalse(watched.isReceipt("answer-1"));
        assertFalse(plain.isReceipt("answer-1"));
    }

    @Test
    void aCallThatTheServerGaveUpIsToldOnce() {
        Call call = call();

        call.run(() -> {
            call.drop(Answer.Dropped.Reason.SHUTDOWN);
            call.tell();
            outbox.answer(call, ANSWER);
        });

        assertEquals(List.of(new Answer.Dropped(Answer.Dropped.Reason.SHUTDOWN)), told);
        assertEquals("", output());
    }

    @Test
    void aWriteThatHangsUntilTheServerGivesUpCountsAsDropped() {
        Call call = call();

        call.run(() -> {
            assertTrue(call.startWriting());
            call.tell();
            call.written(1);
        });

        assertEquals(List.of(new Answer.Dropped(Answer.Dropped.Reason.BROKEN_PIPE)), told);
    }

    @Test
    void whoeverWaitsForItsOutcomeToBeToldWaitsForASlowListener() throws Exception {
        Call call = call();
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        call.afterAnswer(answer -> {
            telling.countDown();
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add(answer);
        });
        Thread worker = new Thread(() -> call.run(() -> outbox.answer(call, ANSWER)));
        worker.start();
        telling.await();

        call.awaitSettled(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20));
        assertEquals(1, told.size());
        slow.countDown();
        call.awaitSettled(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));

        assertEquals(2, told.size());
        worker.join();
    }

    @Test
    void progressGrowsAndEndsWithTheAnswer() {
        Call call = call();

        call.run(() -> {
            call.progress(1, OptionalDouble.empty(), "a");
            call.progress(1, OptionalDouble.empty(), "not more");
            call.progress(Double.NaN, OptionalDouble.empty(), "not a number");
            call.progress(2, OptionalDouble.of(3), "b");
            outbox.answer(call, ANSWER);
            call.progress(3, OptionalDouble.empty(), "too late");
        });

        assertEquals(3, output().lines().count());
        assertTrue(output().startsWith("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                + "\"params\":{\"progressToken\":\"t\",\"progress\":1.0,\"message\":\"a\"}}\n"));
        assertTrue(output().endsWith("\nanswer\n"));
    }

    /** The race that matters, a few thousand times: one outcome, told once, and true. */
    @Test
    void cancellingAndAnsweringAtOnceHasOneOutcomeThatIsTrue() throws Exception {
        int writes = 0;
        int drops = 0;
        for (int round = 0; round < 3000; round++) {
            written.reset();
            told.clear();
            Call call = call();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread canceller = new Thread(() -> {
                awaitQuietly(start);
                call.cancel().forEach(Runnable::run);
            });
            canceller.start();
            call.run(() -> {
                awaitQuietly(start);
                outbox.answer(call, ANSWER);
            });
            canceller.join();

            assertEquals(1, told.size());
            boolean isWritten = told.get(0) instanceof Answer.Written;
            assertEquals(isWritten ? "answer\n" : "", output());
            assertEquals(!isWritten, call.cancelled());
            writes += isWritten ? 1 : 0;
            drops += isWritten ? 0 : 1;
        }
        assertTrue(writes > 0 && drops > 0, "both outcomes were seen: " + writes + " written, " + drops + " dropped");
    }

    private static void awaitQuietly(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
            // Cancelled while waiting for it: then the race is over.
        }
    }
}
