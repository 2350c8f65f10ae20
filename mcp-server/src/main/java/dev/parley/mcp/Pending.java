package dev.parley.mcp;

import java.util.Optional;

/**
 * A request that the SDK's session is working on. It travels in the Reactor context, so that whoever handles or answers
 * the request finds it without looking anything up.
 */
final class Pending {
    private final Incoming.Request request;
    private final Optional<Call> call;
    private final boolean sent;
    private volatile boolean answered;

    /** A request that is answered on the reading thread. */
    Pending(Incoming.Request request) {
        this(request, Optional.empty(), false);
    }

    /** A request whose answer the client has had already, before there was a session. */
    static Pending sent(Incoming.Request request) {
        return new Pending(request, Optional.empty(), true);
    }

    private Pending(Incoming.Request request, Optional<Call> call, boolean sent) {
        this.request = request;
        this.call = call;
        this.sent = sent;
    }

    /** A request that is a tool call, answered on a thread of its own. */
    Pending(Incoming.Request request, Call call) {
        this(request, Optional.of(call), false);
    }

    Incoming.Request request() {
        return request;
    }

    Optional<Call> call() {
        return call;
    }

    /** Whether the client has its answer already; the session's own is then dropped. */
    boolean isSent() {
        return sent;
    }

    void markAnswered() {
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }
}
