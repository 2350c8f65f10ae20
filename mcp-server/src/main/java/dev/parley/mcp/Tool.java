package dev.parley.mcp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One tool: what the model reads about it, the record that carries its input, and what it does.
 *
 * <p>Every tool is announced as closed world and not destructive. The input schema and the run-time check both come
 * from the record {@code input}: see {@link Describe}, {@link Utf8Size} and the Jakarta Bean Validation constraints. A
 * component is required unless it is annotated {@code @Nullable} (or refused when null, as by {@code @NotBlank}); its JSON name is its name in snake_case,
 * without a leading underscore, so that one can be called like a word of Java's: {@code _final}.
 *
 * @param name what the client calls, of {@code A-Z a-z 0-9 _ -}, at most 64 characters
 * @param title a name for people
 * @param description what the model reads; every byte of it is paid for in every session's context
 * @param readOnly whether it changes nothing; some clients then ask nobody for approval
 * @param idempotent whether calling it again with the same input changes nothing more
 * @param meta the tool's {@code _meta}, for hints to one client; empty for none
 * @param input the record class that carries the arguments
 * @param handler what it does
 */
public record Tool<I extends Record>(
        String name,
        String title,
        String description,
        boolean readOnly,
        boolean idempotent,
        Map<String, Object> meta,
        Class<I> input,
        ToolHandler<I> handler) {
    /** Keeps its own copy of {@code meta}. */
    public Tool {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(handler, "handler");
        meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    }

    /** A tool that is neither read-only nor idempotent, with its name as title and no description yet. */
    public static <I extends Record> Tool<I> of(String name, Class<I> input, ToolHandler<I> handler) {
        return new Tool<>(name, name, "", false, false, Map.of(), input, handler);
    }

    /** The same tool with a title for people. */
    public Tool<I> titled(String newTitle) {
        return new Tool<>(name, newTitle, description, readOnly, idempotent, meta, input, handler);
    }

    /** The same tool with the text that the model reads. */
    public Tool<I> describedAs(String newDescription) {
        return new Tool<>(name, title, newDescription, readOnly, idempotent, meta, input, handler);
    }

    /** The same tool, announced as one that changes nothing. */
    public Tool<I> asReadOnly() {
        return new Tool<>(name, title, description, true, idempotent, meta, input, handler);
    }

    /** The same tool, announced as one that may be repeated. */
    public Tool<I> asIdempotent() {
        return new Tool<>(name, title, description, readOnly, true, meta, input, handler);
    }

    /** The same tool with one more entry in its {@code _meta}, such as {@code anthropic/alwaysLoad: true}. */
    public Tool<I> withMeta(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(meta);
        more.put(key, value);
        return new Tool<>(name, title, description, readOnly, idempotent, more, input, handler);
    }
}
