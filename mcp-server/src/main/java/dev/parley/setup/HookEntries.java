package dev.parley.setup;

import dev.parley.client.Clients;
import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Hooks as the clients write them down: an object of events, each an array of groups, each with an array of handlers. */
final class HookEntries {

    /** The member of a file that holds them. */
    static final String MEMBER = "hooks";

    /** What a file that several machines share runs: whoever has no Parley is not bothered by it. */
    private static final String BY_NAME = "! command -v parley >/dev/null || exec parley hook ";

    private static final JsonMapper JSON = new JsonMapper();

    /** What a user may set in a hook of Parley's. */
    private static final Set<String> YOURS = Set.of("timeout");

    /** In single quotes, as a shell needs them around anything but plain characters, or bare. */
    private static final String WORD = "(?:'(?:[^']|'\\\\'')*'|[^\\s'\"$`\\\\;&|<>()=]+)";

    /** A variable that is set for one command: its name, its value as it is written, and the space behind it. */
    private static final Pattern VARIABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=((?:" + WORD + "|\"[^\"$`\\\\]*\")?) ");

    /** Variables, Parley's script, the client, and nothing else. */
    private static final Pattern OURS = Pattern.compile(
            "(?<variables>(?:" + VARIABLE + ")*)(?<script>" + WORD + ") (?:claude-code|codex|gemini-cli)");

    private HookEntries() {}

    /** A group with one command. */
    static ObjectNode group(String command, int timeoutSeconds) {
        ObjectNode group = JSON.createObjectNode();
        ObjectNode handler = group.putArray(MEMBER).addObject();
        handler.put("type", "command");
        handler.put("command", command);
        handler.put("timeout", timeoutSeconds);
        return group;
    }

    /** The command for files that several machines share. */
    static String byName(String client) {
        return BY_NAME + client;
    }

    /**
     * A command is Parley's if it runs Parley's script, or the launcher in its place, and nothing else: one that only names the script
     * somewhere, or wraps it, is somebody's own.
     */
    static boolean isOurs(String command) {
        return script(command).isPresent() || isByName(command);
    }

    static boolean isByName(String command) {
        return Clients.known().stream().anyMatch(client -> command.equals(byName(client.name())));
    }

    /** Parley's script that a command runs, past the variables that are set for it; empty if it runs something else. */
    static Optional<Path> script(String command) {
        Matcher matcher = OURS.matcher(command);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String script = unquoted(matcher.group("script"));
        return script.endsWith("/parley-hook") ? Optional.of(Path.of(script)) : Optional.empty();
    }

    /** The store that a command of Parley's is told by its own variable. */
    static Optional<String> home(String command) {
        return script(command)
                .flatMap(script -> variables(command)
                        .filter(HookEntries::isHome)
                        .map(variable -> unquoted(variable.group(2)))
                        .findFirst());
    }

    /** The variables that are set for Parley's script. */
    private static Stream<MatchResult> variables(String command) {
        Matcher matcher = OURS.matcher(command);
        return matcher.matches() ? VARIABLE.matcher(matcher.group("variables")).results() : Stream.empty();
    }

    private static boolean isHome(MatchResult variable) {
        return variable.group(1).equals(Setting.HOME.variable());
    }

    /** A word as the shell passes it on. */
    private static String unquoted(String word) {
        return switch (word.isEmpty() ? ' ' : word.charAt(0)) {
            case '\'' -> word.substring(1, word.length() - 1).replace("'\\''", "'");
            case '"' -> word.substring(1, word.length() - 1);
            default -> word;
        };
    }

    /** Parley's command, with the variables that somebody had added to an older one, where a shell would take them. */
    private static String updated(String command, String wanted) {
        if (isByName(wanted)) {
            return wanted;
        }
        String added = variables(command)
                .filter(variable -> !isHome(variable))
                .map(MatchResult::group)
                .collect(Collectors.joining());
        return added + wanted;
    }

    private static String command(JsonNode handler) {
        return handler.path("command").asString("");
    }

    private static boolean holdsOurs(JsonNode group) {
        for (JsonNode handler : group.path(MEMBER)) {
            if (isOurs(command(handler))) {
                return true;
            }
        }
        return false;
    }

    /** The events for which a file has hooks. */
    static List<String> events(JsonText text) {
        return text.get(MEMBER)
                .filter(JsonNode::isObject)
                .map(hooks -> List.copyOf(hooks.propertyNames()))
                .orElse(List.of());
    }

    private static JsonNode groups(JsonText text, String event) {
        return text.get(MEMBER, event).orElse(JSON.createArrayNode());
    }

    /** With one hook of Parley's for each event: one that is there already is brought up to date, and keeps what was added to it. */
    static JsonText with(JsonText text, Map<String, ObjectNode> wanted) throws NotEditableException {
        JsonText next = text;
        Set<String> events = new LinkedHashSet<>(events(text));
        events.addAll(wanted.keySet());
        for (String event : events) {
            Optional<ObjectNode> ours = Optional.ofNullable(wanted.get(event));
            JsonNode groups = groups(next, event);
            List<JsonNode> updated = new ArrayList<>();
            boolean missing = ours.isPresent();
            for (JsonNode group : groups) {
                JsonNode after = missing && holdsOurs(group) ? updated(group, ours.orElseThrow()) : without(group);
                missing &= !holdsOurs(group);
                updated.add(after);
            }
            JsonText before = next;
            next = next.withElements(List.of(MEMBER, event), i -> kept(groups.path(i), updated.get(i)));
            if (missing) {
                next = next.withElement(List.of(MEMBER, event), ours.orElseThrow());
            } else if (next != before) {
                next = next.withoutEmpty(List.of(MEMBER, event));
            }
        }
        return next;
    }

    /** A group whose first hook of Parley's is as it should be and whose others are gone. */
    private static JsonNode updated(JsonNode group, ObjectNode wanted) {
        ObjectNode after = (ObjectNode) group.deepCopy();
        wanted.properties().forEach(own -> after.set(own.getKey(), own.getValue()));
        ObjectNode ours = (ObjectNode) wanted.path(MEMBER).path(0);
        ArrayNode handlers = after.putArray(MEMBER);
        boolean done = false;
        for (JsonNode handler : group.path(MEMBER)) {
            if (!isOurs(command(handler))) {
                handlers.add(handler);
            } else if (!done) {
                done = true;
                ObjectNode own = (ObjectNode) handler.deepCopy();
                String command = updated(command(handler), command(ours));
                ours.properties().forEach(each -> {
                    if (!own.has(each.getKey()) || !YOURS.contains(each.getKey())) {
                        own.set(each.getKey(), each.getValue());
                    }
                });
                handlers.add(own.put("command", command));
            }
        }
        return after;
    }

    /** A group without Parley's hooks. */
    private static JsonNode without(JsonNode group) {
        if (!holdsOurs(group)) {
            return group;
        }
        ObjectNode after = (ObjectNode) group.deepCopy();
        ArrayNode handlers = after.putArray(MEMBER);
        for (JsonNode handler : group.path(MEMBER)) {
            if (!isOurs(command(handler))) {
                handlers.add(handler);
            }
        }
        return after;
    }

    /** What becomes of a group: nothing, if it has lost its last hook by that. */
    private static Optional<JsonNode> kept(JsonNode before, JsonNode after) {
        return after.path(MEMBER).isEmpty() && !after.equals(before) ? Optional.empty() : Optional.of(after);
    }

    /** Without Parley's hooks, but with those that an earlier text had. */
    static JsonText restored(JsonText text, JsonText original) throws NotEditableException {
        JsonText next = text;
        for (String event : events(text)) {
            JsonNode groups = groups(text, event);
            List<JsonNode> had = new ArrayList<>();
            groups(original, event).forEach(group -> {
                if (holdsOurs(group)) {
                    had.add(group);
                }
            });
            List<JsonNode> restored = new ArrayList<>();
            boolean changed = false;
            for (JsonNode group : groups) {
                JsonNode after = !holdsOurs(group) ? group : had.isEmpty() ? without(group) : had.remove(0);
                changed |= !after.equals(group);
                restored.add(after);
            }
            if (changed) {
                next = next.withElements(List.of(MEMBER, event), i -> kept(groups.path(i), restored.get(i)));
                next = original.get(MEMBER, event).isPresent() ? next : next.withoutEmpty(List.of(MEMBER, event));
            }
        }
        boolean ours = next != text && original.get(MEMBER).isEmpty();
        return ours ? next.withoutEmpty(List.of(MEMBER)) : next;
    }

    /**
     * Where a hook of Parley's stands.
     *
     * @param event its event
     * @param index its group's place in the event's array
     * @param handler its place in the group
     * @param command what it runs
     */
    record Place(String event, int index, int handler, String command) {}

    static List<Place> places(JsonText text) {
        List<Place> places = new ArrayList<>();
        for (String event : events(text)) {
            JsonNode groups = groups(text, event);
            for (int i = 0; i < groups.size(); i++) {
                JsonNode handlers = groups.path(i).path(MEMBER);
                for (int j = 0; j < handlers.size(); j++) {
                    String command = command(handlers.path(j));
                    if (isOurs(command)) {
                        places.add(new Place(event, i, j, command));
                    }
                }
            }
        }
        return places;
    }

    /** The hooks of a file's content. */
    static JsonText of(Content content) throws IOException {
        return JsonText.of(content, Set.of(MEMBER));
    }
}
