package dev.parley.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out: whole lines, one at a time, each flushed. After the first failure nothing is written any more.
 *
 * <p>Also keeps how much the client had sent when each answer was out, so that a later request can tell which answers
 * were there before it.
 */
final class Outbox {
    /** How long the reader waits for an answer that is just being written, to see whether it came before a request. */
    private static final long IN_WRITING_MILLIS = 20;

    private record Mark(long answer, long received) {}

    private final OutputStream out;
    private final LongSupplier received;
    private final Runnable whenBroken;
    private final Diagnostics diagnostics;

    private final ReentrantLock writing = new ReentrantLock();
    /** Guarded by {@code writing}. */
    private boolean broken;
    /** Guarded by {@code writing}. */
    private long answers;

    /** Answers that no request has followed yet, oldest first. Guarded by itself. */
    private final Deque<Mark> marks = new ArrayDeque<>();
    /** Used by the reading thread only. */
    private long followed;
    /** The write that the reading thread has waited for in vain, as {@code writingSince}; used by that thread only. */
    private long waitedFor;
    /** When the write began that is going on, in nanoseconds; 0 if none is. Written under {@code writing}. */
    private volatile long writingSince;
    /** Who rests until a write begins. */
    private volatile @Nullable Thread resting;

    Outbox(OutputStream out, LongSupplier received, Runnable whenBroken, Diagnostics diagnostics) {
        this.out = out;
        this.received = received;
        this.whenBroken = whenBroken;
        this.diagnostics = diagnostics;
    }

    /** Writes a line that belongs to no call; lost, like everything later, if the pipe is broken. */
    void send(byte[] line) {
        writing.lock();
        try {
            write(line);
        } finally {
            writing.unlock();
        }
    }

    /** Writes a line of a call that is not its answer, unless the call is over: then the line would come after it. */
    void sendDuring(Call call, byte[] line) {
        writing.lock();
        try {
            if (call.isOpen()) {
                write(line);
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Writes the answer of a call, unless it was dropped before, and settles in the call which of the two it is. Between
     * the two steps a cancellation comes too late.
     */
    void answer(Call call, byte[] line) {
        writing.lock();
        try {
            if (broken) {
                call.drop(Answer.Dropped.Reason.SHUTDOWN);
            }
            if (!call.startWriting()) {
                return;
            }
            long before = received.getAsLong();
            if (write(withReceipt(line, call.askForReceipt(answers + 1)))) {
                answers++;
                synchronized (marks) {
                    marks.addLast(new Mark(answers, before));
                }
                call.written(answers);
            } else {
                call.writeFailed();
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * The answer, and behind it the ping whose response tells that the client has read the answer. In one write: between two the
     * client could read the answer and cancel.
     */
    private static byte[] withReceipt(byte[] answer, Optional<String> receipt) {
        if (receipt.isEmpty()) {
            return answer;
        }
        byte[] ping = JsonRpc.ping(receipt.get());
        byte[] both = Arrays.copyOf(answer, answer.length + ping.length);
        System.arraycopy(ping, 0, both, answer.length, ping.length);
        return both;
    }

    /**
     * How many answers were out before byte {@code start} of the input was there. Called by the reading thread, with
     * growing {@code start}. An answer that is in the middle of being written is waited for, but not long: the client
     * may not be reading, and then it has not seen the answer either.
     */
    long answersBefore(long start) {
        boolean quiet = false;
        long since = writingSince;
        try {
            // Once for each write: a client that does not read may have sent a thousand requests.
            quiet = (since != 0 && since == waitedFor)
                    ? writing.tryLock()
                    : writing.tryLock(IN_WRITING_MILLIS, TimeUnit.MILLISECONDS);
            waitedFor = quiet ? 0 : writingSince;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (quiet) {
                writing.unlock();
            }
        }
        synchronized (marks) {
            for (Mark mark = marks.peekFirst(); mark != null && mark.received <= start; mark = marks.peekFirst()) {
                followed = mark.answer;
                marks.removeFirst();
            }
        }
        return followed;
    }

    /** Whether a write has been going on for so long: the client does not read. Safe from any thread. */
    boolean isStuck(Duration time) {
        long since = writingSince;
        return since != 0 && (System.nanoTime() - since) > time.toNanos();
    }

    /**
     * Rests until a write begins, at most so long, so that a server at rest is not woken to find that none goes on. May return
     * sooner. For one thread.
     */
    void awaitWrite(Duration limit) throws InterruptedException {
        resting = Thread.currentThread();
        // Behind that: either this sees the write, or the write sees who rests.
        if (writingSince == 0) {
            LockSupport.parkNanos(this, limit.toNanos());
        }
        resting = null;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private boolean write(byte[] line) {
        if (broken) {
            return false;
        }
        writingSince = System.nanoTime() | 1;
        Thread waiting = resting;
        if (waiting != null) {
            resting = null;
            LockSupport.unpark(waiting);
        }
        try {
            out.write(line);
            out.flush();
            return true;
        } catch (IOException e) {
            broken = true;
            diagnostics.report("the client does not read any more: " + Diagnostics.why(e));
            whenBroken.run();
            return false;
        } finally {
            writingSince = 0;
        }
    }
}
