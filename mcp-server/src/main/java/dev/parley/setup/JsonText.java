package dev.parley.setup;

import dev.parley.setup.JsonSpan.Child;
import dev.parley.setup.JsonSpan.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON text of somebody else's, with comments perhaps, that is changed only where it must be: members and elements are
 * spliced in and out in the text's own style. Adding something and removing it again gives the text it was. Immutable.
 */
final class JsonText {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final String text;
    private final JsonSpan root;
    /** What it was read from, with stand-ins for what is long and of no interest. */
    private final JsonOutline outline;

    private JsonText(String text, JsonSpan root, JsonOutline outline) {
        this.text = text;
        this.root = root;
        this.outline = outline;
    }

    /**
     * Reads it. A text of nothing but space counts as an empty object.
     *
     * @param wanted the members of the whole that may be asked for or changed; of the others nothing is kept in memory
     * @throws NotEditableException if it is no JSON object
     */
    static JsonText of(Content content, Set<String> wanted) throws IOException {
        try (InputStream in = content.from(0)) {
            if (Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
                throw new NotEditableException("begins with a byte order mark; save it without one");
            }
        }
        JsonOutline outline = JsonOutline.of(content, wanted);
        return of(outline.text().isBlank() ? "{}\n" : outline.text(), outline);
    }

