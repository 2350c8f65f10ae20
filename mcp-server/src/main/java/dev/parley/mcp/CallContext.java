package dev.parley.mcp;

import java.util.OptionalDouble;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * One call of a tool, seen by its handler. All methods may be called from any thread, during the call and after it.
 */
public interface CallContext {
    /** Who calls. */
    ClientInfo client();

    /** The request's {@code _meta}; an empty object when there is none. Codex says {@code threadId} here. */
    JsonNode meta();

    /** The request's id, for diagnostics. */
    String requestId();

    /** Whether the client asked to be told of progress. */
    boolean wantsProgress();

    /**
     * Tells the client how far the call is. Does nothing, and never throws, when the client did not ask, when the call
     * is answered or cancelled, or when {@code progress} is not greater than the last one told (the protocol wants it
     * to grow).
     *
     * @param total where {@code progress} will end, if known
     * @param message for people
     */
    void progress(double progress, OptionalDouble total, String message);

    /** The same, of a call whose end is known. */
    default void progress(double done, double total, String text) {
        progress(done, OptionalDouble.of(total), text);
    }

    /**
     * Whether the answer can no longer reach the client, because it cancelled the call or the server is ending. The
     * handler's thread has then been interrupted.
     */
    boolean cancelled();

    /**
     * Has {@code action} run when the call is cancelled, once; at once if it already is. It runs on another thread than
     * the handler's and should be short. Not called after the answer was written.
     */
    void onCancel(Runnable action);

    /**
     * Has {@code listener} told what became of the answer. It runs after the handler has returned or thrown, on the
     * handler's thread, in the order of registration; when the server is ending and the handler does not return, on
     * another one. Every listener is told exactly once, and never {@link Answer.Written} for a call whose cancellation
     * was seen before its answer was written. An exception of a listener is traced, no more.
     */
    void afterAnswer(Consumer<Answer> listener);

    /**
     * Has {@code action} run when the client's cancellation crossed the answer on the wire: the answer was
     * {@link Answer.Written}, and then the client said that it had cancelled, maybe before it read the answer, so that it throws
     * it away. At most once, always after {@link Answer.Written} was told; the last 64 answers are watched.
     *
     * <p>Some clients also cancel calls whose answers they have read. So a ping goes out behind the answer, if this was called
     * before, and once the client has responded to it, its cancellation discards nothing. One that never responds is
     * taken at its word.
     */
    void ifDiscarded(Runnable action);
}
