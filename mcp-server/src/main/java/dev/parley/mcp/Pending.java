package dev.parley.mcp;

import java.util.Optional;

/**
 * A request that the SDK's session is working on. It travels in the Reactor context, so that whoever handles or answers
 * the request finds it without looking anything up.
 */
final class Pending {
    private final Incoming.Request request;
    private final Optional<Call> call;
    private final Optional<String> sent;
    private volatile boolean answered;

    /** A request that is answered on the reading thread. */
    Pending(Incoming.Request request) {
        this.request = request;
        this.call = Optional.empty();
        this.sent = Optional.empty();
    }

    /** A request that was answered before the session was there, with this. */
    Pending(Incoming.Request request, String sent) {
        this.request = request;
        this.call = Optional.empty();
        this.sent = Optional.of(sent);
    }

    /** A request that is a tool call, answered on a thread of its own. */
    Pending(Incoming.Request request, Call call) {
        this.request = request;
        this.call = Optional.of(call);
        this.sent = Optional.empty();
    }

    Incoming.Request request() {
        return request;
    }

    Optional<Call> call() {
        return call;
    }

    /** What the client has as its answer already; the session's own is then dropped. */
    Optional<String> sent() {
        return sent;
    }

    void markAnswered() {
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }
}
