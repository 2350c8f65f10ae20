package dev.parley.tools;

import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mcp.Answer;
import dev.parley.mcp.Answer.Dropped;
import dev.parley.mcp.Answer.Written;
import dev.parley.mcp.CallContext;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Mail that tools of this server have put into their answers, until it is proven that the client got it.
 *
 * <p>An answer that was never written gives its mail back as it was. One that was written waits for the next call of the
 * client that was made after it: then its mail is confirmed. If this server ends before, the mail is handed over again,
 * marked, when the session next starts.
 */
final class HandOvers {

    private record Pending(long answer, Batch batch) {}

    private final Executor background;
    private final Trace trace;
    private final Step settle;
    private final List<Pending> pending = new ArrayList<>();
    /** So many answers had been written before the newest call; guarded by {@code pending}. */
    private long followed;

    /**
     * Nothing is on its way yet.
     *
     * @param settle run after the last step, since the session may have got another id while its mail was on its way
     */
    HandOvers(Executor background, Trace trace, Step settle) {
        this.background = background;
        this.trace = trace;
        this.settle = settle;
    }

    /** Makes the answer in which a batch is handed over. */
    @FunctionalInterface
    interface Making<T> {
        T make() throws IOException, InterruptedException;
    }

    /**
     * Makes an answer and puts the batch that is in it under the fate of that answer. If none can be made, the batch goes
     * back as it was: the failure that is answered instead must not count as its hand-over.
     *
     * @param whenWritten run once the answer has been written
     */
    <T> T putting(Optional<Batch> batch, CallContext call, Runnable whenWritten, Making<T> answer)
            throws IOException, InterruptedException {
        boolean made = false;
        try {
            T result = answer.make();
            made = true;
            batch.ifPresent(b -> put(b, call, whenWritten));
            return result;
        } finally {
            if (!made) {
                batch.ifPresent(b -> end("give-back", () -> b.giveBack(Seen.NO)));
            }
        }
    }

    private void put(Batch batch, CallContext call, Runnable whenWritten) {
        call.afterAnswer(answer -> told(answer, batch, whenWritten));
        call.ifDiscarded(() -> {
            if (forget(batch)) {
                end("give-back", () -> batch.giveBack(Seen.PERHAPS));
            }
        });
    }

    private void told(Answer answer, Batch batch, Runnable whenWritten) {
        if (answer instanceof Written written) {
            attempt("written", batch::written);
            boolean proven;
            synchronized (pending) {
                // A quick client's next call may be here before it is known that the answer was written.
                proven = written.number() <= followed;
                if (!proven) {
                    pending.add(new Pending(written.number(), batch));
                }
            }
            if (proven) {
                end("confirm", batch::confirm);
            }
            whenWritten.run();
        } else {
            boolean unsent = answer instanceof Dropped dropped && dropped.reason() != Dropped.Reason.BROKEN_PIPE;
            end("give-back", () -> batch.giveBack(unsent ? Seen.NO : Seen.PERHAPS));
        }
    }

    private boolean forget(Batch batch) {
        synchronized (pending) {
            return pending.removeIf(p -> p.batch() == batch);
        }
    }

    /** The client has made a call after so many answers had been written to it. Must not block. */
    void signOfLife(long answersBefore) {
        List<Batch> proven = new ArrayList<>();
        synchronized (pending) {
            followed = Math.max(followed, answersBefore);
            for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
                Pending next = all.next();
                if (next.answer() <= answersBefore) {
                    proven.add(next.batch());
                    all.remove();
                }
            }
        }
        if (!proven.isEmpty()) {
            try {
                background.execute(() -> proven.forEach(batch -> end("confirm", batch::confirm)));
            } catch (RejectedExecutionException e) {
                // The server is ending: the mail will be handed over again, marked.
                trace.event(Event.HAND_OVER_UNCONFIRMED, Map.of("batches", proven.size()));
            }
        }
    }

    /** What may fail without harm to the mail. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /** The last step of a hand-over. */
    private void end(String what, Step step) {
        attempt(what, () -> {
            step.run();
            settle.run();
        });
    }

    /** A step that fails leaves the mail claimed by this process; after its death it is handed over again, marked. */
    private void attempt(String what, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            trace.event(Event.HAND_OVER_STEP_FAILED, Map.of("step", what, "reason", e.toString()));
        }
    }
}
