package dev.parley.mcp;

import java.util.Optional;
import java.util.Set;

/**
 * Dispatches what the client sends: calls to threads of their own, all else at once. Nothing a client sends stops it. Used
 * by one thread at a time.
 */
final class Reception {
    private static final String INITIALIZE = "initialize";
    private static final String CALL = "tools/call";
    private static final String TOO_EARLY = "send initialize first";
    private static final String CANCELLED = "notifications/cancelled";

    private final Outbox outbox;
    private final SdkSession session;
    private final Calls calls;
    private final CallPool pool;
    private final PluginHost plugins;
    private final Set<String> toolNames;
    private final Results results;
    private final Diagnostics diagnostics;

    Reception(
            Outbox outbox,
            SdkSession session,
            Calls calls,
            CallPool pool,
            PluginHost plugins,
            Set<String> toolNames,
            Results results,
            Diagnostics diagnostics) {
        this.outbox = outbox;
        this.session = session;
        this.calls = calls;
        this.pool = pool;
        this.plugins = plugins;
        this.toolNames = toolNames;
        this.results = results;
        this.diagnostics = diagnostics;
    }

    /**
     * Notes a line that the doorman answered before there was a session, so that the session and the plug-ins know of the client
     * what they would know if they had got that line.
     */
    void wasAnswered(Line.Text line) {
        Incoming incoming = Incoming.parse(line);
        if (incoming instanceof Incoming.Notification notification) {
            handle(notification);
        } else if (incoming instanceof Incoming.Request request) {
            // No call had been answered by then.
            plugins.arrived(new IncomingRequest(request.method(), request.meta(), 0));
            if (request.method().equals(INITIALIZE)) {
                session.handle(Pending.sent(request));
            }
        }
    }

    /** Takes the next line. */
    void take(Line line) {
        if (line instanceof Line.Text text) {
            if (!text.text().isBlank()) {
                dispatch(text);
            }
        } else if (line instanceof Line.TooLong tooLong) {
            // With an id that is in flight the client would take it for the answer to that request.
            refuse(
                    tooLong.id().filter(id -> !calls.isOwed(id)),
                    JsonRpc.INVALID_REQUEST,
                    "the line is longer than " + tooLong.limit() + " bytes; it was skipped");
        } else {
            refuse(Optional.empty(), JsonRpc.PARSE_ERROR, "the line is not UTF-8");
        }
    }

    private void dispatch(Line.Text line) {
        Optional<Object> id = Optional.empty();
        try {
            Incoming incoming = Incoming.parse(line);
            if (incoming instanceof Incoming.Request request) {
                id = Optional.of(request.id());
                arrived(request);
                handle(request);
            } else if (incoming instanceof Incoming.Notification notification) {
                handle(notification);
            } else if (incoming instanceof Incoming.Faulty faulty) {
                refuse(faulty.id(), faulty.code(), faulty.message());
            } else if (incoming instanceof Incoming.Response response) {
                // Also an error: whoever does not know a ping has read what stood before it.
                calls.responded(response.id());
            }
        } catch (Throwable t) {
            diagnostics.report("a message could not be handled", t);
            refuse(id, JsonRpc.INTERNAL_ERROR, "the server failed to handle the message");
        }
    }

    private void arrived(Incoming.Request request) {
        if (plugins.isListening()) {
            plugins.arrived(
                    new IncomingRequest(request.method(), request.meta(), outbox.answersBefore(request.start())));
        }
    }

    private void handle(Incoming.Request request) {
        Optional<ClientInfo> known = session.client();
        switch (request.method()) {
            case INITIALIZE -> {
                if (known.isPresent()) {
                    refuse(request, "this connection is initialized already");
                } else {
                    handleHere(request);
                    session.client().ifPresent(client -> Constraints.prepare());
                }
            }
            // Before the handshake the SDK would keep silent.
            case "ping" -> outbox.send(JsonRpc.result(request.id(), Json.object()));
            case CALL -> known.ifPresentOrElse(client -> call(request, client), () -> refuse(request, TOO_EARLY));
            default -> handleHere(request);
        }
    }

    private void handleHere(Incoming.Request request) {
        Pending pending = new Pending(request);
        session.handle(pending);
        if (!pending.isAnswered() && session.client().isEmpty()) {
            refuse(request, TOO_EARLY);
        } else if (!pending.isAnswered()) {
            refuse(Optional.of(request.id()), JsonRpc.INTERNAL_ERROR, "the request came to no answer");
        }
    }

    private void call(Incoming.Request request, ClientInfo client) {
        String name = request.params().path("name").asString("");
        if (!toolNames.contains(name)) {
            // The SDK would name it "invalid_tool_name", which tells a model nothing.
            String message = "there is no tool '" + name + "'; the tools are " + String.join(", ", toolNames);
            refuse(Optional.of(request.id()), JsonRpc.INVALID_PARAMS, message);
            return;
        }
        Call call = new Call(request, client, outbox, diagnostics);
        if (!calls.add(call)) {
            // Not with its id: the client would take this for the answer to the first request.
            refuse(
                    Optional.empty(),
                    JsonRpc.INVALID_REQUEST,
                    "a request with id " + request.id() + " is still in flight");
            return;
        }
        if (!pool.start(() -> work(request, call))) {
            call.run(() -> session.answer(call, results.overloaded()));
            calls.finished(call);
        }
    }

    /** On a thread of the pool. Whatever happens, the call gets an answer, and its outcome is told. */
    private void work(Incoming.Request request, Call call) {
        try {
            call.run(() -> {
                Pending pending = new Pending(request, call);
                try {
                    session.handle(pending);
                } catch (Throwable t) {
                    diagnostics.report("a call failed outside its handler", t);
                }
                if (!pending.isAnswered()) {
                    session.answer(
                            call,
                            JsonRpc.error(
                                    Optional.of(call.id()), JsonRpc.INTERNAL_ERROR, "the call came to no answer"));
                }
            });
        } finally {
            calls.finished(call);
        }
    }

    /**
     * The session was told that the client is initialized with its handshake, and to a change of roots it would answer with
     * a question that nobody here wants answered: so nothing is passed on to it.
     */
    private void handle(Incoming.Notification notification) {
        if (notification.method().equals(JsonRpc.INITIALIZED)
                && session.client().isPresent()) {
            plugins.initialized();
        }
        if (notification.method().equals(CANCELLED)) {
            JsonRpc.id(notification.params().path("requestId")).ifPresent(id -> pool.aside(calls.cancel(id)));
        }
    }

    private void refuse(Incoming.Request request, String message) {
        refuse(Optional.of(request.id()), JsonRpc.INVALID_REQUEST, message);
    }

    private void refuse(Optional<Object> id, int code, String message) {
        outbox.send(JsonRpc.error(id, code, message));
    }
}
