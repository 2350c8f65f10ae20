package dev.parley.mcp;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The few messages of JSON-RPC that the transport makes itself, and its error codes. */
final class JsonRpc {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;

    /** What a client says once it has read the answer to {@code initialize}. */
    static final String INITIALIZED = "notifications/initialized";

    private JsonRpc() {}

    /** An id as a {@code String} or a {@code Long}; empty for anything else. */
    static Optional<Object> id(JsonNode node) {
        if (node.isString()) {
            return Optional.of(node.stringValue());
        }
        return node.isIntegralNumber() && node.canConvertToLong() ? Optional.of(node.longValue()) : Optional.empty();
    }

    /** The line that answers a request with a result. */
    static byte[] result(Object id, JsonNode result) {
        ObjectNode message = message();
        putId(message, Optional.of(id));
        message.set("result", result);
        return line(message);
    }

    /** The line that answers with an error; without an id it is null, as the protocol wants it. */
    static byte[] error(Optional<Object> id, int code, String text) {
        ObjectNode message = message();
        putId(message, id);
        message.putObject("error").put("code", code).put("message", text);
        return line(message);
    }

    /** The line of a ping, which every client has to respond to. */
    static byte[] ping(String id) {
        return line(message().put("id", id).put("method", "ping"));
    }

    /** The line of a notification. */
    static byte[] notification(String method, ObjectNode params) {
        ObjectNode message = message().put("method", method);
        message.set("params", params);
        return line(message);
    }

    private static byte[] line(ObjectNode message) {
        return Plain.line(message.toString());
    }

    private static ObjectNode message() {
        return Json.object().put("jsonrpc", "2.0");
    }

    private static void putId(ObjectNode message, Optional<Object> id) {
        if (id.isEmpty()) {
            message.putNull("id");
        } else if (id.get() instanceof Long number) {
            message.put("id", number.longValue());
        } else {
            message.put("id", id.get().toString());
        }
    }
}
