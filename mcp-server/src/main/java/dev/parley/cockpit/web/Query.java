package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands behind the question mark of a request: known names, each once, with a value that makes sense. */
final class Query {

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads it.
     *
     * @param names those that the request takes
     * @throws RefusedException if there is another, or one twice, or it is not encoded as it should be
     */
    static Query of(URI uri, Set<String> names) throws RefusedException {
        Map<String, String> values = new LinkedHashMap<>();
        String raw = Optional.ofNullable(uri.getRawQuery()).orElse("");
        for (String part : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (!names.contains(name)) {
                throw bad("takes "
                        + (names.isEmpty()
                                ? "no parameter"
                                : String.join(", ", names.stream().sorted().toList()))
                        + ", not the one that it was given");
            }
            if (values.put(name, decoded(part.substring(equals + 1))) != null) {
                throw bad("takes " + name + " once");
            }
        }
        return new Query(values);
    }

    private static String decoded(String text) throws RefusedException {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad("takes values in percent-encoding");
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    Optional<SessionId> session(String name) throws RefusedException {
        Optional<String> value = text(name);
        if (value.filter(id -> !SessionId.isValid(id)).isPresent()) {
            throw bad("takes as " + name + " the id of a session, as the list of sessions has it");
        }
        return value.map(SessionId::new);
    }

    MessageId message(String name) throws RefusedException {
        return text(name)
                .flatMap(MessageId::parse)
                .orElseThrow(() -> bad("takes as " + name + " the id of a message, which begins with m-"));
    }

    /** A number within bounds; the greatest, if there is none. */
    int number(String name, int most) throws RefusedException {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return most;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw bad("takes as " + name + " a number from 1 to " + most);
        }
        throw bad("takes as " + name + " a number from 1 to " + most);
    }

    private static RefusedException bad(String what) {
        return new RefusedException(400, "bad-request", "this request " + what);
    }
}
