package dev.parley.mcp;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Answers what every client says first while the server is still loading, in the very bytes in which the SDK's session would
 * answer. The first line that it does not understand for sure waits for the {@link Reception}, and everything after that
 * goes there too: so all is answered in the order in which it came, and at most once.
 *
 * <p>The race is between the reading thread, which brings lines, and the loading thread, which brings the reception. Both do
 * so under this object's monitor: a line is either answered before the reception is there, and then the reception is told of
 * it when it comes, or the reception takes it.
 */
final class Doorman {
    /** Longer than any handshake. */
    private static final int SIMPLE_CHARACTERS = 16 * 1024;

    private static final String INITIALIZE = "initialize";

    private final Introduction introduction;
    private final Supplier<Optional<String>> tools;
    private final Outbox outbox;

    // All that follow are guarded by this object's monitor.
    private final List<Line.Text> answered = new ArrayList<>();
    private boolean introduced;
    private boolean ready;
    private @Nullable Reception reception;
    private @Nullable Throwable failure;

    /**
     * A doorman.
     *
     * @param tools the prepared result of {@code tools/list}; waits until it is known, and is empty if only the
     *     loaded plug-ins can tell it
     */
    Doorman(Introduction introduction, Supplier<Optional<String>> tools, Outbox outbox) {
        this.introduction = introduction;
        this.tools = tools;
        this.outbox = outbox;
    }

    /**
     * Takes the next line: answers it, or gives it to the reception, and waits for that if it is not there yet. Called by the
     * reading thread, until the reception has taken a line.
     *
     * @return the reception, if it has taken the line: every further one is for it alone; empty if the line was answered
     *     here
     * @throws IllegalStateException if the server cannot be loaded
     */
    Optional<Reception> take(Line line) throws InterruptedException {
        Reception open;
        synchronized (this) {
            if (reception == null && isAnswered(line)) {
                return Optional.empty();
            }
            while (reception == null) {
                if (failure != null) {
                    throw new IllegalStateException("the server cannot be loaded", failure);
                }
                wait();
            }
            open = reception;
        }
        open.take(line);
        return Optional.of(open);
    }

    /** The server is loaded: its reception is told what was answered, and takes every line from now on. */
    synchronized void open(Reception loaded) {
        answered.forEach(loaded::wasAnswered);
        answered.clear();
        reception = loaded;
        notifyAll();
    }

    /** The server cannot be loaded. */
    synchronized void fail(Throwable cause) {
        failure = cause;
        notifyAll();
    }

    private boolean isAnswered(Line line) {
        if (!(line instanceof Line.Text text) || text.text().length() > SIMPLE_CHARACTERS) {
            return false;
        }
        if (text.text().isBlank()) {
            return true;
        }
        Optional<Map<String, @Nullable Object>> message = SimpleJson.object(text.text());
        if (message.isEmpty() || !(message.get().get("method") instanceof String method) || !isRequest(message.get())) {
            return false;
        }
        if (!message.get().containsKey("id")) {
            // There is nothing to cancel yet; of the others only one says anything, and who listens is not there yet.
            if (introduced && !ready && method.equals(JsonRpc.INITIALIZED)) {
                ready = true;
                answered.add(text);
            }
            return true;
        }
        Object id = message.get().get("id");
        Optional<String> body = body(method, message.get().get("params"));
        if (body.isEmpty() || !(id instanceof String || id instanceof Long)) {
            return false;
        }
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + (id instanceof String name ? quoted(name) : id) + ","
                + body.get() + "}";
        outbox.send(Plain.line(answer));
        answered.add(text);
        introduced |= method.equals(INITIALIZE);
        return true;
    }

    private static boolean isRequest(Map<String, @Nullable Object> message) {
        Object params = message.get("params");
        return Objects.equals(message.get("jsonrpc"), "2.0") && (params == null || params instanceof Map);
    }

    private Optional<String> body(String method, @Nullable Object params) {
        return switch (method) {
            case "ping" -> Optional.of("\"result\":{}");
            case "server/discover" ->
                Optional.of("\"error\":{\"code\":-32601,\"message\":\"Method not found: server/discover\"}");
            case INITIALIZE ->
                introduced
                        ? Optional.empty()
                        : Greeting.version(params).map(asked -> "\"result\":" + introduction.result(asked));
            case "tools/list" -> introduced ? tools.get().map(known -> "\"result\":" + known) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String quoted(String text) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Plain.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeString(text);
        }
        return out.toString();
    }
}
