package dev.parley.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one session of the SDK, with Parley's transport around it: takes messages that were read, and gives what the SDK wants
 * sent to the outbox.
 *
 * <p>The session is synchronous here: everything registered with it answers on the thread that called
 * {@link #handle(Pending)}, so on return the answer has been given, or there will be none.
 */
final class SdkSession implements McpServerTransportProvider, McpServerTransport {
    private final SessionMapper mapper;
    private final Outbox outbox;
    private final Calls calls;
    private final Diagnostics diagnostics;
    private @Nullable McpServerSession session;
    private volatile Optional<ClientInfo> client = Optional.empty();

    /** A session that is ready once the SDK's server has been built on it. */
    SdkSession(SessionMapper mapper, Outbox outbox, Calls calls, Diagnostics diagnostics) {
        this.mapper = mapper;
        this.outbox = outbox;
        this.calls = calls;
        this.diagnostics = diagnostics;
    }

    /** Who is at the other end; empty until {@code initialize} is answered. */
    Optional<ClientInfo> client() {
        return client;
    }

    /** Has the SDK handle a request; the {@code pending} says afterwards whether it was answered. */
    void handle(Pending pending) {
        Incoming.Request request = pending.request();
        boolean first = client.isEmpty();
        McpSchema.JSONRPCRequest message =
                new McpSchema.JSONRPCRequest(request.method(), request.id(), parameters(request));
        subscribe(
                session().handle(message).contextWrite(context -> context.put(Pending.class, pending)),
                request.method());
        if (first && client.isPresent()) {
            // The SDK answers nothing until the client has said this, and some clients ask without saying it.
            subscribe(
                    session().handle(new McpSchema.JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED)),
                    "the handshake");
        }
    }

    private void subscribe(Mono<Void> work, String what) {
        work.subscribe(nothing -> {}, failure -> diagnostics.report(what + " failed in the session", failure));
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
        session = factory.create(this);
    }

    @Override
    public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
        return Mono.deferContextual(context -> {
            Optional<Pending> pending = context.getOrEmpty(Pending.class);
            if (message instanceof McpSchema.JSONRPCResponse response && pending.isPresent()) {
                answer(pending.get(), response);
            } else {
                outbox.send(line(message));
            }
            return Mono.empty();
        });
    }

    private void answer(Pending pending, McpSchema.JSONRPCResponse response) {
        if (pending.call().isPresent() && pending.call().get().cancelled()) {
            // Nobody will read it, and when a server ends with many calls in flight there is no time to waste.
            pending.markAnswered();
            return;
        }
        if (pending.isSent() && response.error() != null) {
            diagnostics.report("the session refuses a handshake that was answered: " + response.error());
        }
        byte[] line = pending.isSent() ? new byte[0] : line(response);
        if (response.result() instanceof McpSchema.InitializeResult agreed) {
            client = Optional.of(introduced(pending.request().params(), agreed.protocolVersion()));
        }
        pending.markAnswered();
        if (pending.isSent()) {
            return;
        }
        pending.call().ifPresentOrElse(call -> answer(call, line), () -> outbox.send(line));
    }

    /** Answers a call with a result that its handler did not make. */
    void answer(Call call, McpSchema.CallToolResult result) {
        answer(call, line(McpSchema.JSONRPCResponse.result(call.id(), result)));
    }

    /** Answers a call with this line, unless it was dropped. */
    void answer(Call call, byte[] line) {
        calls.release(call.id());
        outbox.answer(call, line);
    }

    private static ClientInfo introduced(ObjectNode params, String protocolVersion) {
        ObjectNode info = Json.objectAt(params, "clientInfo");
        return new ClientInfo(
                info.path("name").asString("unknown"),
                info.path("version").asString("unknown"),
                info.path("title").stringValueOpt(),
                protocolVersion);
    }

    private byte[] line(Object message) {
        try {
            return mapper.line(message);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a message as JSON", e);
        }
    }

    /** The SDK takes parameters as plain maps and lists, and of a call no more than the name of its tool. */
    private static Object parameters(Incoming.Request request) {
        return request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                ? SessionMapper.call(request.params())
                        .<Object>map(call -> call)
                        .orElseGet(() -> plain(request.params()))
                : plain(request.params());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> plain(ObjectNode params) {
        return Json.WIRE.treeToValue(params, Map.class);
    }

    private McpServerSession session() {
        return Objects.requireNonNull(session, "the SDK's server has not been built");
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return mapper.convertValue(data, type);
    }

    @Override
    public List<String> protocolVersions() {
        return Introduction.VERSIONS;
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Mono.defer(() -> session().sendNotification(method, params));
    }

    /** Nothing to do: the streams are the server's, and it ends in its own order. */
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    @Override
    public void close() {}
}
