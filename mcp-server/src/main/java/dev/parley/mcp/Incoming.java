package dev.parley.mcp;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One line of the client, told apart by the rules of JSON-RPC 2.0 and of MCP (no batches, no null ids). */
sealed interface Incoming {
    /**
     * Wants an answer.
     *
     * @param id a {@code String} or a {@code Long}
     */
    record Request(Object id, String method, ObjectNode params, long start) implements Incoming {
        ObjectNode meta() {
            return Json.objectAt(params, "_meta");
        }
    }

    /** Wants none. */
    record Notification(String method, ObjectNode params) implements Incoming {}

    /** The answer to a request of the server's. */
    record Response(Object id, ObjectNode message) implements Incoming {}

    /** Nothing that can be dispatched; {@code id} is known if only the rest of a request was wrong. */
    record Faulty(Optional<Object> id, int code, String message) implements Incoming {}

    /** Reads one line that is not blank. */
    static Incoming parse(Line.Text line) {
        JsonNode node;
        try {
            node = Json.WIRE.readTree(line.text());
        } catch (JacksonException malformed) {
            return unidentified(JsonRpc.PARSE_ERROR, "not JSON: " + malformed.getOriginalMessage());
        }
        if (node.isArray()) {
            return unidentified(JsonRpc.INVALID_REQUEST, "batches are not supported: send one message per line");
        }
        if (!(node instanceof ObjectNode message)) {
            return unidentified(JsonRpc.INVALID_REQUEST, "a message must be a JSON object");
        }
        return classify(message, line.start());
    }

    private static Incoming classify(ObjectNode message, long start) {
        Optional<Object> id = id(message);
        if (message.has("id") && id.isEmpty()) {
            return unidentified(JsonRpc.INVALID_REQUEST, "id must be a string or an integer of 64 bits");
        }
        if (!message.path("jsonrpc").asString("").equals("2.0")) {
            return new Faulty(id, JsonRpc.INVALID_REQUEST, "jsonrpc must be \"2.0\"");
        }
        if (!message.has("method")) {
            return id.isPresent() && (message.has("result") || message.has("error"))
                    ? new Response(id.get(), message)
                    : new Faulty(id, JsonRpc.INVALID_REQUEST, "method is missing");
        }
        if (!message.path("method").isString()) {
            return new Faulty(id, JsonRpc.INVALID_REQUEST, "method must be a string");
        }
        JsonNode params = message.path("params");
        if (!params.isMissingNode() && !params.isNull() && !params.isObject()) {
            return new Faulty(id, JsonRpc.INVALID_REQUEST, "params must be an object");
        }
        String method = message.path("method").stringValue();
        ObjectNode object = Json.objectAt(message, "params");
        return id.<Incoming>map(known -> new Request(known, method, object, start))
                .orElseGet(() -> new Notification(method, object));
    }

    private static Optional<Object> id(ObjectNode message) {
        return JsonRpc.id(message.path("id"));
    }

    private static Faulty unidentified(int code, String message) {
        return new Faulty(Optional.empty(), code, message);
    }
}
