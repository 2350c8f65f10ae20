package dev.parley.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Finds the id of a request in a line of which nothing else is kept, wherever in it the id stands: clients write it first or
 * last. Goes through the bytes once, with constant memory; of a line that is no request it finds nothing. Used by one thread.
 */
final class IdScan {
    /** The longest id that is looked for, in bytes of JSON. */
    private static final int MAX_ID_BYTES = 256;

    private final ByteArrayOutputStream token = new ByteArrayOutputStream();
    private int depth;
    private boolean inString;
    private boolean escaped;
    /** Whether the next string of the outermost object is a key. */
    private boolean keyIsNext;
    /** Whether the outermost object is closed. */
    private boolean ended;

    private String key = "";
    private boolean isRequest;
    private Optional<String> id = Optional.empty();
    /** It is no JSON object, or has two ids. */
    private boolean hopeless;

    /** Takes the next bytes of the line. */
    void take(byte[] bytes, int from, int length) {
        for (int at = from; at < from + length && !hopeless; at++) {
            take(bytes[at]);
        }
    }

    /** The id of the request that the line was, a {@code String} or a {@code Long}; empty if it was none. */
    Optional<Object> id() {
        if (hopeless || !isRequest || id.isEmpty()) {
            return Optional.empty();
        }
        try {
            return JsonRpc.id(Json.WIRE.readTree(id.get()));
        } catch (JacksonException noValue) {
            return Optional.empty();
        }
    }

    private void take(byte b) {
        if (inString) {
            inString(b);
            return;
        }
        if (b == ' ' || b == '\t' || b == '\r') {
            return;
        }
        if (depth == 0) {
            hopeless = b != '{' || ended;
            keyIsNext = true;
            depth = 1;
            return;
        }
        switch (b) {
            case '"' -> {
                inString = true;
                keep(b);
            }
            case '{', '[' -> depth++;
            case '}', ']' -> {
                endOfValue();
                depth--;
                ended = depth == 0;
            }
            case ',' -> {
                endOfValue();
                keyIsNext = depth == 1;
            }
            case ':' -> {
                if (depth == 1) {
                    key = taken();
                    keyIsNext = false;
                }
            }
            default -> keep(b);
        }
    }

    private void inString(byte b) {
        keep(b);
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
        }
    }

    /** One byte more than an id may have says that it is too long. */
    private void keep(byte b) {
        if (depth == 1 && token.size() <= MAX_ID_BYTES) {
            token.write(b);
        }
    }

    private String taken() {
        String text = token.toString(UTF_8);
        token.reset();
        return text;
    }

    private void endOfValue() {
        if (depth != 1 || keyIsNext) {
            return;
        }
        String value = taken();
        if (key.equals("\"method\"")) {
            isRequest = true;
        } else if (key.equals("\"id\"")) {
            hopeless = id.isPresent();
            id = value.length() > MAX_ID_BYTES ? Optional.empty() : Optional.of(value);
        }
        key = "";
    }
}
