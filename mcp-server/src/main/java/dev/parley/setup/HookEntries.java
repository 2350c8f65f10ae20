package dev.parley.setup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Hooks as both clients write them down: an object of events, each an array of groups, each with an array of handlers. */
final class HookEntries {

    private static final JsonMapper JSON = new JsonMapper();

    /** The script in single quotes, as a shell needs them around anything but plain characters, or bare. */
    private static final Pattern SCRIPT =
            Pattern.compile("(?:^| )(?:'((?:[^']|'\\\\'')*/parley-hook)'|([^' =]*/parley-hook)) ");

    private HookEntries() {}

    /** A group with one command. */
    static ObjectNode group(String command, int timeoutSeconds) {
        ObjectNode group = JSON.createObjectNode();
        ObjectNode handler = group.putArray("hooks").addObject();
        handler.put("type", "command");
        handler.put("command", command);
        handler.put("timeout", timeoutSeconds);
        return group;
    }

    /** A group is ours if it runs our script and nothing else. */
    static boolean isOurs(JsonNode group) {
        JsonNode handlers = group.path("hooks");
        boolean ours = !handlers.isEmpty();
        for (JsonNode handler : handlers) {
            ours &= handler.path("command").asString("").contains("/parley-hook");
        }
        return ours;
    }

    /** The events for which a file has hooks. */
    static List<String> events(JsonText text) {
        return text.get("hooks")
                .filter(JsonNode::isObject)
                .map(hooks -> List.copyOf(hooks.propertyNames()))
                .orElse(List.of());
    }

    /** With exactly these groups of ours, one for each event. */
    static JsonText with(JsonText text, Map<String, ObjectNode> groups) throws NotEditableException {
        JsonText next = text;
        for (String event : events(text)) {
            Optional<ObjectNode> wanted = Optional.ofNullable(groups.get(event));
            next = next.withoutElements(
                    List.of("hooks", event),
                    group -> isOurs(group) && wanted.filter(group::equals).isEmpty());
        }
        for (Map.Entry<String, ObjectNode> group : groups.entrySet()) {
            next = next.withElement(List.of("hooks", group.getKey()), group.getValue());
        }
        return next;
    }

    /** Without any group of ours. */
    static JsonText without(JsonText text) throws NotEditableException {
        JsonText rest = text;
        boolean had = false;
        for (String event : events(text)) {
            JsonText next = rest.withoutElements(List.of("hooks", event), HookEntries::isOurs);
            had |= !next.toString().equals(rest.toString());
            rest = next;
        }
        return had ? rest.withoutEmpty(List.of("hooks")) : rest;
    }

    /**
     * Where a group of ours stands.
     *
     * @param event its event
     * @param index its place in the event's array
     * @param command what it runs
     */
    record Place(String event, int index, String command) {}

    /** The script that a command runs, past the variables that are set for it; empty if that cannot be told. */
    static Optional<Path> script(String command) {
        Matcher matcher = SCRIPT.matcher(command);
        return matcher.find()
                ? Optional.of(Path.of(
                        matcher.group(1) == null
                                ? matcher.group(2)
                                : matcher.group(1).replace("'\\''", "'")))
                : Optional.empty();
    }

    static List<Place> places(JsonText text) {
        List<Place> places = new ArrayList<>();
        for (String event : events(text)) {
            Optional<JsonNode> groups = text.get("hooks", event);
            for (int i = 0; i < groups.map(JsonNode::size).orElse(0); i++) {
                JsonNode group = groups.orElseThrow().path(i);
                if (isOurs(group)) {
                    places.add(new Place(
                            event,
                            i,
                            group.path("hooks").path(0).path("command").asString("")));
                }
            }
        }
        return places;
    }
}
