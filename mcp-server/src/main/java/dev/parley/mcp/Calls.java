package dev.parley.mcp;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The calls of one server: by id while an answer is owed, as running until their outcome has been told, and for a while
 * afterwards, until the client is known to have read the answer, to notice a cancellation that crossed it. All methods are
 * safe for any thread.
 */
final class Calls {
    private static final int REMEMBERED = 64;

    // All guarded by this object's monitor.
    private final Map<Object, Call> owed = new HashMap<>();
    private final Set<Call> running = new LinkedHashSet<>();
    private final Map<Object, Call> answered = new LinkedHashMap<>();

    /** Adds a call; false if another one with its id is still owed an answer. */
    synchronized boolean add(Call call) {
        if (owed.putIfAbsent(call.id(), call) != null) {
            return false;
        }
        running.add(call);
        return true;
    }

    /** Whether a call of this id is owed an answer. */
    synchronized boolean isOwed(Object id) {
        return owed.containsKey(id);
    }

    /**
     * Gives the id back, because the answer is about to be written: a client may use the id again as soon as it has
     * read it.
     *
     * @return the call of that id, if there is one
     */
    synchronized Optional<Call> release(Object id) {
        Call call = owed.remove(id);
        if (call != null) {
            answered.remove(id);
            answered.put(id, call);
            if (answered.size() > REMEMBERED) {
                answered.remove(answered.keySet().iterator().next());
            }
        }
        return Optional.ofNullable(call);
    }

    /** The client has cancelled the request of this id; the returned actions are for the caller to run. */
    synchronized List<Runnable> cancel(Object id) {
        Call call = owed.remove(id);
        if (call == null) {
            call = answered.remove(id);
        }
        return call == null ? List.of() : call.cancel();
    }

    /**
     * The client has responded to a request of this id. If that was the ping behind an answer, the client has read the answer:
     * a cancellation from now on does not cross it, and is nothing to notice.
     */
    synchronized void responded(Object id) {
        answered.values().removeIf(call -> call.isReceipt(id));
    }

    /** The call's thread is done with it. */
    synchronized void finished(Call call) {
        owed.remove(call.id(), call);
        running.remove(call);
        notifyAll();
    }

    /** Those whose outcome has not been told yet. */
    synchronized List<Call> running() {
        return List.copyOf(running);
    }

    /** Waits until no call is running, or the time is over, or the thread is interrupted; true if none is. */
    synchronized boolean awaitIdle(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!running.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return running.isEmpty();
        }
    }
}