    private static JsonText of(String text, JsonOutline outline) throws NotEditableException {
        try {
            JsonSpan root = JsonSpan.parse(text);
            if (root.kind() != Kind.OBJECT) {
                throw new NotEditableException("is not a JSON object");
            }
            return new JsonText(text, root, outline);
        } catch (JacksonException e) {
            throw new NotEditableException("is not valid JSON: " + e.getOriginalMessage() + " in line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        }
    }

    /** What becomes of the whole file; that it held nothing but space and now is an empty object is no change. */
    Draft draft() {
        String before = outline.text();
        return outline.changedTo(before.isBlank() && root.children().isEmpty() ? before : text);
    }

    /** The value at a path of member names; empty if it is not there. */
    Optional<JsonNode> get(String... path) {
        return find(List.of(path)).map(span -> JSON.readTree(span.in(text)));
    }

    private Optional<JsonSpan> find(List<String> path) {
        Optional<JsonSpan> at = Optional.of(root);
        for (String name : path) {
            at = at.flatMap(span -> span.child(name)).map(Child::value);
        }
        return at;
    }

    /** With a member set to a value; objects on the way are made. Nothing changes if it has that value already. */
    JsonText with(List<String> path, JsonNode value) throws NotEditableException {
        Optional<JsonSpan> present = find(path);
        if (present.isPresent()) {
            if (JSON.readTree(present.get().in(text)).equals(value)) {
                return this;
            }
            String indent = indentAt(present.get().start());
            return splice(present.get().start(), present.get().end(), JsonStyle.render(value, style(), indent));
        }
        return insert(path.subList(0, path.size() - 1), path.get(path.size() - 1), value);
    }

    /** With a member that is there set to what another text has there, word for word. */
    JsonText withThatOf(JsonText other, List<String> path) throws NotEditableException {
        JsonSpan here = find(path).orElseThrow();
        return splice(here.start(), here.end(), other.find(path).orElseThrow().in(other.text));
    }

    /** With an element at the end of an array, which is made if need be, unless it holds an equal one. */
    JsonText withElement(List<String> path, JsonNode element) throws NotEditableException {
        Optional<JsonSpan> array = find(path);
        if (array.isEmpty()) {
            return with(path, JSON.createArrayNode().add(element));
        }
        require(array.get().kind() == Kind.ARRAY, path, "an array");
        for (Child child : array.get().children()) {
            if (JSON.readTree(child.value().in(text)).equals(element)) {
                return this;
            }
        }
        return insertInto(array.get(), "", element);
    }

    /** Without a member; nothing changes if there is none. */
    JsonText without(List<String> path) throws NotEditableException {
        Optional<JsonSpan> owner = find(path.subList(0, path.size() - 1));
        Optional<Child> child = owner.flatMap(span -> span.child(path.get(path.size() - 1)));
        return child.isEmpty() ? this : cut(owner.get(), child.get());
    }

    /** With the elements of an array replaced by others, or, where there is no other, removed. The array stays. */
    JsonText withElements(List<String> path, IntFunction<Optional<JsonNode>> others) throws NotEditableException {
        JsonText next = this;
        Optional<JsonSpan> array = find(path).filter(span -> span.kind() == Kind.ARRAY);
        for (int i = array.map(span -> span.children().size()).orElse(0) - 1; i >= 0; i--) {
            // From the last one to the first: what stands before an element is not moved by its going.
            JsonSpan now = next.find(path).orElseThrow();
            Child child = now.children().get(i);
            Optional<JsonNode> other = others.apply(i);
            if (other.isEmpty()) {
                next = next.cut(now, child);
            } else if (!other.get().equals(JSON.readTree(child.value().in(next.text)))) {
                String indent = next.indentAt(child.start());
                next = next.splice(child.start(), child.end(), JsonStyle.render(other.get(), next.style(), indent));
            }
        }
        return next;
    }

    /** Without a member whose object or array is empty. */
    JsonText withoutEmpty(List<String> path) throws NotEditableException {
        Optional<JsonSpan> present = find(path);
        boolean empty = present.isPresent()
                && present.get().kind() != Kind.SCALAR
                && present.get().children().isEmpty();
        return empty ? without(path) : this;
    }

    private JsonText insert(List<String> ownerPath, String name, JsonNode value) throws NotEditableException {
        Optional<JsonSpan> owner = find(ownerPath);
        if (owner.isEmpty()) {
            return insert(
                    ownerPath.subList(0, ownerPath.size() - 1),
                    ownerPath.get(ownerPath.size() - 1),
                    JSON.createObjectNode().set(name, value));
        }
        require(owner.get().kind() == Kind.OBJECT, ownerPath, "an object");
        return insertInto(owner.get(), name, value);
    }

    /** Behind the last child and the comments that follow it; the comma goes directly behind that child. */
    private JsonText insertInto(JsonSpan owner, String name, JsonNode value) throws NotEditableException {
        JsonStyle style = style();
        String indent = indentAt(owner.start());
        int close = owner.end() - 1;
        int behind = close;
        while (Character.isWhitespace(text.charAt(behind - 1))) {
            behind--;
        }
        String key = name.isEmpty() ? "" : JSON.writeValueAsString(name) + ": ";
        if (owner.children().isEmpty()) {
            String inner = indent + style.unit();
            String added = style.newline() + inner + key + JsonStyle.render(value, style, inner);
            boolean spread = text.substring(behind, close).indexOf('\n') >= 0;
            return splice(behind, spread ? behind : close, added + (spread ? "" : style.newline() + indent));
        }
        Child last = owner.children().get(owner.children().size() - 1);
        Child first = owner.children().get(0);
        int comma = JsonStyle.commaBehind(text, last.end(), close);
        boolean firstBelow = text.substring(owner.start(), first.start()).indexOf('\n') >= 0;
        boolean spread = firstBelow || text.substring(last.end(), close).indexOf('\n') >= 0;
        String inner = firstBelow ? indentAt(first.start()) : indent + style.unit();
        String added = spread
                ? style.newline() + inner + key + JsonStyle.render(value, style, inner)
                : " " + key + JsonStyle.inline(value);
        if (comma >= 0) {
            return splice(behind, behind, added + ",");
        }
        String between = text.substring(last.end(), behind);
        return splice(last.end(), behind, "," + between + added);
    }

    /** The reverse of {@link #insertInto}. */
    private JsonText cut(JsonSpan owner, Child child) throws NotEditableException {
        int index = owner.children().indexOf(child);
        int from = child.start();
        while (Character.isWhitespace(text.charAt(from - 1))) {
            from--;
        }
        int close = owner.end() - 1;
        int comma = JsonStyle.commaBehind(text, child.end(), close);
        if (comma >= 0) {
            return of(
                    text.substring(0, from) + text.substring(child.end(), comma) + text.substring(comma + 1), outline);
        }
        if (index == 0) {
            boolean alone = text.substring(owner.start() + 1, from).isBlank()
                    && text.substring(child.end(), close).isBlank();
            return alone ? splice(owner.start() + 1, close, "") : splice(from, child.end(), "");
        }
        int before = JsonStyle.commaBehind(text, owner.children().get(index - 1).end(), child.start());
        return of(text.substring(0, before) + text.substring(before + 1, from) + text.substring(child.end()), outline);
    }

    private JsonText splice(int from, int to, String with) throws NotEditableException {
        return of(text.substring(0, from) + with + text.substring(to), outline);
    }

    private JsonStyle style() {
        return JsonStyle.of(text, root);
    }

    private String indentAt(int position) {
        int line = text.lastIndexOf('\n', position - 1) + 1;
        int end = line;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return text.substring(line, end);
    }

    private static void require(boolean holds, List<String> path, String what) throws NotEditableException {
        if (!holds) {
            throw new NotEditableException("has something else than " + what + " at " + String.join(".", path));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
