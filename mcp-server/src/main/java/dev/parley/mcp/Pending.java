package dev.parley.mcp;

import java.util.Optional;

/**
 * A request that the SDK's session is working on. It travels in the Reactor context, so that whoever handles or answers
 * the request finds it without looking anything up.
 */
final class Pending {
    private final Incoming.Request request;
    private final Optional<Call> call;
    private volatile boolean answered;

    /** A request that is answered on the reading thread. */
    Pending(Incoming.Request request) {
        this.request = request;
        this.call = Optional.empty();
    }

    /** A request that is a tool call, answered on a thread of its own. */
    Pending(Incoming.Request request, Call call) {
        this.request = request;
        this.call = Optional.of(call);
    }

    Incoming.Request request() {
        return request;
    }

    Optional<Call> call() {
        return call;
    }

    void markAnswered() {
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }
}
