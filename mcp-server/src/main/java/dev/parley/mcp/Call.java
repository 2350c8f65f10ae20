package dev.parley.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One {@code tools/call} from its arrival until its outcome has been told.
 *
 * <p>The race is between the thread that writes the answer and whoever drops the call. It is decided by one step under
 * this object's monitor: out of {@code OPEN} a call goes to {@code WRITING} or to {@code DROPPED}, never to both.
 */
final class Call implements CallContext {
    private enum Stage {
        OPEN,
        WRITING,
        WRITTEN,
        DROPPED
    }

    private final Object id;
    private final ObjectNode meta;
    private final ClientInfo client;
    private final Outbox outbox;
    private final Diagnostics diagnostics;
    private final JsonNode progressToken;

    /** Held while progress is written, so that it grows whichever threads tell it. */
    private final Object progressing = new Object();
    /** Guarded by {@code progressing}. */
    private double lastProgress = Double.NEGATIVE_INFINITY;

    // All that follow are guarded by this object's monitor.
    private Stage stage = Stage.OPEN;
    private @Nullable Answer answer;
    private @Nullable Thread runner;
    /** Whether the listeners are being told, or have been. */
    private boolean told;
    /** Whether the listeners have been told. */
    private boolean settled;

    private boolean discarded;
    /** The id of the ping behind the answer, if one was sent there. */
    private Optional<String> receipt = Optional.empty();

    private final List<Consumer<Answer>> listeners = new ArrayList<>();
    private final List<Runnable> cancelActions = new ArrayList<>();
    private final List<Runnable> discardActions = new ArrayList<>();

    Call(Incoming.Request request, ClientInfo client, Outbox outbox, Diagnostics diagnostics) {
        // Not the request itself: its arguments may be large, and calls are remembered for a while.
        this.id = request.id();
        this.meta = request.meta();
        this.client = client;
        this.outbox = outbox;
        this.diagnostics = diagnostics;
        this.progressToken = meta.path("progressToken");
    }

    /** The id of its request: a {@code String} or a {@code Long}. */
    Object id() {
        return id;
    }

    @Override
    public ClientInfo client() {
        return client;
    }

    @Override
    public JsonNode meta() {
        return meta;
    }

    @Override
    public String requestId() {
        return id.toString();
    }

    @Override
    public boolean wantsProgress() {
        return JsonRpc.id(progressToken).isPresent();
    }

    @Override
    public void progress(double progress, OptionalDouble total, String message) {
        if (!wantsProgress() || !Double.isFinite(progress)) {
            return;
        }
        ObjectNode params = Json.object();
        params.set("progressToken", progressToken);
        params.put("progress", progress);
        total.ifPresent(end -> params.put("total", end));
        params.put("message", message);
        byte[] line = JsonRpc.notification("notifications/progress", params);
        synchronized (progressing) {
            if (progress > lastProgress) {
                lastProgress = progress;
                outbox.sendDuring(this, line);
            }
        }
    }

