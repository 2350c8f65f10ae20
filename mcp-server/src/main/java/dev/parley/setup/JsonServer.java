package dev.parley.setup;

import dev.parley.session.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parley's entry among the servers of a JSON file: a command and variables, in the client's own form.
 *
 * @param servers the member of the file that holds the servers
 * @param variables the member of an entry that holds the variables
 */
record JsonServer(String servers, String variables) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HOME = Setting.HOME.variable();

    /** The member of an entry that starts the server. */
    private static final String COMMAND = "command";

    /** The members of the file that are looked at. */
    Set<String> members() {
        return Set.of(servers);
    }

    /** The entry; empty if there is none. */
    Optional<JsonNode> in(JsonText text) {
        return text.get(servers, ServerEntry.NAME);
    }

    /**
     * With Parley's entry. Of one that is there already, what starts the server is brought up to date, what is missing is
     * added, and the rest stays.
     *
     * @param required what has to be so for the server to start
     * @param wishes what is written where nothing is
     * @throws NotEditableException if another server has that name, and may not be replaced
     */
    JsonText with(JsonText text, ObjectNode required, ObjectNode wishes, Optional<String> home, boolean force)
            throws NotEditableException {
        Optional<JsonNode> present = in(text);
        if (present.isEmpty() || !isOurs(present.get())) {
            if (present.isPresent() && !force) {
                throw ServerEntry.foreign(String.join(" ", words(present.get())));
            }
            ObjectNode entry = required.deepCopy();
            wishes.properties().forEach(each -> entry.set(each.getKey(), each.getValue()));
            home.ifPresent(value -> entry.putObject(variables).put(HOME, value));
            return text.with(path(), entry);
        }
        JsonText next = text;
        for (Map.Entry<String, JsonNode> own : required.properties()) {
            next = next.with(path(own.getKey()), own.getValue());
        }
        for (Map.Entry<String, JsonNode> wish : wishes.properties()) {
            next = present.get().has(wish.getKey()) ? next : next.with(path(wish.getKey()), wish.getValue());
        }
        if (home.isPresent()) {
            return next.with(path(variables, HOME), JSON.getNodeFactory().stringNode(home.get()));
        }
        return next.without(path(variables, HOME));
    }

    /** Without it, or with the one that an earlier text had. */
    JsonText restored(JsonText text, Optional<JsonText> original) throws NotEditableException {
        Optional<JsonNode> present = in(text);
        if (present.isEmpty() || !isOurs(present.get()) || original.isEmpty()) {
            return text;
        }
        if (in(original.get()).isPresent()) {
            return text.withThatOf(original.get(), path());
        }
        JsonText rest = text.without(path());
        return original.get().get(servers).isPresent() ? rest : rest.withoutEmpty(List.of(servers));
    }

    /** The store that the entry names; empty if it is the usual one. */
    String home(JsonNode entry) {
        return entry.path(variables).path(HOME).asString("");
    }

    /** Whether a server is a Parley, whoever wrote it down. */
    static boolean isOurs(JsonNode entry) {
        List<String> words = words(entry);
        return !words.isEmpty() && ServerEntry.isOurs(words.get(0), words.subList(1, words.size()));
    }

    /** The command and its arguments: some clients have them in one list. */
    static List<String> words(JsonNode entry) {
        List<String> words = new ArrayList<>();
        JsonNode command = entry.path(COMMAND);
        if (command.isArray()) {
            command.forEach(word -> words.add(word.asString("")));
        } else {
            words.add(command.asString(""));
        }
        entry.path("args").forEach(word -> words.add(word.asString("")));
        return words;
    }

    /** A command and its arguments as two members. */
    static ObjectNode apart(List<String> command) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put(COMMAND, command.get(0));
        ArrayNode arguments = entry.putArray("args");
        command.subList(1, command.size()).forEach(arguments::add);
        return entry;
    }

    /** A command and its arguments in one list. */
    static ObjectNode together(List<String> command) {
        ObjectNode entry = JSON.createObjectNode();
        ArrayNode words = entry.putArray(COMMAND);
        command.forEach(words::add);
        return entry;
    }

    private List<String> path(String... below) {
        return Stream.concat(Stream.of(servers, ServerEntry.NAME), Stream.of(below))
                .toList();
    }
}
