package dev.parley.mcp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A failure that is the answer: {@code {"error":code,"message":...}} with {@code isError}, in Parley after
 * {@code schema_version} and {@code "ok":false}. It is not traced, because nothing went wrong with the server.
 */
public final class ToolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient Map<String, Object> details;

    /**
     * A failure without further fields.
     *
     * @param code stable, for programs, such as {@code target-not-found}
     * @param message for the model: what is wrong and what to do next
     */
    public ToolException(String code, String message) {
        this(code, message, Map.of());
    }

    /**
     * A failure with fields of its own.
     *
     * @param details further fields of the answer, in snake_case, in their order
     */
    public ToolException(String code, String message, Map<String, ?> details) {
        super(message);
        this.code = code;
        this.details = new LinkedHashMap<>(details);
    }

    /** The stable code. */
    public String code() {
        return code;
    }

    /** The text for the model. */
    public String message() {
        String message = getMessage();
        return message == null ? code : message;
    }

    /** Further fields of the answer. */
    public Map<String, Object> details() {
        return details;
    }
}