    @Override
    public synchronized boolean cancelled() {
        return stage == Stage.DROPPED;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (stage != Stage.DROPPED) {
                cancelActions.add(action);
                return;
            }
        }
        guarded(action);
    }

    @Override
    public void afterAnswer(Consumer<Answer> listener) {
        Answer known;
        synchronized (this) {
            if (!told || answer == null) {
                listeners.add(listener);
                return;
            }
            known = answer;
        }
        guarded(() -> listener.accept(known));
    }

    @Override
    public void ifDiscarded(Runnable action) {
        synchronized (this) {
            if (!discarded || !settled) {
                discardActions.add(action);
                return;
            }
        }
        guarded(action);
    }

    /** Runs the call on this thread; on return the outcome has been told. A call dropped before does nothing. */
    void run(Runnable work) {
        synchronized (this) {
            runner = Thread.currentThread();
        }
        try {
            if (!cancelled()) {
                work.run();
            }
        } finally {
            synchronized (this) {
                runner = null;
                // An interrupt meant for this call must not reach the next one on this thread.
                Thread.interrupted();
            }
            tell();
        }
    }

    synchronized boolean isOpen() {
        return stage == Stage.OPEN;
    }

    /** Claims the right to write the answer; false if the call was dropped. */
    synchronized boolean startWriting() {
        if (stage != Stage.OPEN) {
            return false;
        }
        stage = Stage.WRITING;
        return true;
    }

    /**
     * Decides whether a ping goes out behind the answer: it does if somebody wants to know whether the answer was discarded.
     *
     * @param number which answer of this server it is
     * @return the id of that ping
     */
    synchronized Optional<String> askForReceipt(long number) {
        receipt = discardActions.isEmpty() ? Optional.empty() : Optional.of("answer-" + number);
        return receipt;
    }

    /** Whether a response of this id tells that the client has read the answer. */
    synchronized boolean isReceipt(Object responseId) {
        return receipt.isPresent() && receipt.get().equals(responseId);
    }

    /** The answer is out. Without effect if the server gave up on the write meanwhile. */
    synchronized void written(long number) {
        if (stage == Stage.WRITING) {
            stage = Stage.WRITTEN;
            answer = new Answer.Written(number);
        }
    }

    /** The write that this thread had started failed. Without effect if the server gave up on it meanwhile. */
    synchronized void writeFailed() {
        if (stage == Stage.WRITING) {
            stage = Stage.DROPPED;
            answer = new Answer.Dropped(Answer.Dropped.Reason.BROKEN_PIPE);
        }
    }

    /**
     * Decides that no answer will be sent, and interrupts the handler. Without effect once the answer is being written.
     *
     * @return what the handler wants done about it, for the caller to run
     */
    synchronized List<Runnable> drop(Answer.Dropped.Reason reason) {
        if (stage != Stage.OPEN) {
            return List.of();
        }
        stage = Stage.DROPPED;
        answer = new Answer.Dropped(reason);
        if (runner != null) {
            runner.interrupt();
        }
        return taken(cancelActions);
    }

    /**
     * The client's cancellation has arrived: the call is dropped, or, if its answer is on its way already, discarded.
     *
     * @return what the handler wants done about it, for the caller to run
     */
    synchronized List<Runnable> cancel() {
        if (stage == Stage.OPEN) {
            return drop(Answer.Dropped.Reason.CANCELLED);
        }
        if (stage == Stage.DROPPED) {
            return List.of();
        }
        discarded = true;
        return settled ? taken(discardActions) : List.of();
    }

    /**
     * Tells the listeners the outcome, once. A call that has none by now will have no other: what was not being written
     * never will be, and of what still is nobody can say how much the client got.
     */
    void tell() {
        Answer known;
        List<Consumer<Answer>> due;
        synchronized (this) {
            if (told) {
                return;
            }
            if (answer == null) {
                answer = new Answer.Dropped(
                        stage == Stage.WRITING ? Answer.Dropped.Reason.BROKEN_PIPE : Answer.Dropped.Reason.SHUTDOWN);
                stage = Stage.DROPPED;
            }
            told = true;
            known = answer;
            due = List.copyOf(listeners);
            listeners.clear();
        }
        due.forEach(listener -> guarded(() -> listener.accept(known)));
        List<Runnable> actions;
        synchronized (this) {
            settled = true;
            notifyAll();
            actions = discarded && stage == Stage.WRITTEN ? taken(discardActions) : List.of();
        }
        actions.forEach(Runnable::run);
    }

    /** Waits until the listeners have been told, whoever does it; not after {@code deadline}, in nanoseconds. */
    synchronized void awaitSettled(long deadline) throws InterruptedException {
        for (long left = deadline - System.nanoTime(); !settled && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private List<Runnable> taken(List<Runnable> actions) {
        List<Runnable> due =
                actions.stream().<Runnable>map(action -> () -> guarded(action)).toList();
        actions.clear();
        return due;
    }

    /** Runs foreign code: whatever it throws is traced and goes no further. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            diagnostics.report("a callback of call " + requestId() + " failed", t);
        }
    }
}
