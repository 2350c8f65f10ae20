package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.Client;
import dev.parley.client.Codex;
import dev.parley.session.Setting;
import dev.parley.trace.Why;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What Parley puts where for Codex. The reason for each event is in {@code docs/CLIENTS.md}. */
final class CodexSetup implements ClientSetup {

    static final List<String> SERVER = List.of("mcp_servers", ServerEntry.NAME);
    private static final String HOME = Setting.HOME.variable();

    /** Values that are written where the user has none. */
    private static final Map<String, String> WISHES = wishes();

    /** What Codex is to pass on to the server. */
    private static final List<String> VARIABLES =
            List.of("CODEX_HOME", "JAVA_HOME", "PARLEY_JAVA", "PARLEY_REMINDERS", "PARLEY_RESUME");

    private static final String OWN_MARK = "name: parley";

    private final Places places;
    private final Optional<ClientProgram> program;
    private final boolean trust;
    /** What Codex has said of hooks: to ask it takes too long while files are being replaced. */
    private final Map<String, Trust> asked = new HashMap<>();
    /** Of the hooks that were looked at last. */
    private List<String> notes = List.of();

    CodexSetup(Places places, Optional<ClientProgram> program, boolean trust) {
        this.places = places;
        this.program = program;
        this.trust = trust;
    }

    /** Codex' directory. */
    static Path directory(Places places) {
        return places.directory(Codex.CONFIGURATION);
    }

    private static Map<String, String> wishes() {
        Map<String, String> wishes = new LinkedHashMap<>();
        wishes.put("required", "true");
        wishes.put("startup_timeout_sec", "30");
        wishes.put("tool_timeout_sec", "600");
        wishes.put("default_tools_approval_mode", "\"approve\"");
        return wishes;
    }

    @Override
    public Client client() {
        return Codex.CLIENT;
    }

    @Override
    public Optional<ClientProgram> program() {
        return program;
    }

    @Override
    public List<Edit> edits() {
        if (places.scope() == Scope.PROJECT) {
            return List.of();
        }
        Path directory = directory(places);
        Path hooksFile = directory.resolve("hooks.json");
        return List.of(
                new Edit(hooksFile, this::withHooks, CodexSetup::withoutHooks),
                new Edit(
                        directory.resolve("config.toml"),
                        current -> withServer(current, hooksFile),
                        (current, original) -> withoutServer(current, original, hooksFile)),
                Edit.ownFile(
                        directory.resolve("skills/parley/SKILL.md"),
                        OWN_MARK,
                        () -> places.distribution().skill()));
    }

    /** One group per event. */
    Map<String, ObjectNode> hooks() {
        Map<String, ObjectNode> hooks = new LinkedHashMap<>();
        client().hookEvents(version -> true)
                .forEach(event -> hooks.put(
                        event.name(), HookEntries.group(places.hookCommand(client()), event.timeoutSeconds())));
        return hooks;
    }

    private Draft withHooks(Content current) throws IOException {
        return HookEntries.with(HookEntries.of(current), hooks()).draft();
    }

    private static Draft withoutHooks(Content current, Optional<Content> original) throws IOException {
        return HookEntries.restored(HookEntries.of(current), HookEntries.of(original.orElse(Content.empty())))
                .draft();
    }

    private Draft withServer(Content current, Path hooksFile) throws IOException {
        String before = current.text();
        TomlText text = TomlText.of(before);
        Map<String, Object> present = table(text);
        if (!present.isEmpty() && !isOurs(present) && !places.force()) {
            throw ServerEntry.foreign(String.valueOf(present.getOrDefault("command", present.get("url"))));
        }
        text = isOurs(present) ? updated(text, present) : text.withTable(SERVER, lines());
        ByteArrayOutputStream hooks = new ByteArrayOutputStream();
        withHooks(ConfigFile.read(hooksFile)).write(hooks);
        Trust trusted = asked.computeIfAbsent(hooks.toString(UTF_8), hooksText -> trust(hooksFile, hooksText));
        notes = trusted.notes();
        for (Map.Entry<List<String>, String> hash : trusted.hashes().entrySet()) {
            text = text.withKey(hash.getKey(), "trusted_hash", TomlText.string(hash.getValue()));
        }
        return Draft.of(current, before, text.toString());
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> each : required().entrySet()) {
            lines.add(each.getKey() + " = " + each.getValue());
        }
        WISHES.forEach((key, value) -> lines.add(key + " = " + value));
        lines.add("env_vars = " + TomlText.array(VARIABLES));
        places.home().ifPresent(home -> lines.add("env = { " + HOME + " = " + TomlText.string(home) + " }"));
        return lines;
    }

    /** What has to be so for the server to start. */
    private Map<String, String> required() throws IOException {
        List<String> command = places.serverCommand();
        Map<String, String> required = new LinkedHashMap<>();
        required.put("command", TomlText.string(command.get(0)));
        required.put("args", TomlText.array(command.subList(1, command.size())));
        return required;
    }

    /** Parley's entry as somebody may have changed it: what starts the server is brought up to date, what is missing is added. */
    private TomlText updated(TomlText text, Map<String, Object> present) throws IOException {
        TomlText next = text;
        for (Map.Entry<String, String> own : required().entrySet()) {
            next = next.withKey(SERVER, own.getKey(), own.getValue());
        }
        for (Map.Entry<String, String> wish : WISHES.entrySet()) {
            next = present.containsKey(wish.getKey()) ? next : next.withKey(SERVER, wish.getKey(), wish.getValue());
        }
        List<Object> variables = new ArrayList<>(present.get("env_vars") instanceof List<?> list ? list : List.of());
        if (!variables.containsAll(VARIABLES)) {
            VARIABLES.stream().filter(name -> !variables.contains(name)).forEach(variables::add);
            next = next.withKey(SERVER, "env_vars", TomlText.value(variables));
        }
        Map<String, Object> environment = new LinkedHashMap<>();
        if (present.get("env") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> environment.put(String.valueOf(name), value));
        }
        Map<String, Object> wanted = new LinkedHashMap<>(environment);
        places.home().ifPresentOrElse(home -> wanted.put(HOME, home), () -> wanted.remove(HOME));
        if (wanted.equals(environment)) {
            return next;
        }
        List<String> table = List.of("mcp_servers", ServerEntry.NAME, "env");
        if (next.hasHeader(table)) {
            return places.home().isPresent()
                    ? next.withKey(table, HOME, TomlText.string(places.home().get()))
                    : next.withoutKey(table, HOME);
        }
        return wanted.isEmpty() ? next.withoutKey(SERVER, "env") : next.withKey(SERVER, "env", TomlText.value(wanted));
    }

    /** The entry's values; empty if there is none. */
    private static Map<String, Object> table(TomlText text) {
        Map<String, Object> table = new LinkedHashMap<>();
        if (text.meaningOf(SERVER).orElse(Map.of()) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> table.put(String.valueOf(name), value));
        }
        return table;
    }

    private static boolean isOurs(Map<String, Object> table) {
        List<String> arguments = new ArrayList<>();
        if (table.get("args") instanceof List<?> list) {
            list.forEach(argument -> arguments.add(String.valueOf(argument)));
        }
        return ServerEntry.isOurs(String.valueOf(table.getOrDefault("command", "")), arguments);
    }

    /**
     * Whether Codex will run Parley's hooks.
     *
     * @param hashes the tables that say that the user trusts them, with what they hold
     * @param notes what the user should know
     */
    private record Trust(Map<List<String>, String> hashes, List<String> notes) {}

    private Trust trust(Path hooksFile, String hooksText) {
        List<String> notes = new ArrayList<>();
        if (trust && program.isPresent()) {
            try {
                return new Trust(CodexTrust.of(program.get(), places.environment(), hooksFile, hooksText), List.of());
            } catch (IOException e) {
                notes.add("Codex: could not ask it for the fingerprints of the hooks (" + Why.of(e) + ").");
            }
        }
        notes.add("Codex: its next start asks to review the new hooks; choose 'Trust all' after a look at them."
                + " Until then they do not run, and 'codex exec' skips them silently.");
        return new Trust(Map.of(), notes);
    }

    private static Draft withoutServer(Content current, Optional<Content> original, Path hooksFile) throws IOException {
        String text = current.text();
        TomlText before = TomlText.of(original.orElse(Content.empty()).text());
        TomlText rest = TomlText.of(text);
        if (isOurs(table(rest)) && (original.isPresent() || table(rest).containsKey("startup_timeout_sec"))) {
            rest = rest.withThatOf(before, SERVER);
        }
        for (HookEntries.Place place : HookEntries.places(HookEntries.of(ConfigFile.read(hooksFile)))) {
            rest = rest.withThatOf(before, CodexTrust.table(hooksFile, place));
        }
        return Draft.of(current, text, rest.toString());
    }

    @Override
    public List<String> notes() {
        return places.scope() == Scope.PROJECT
                ? List.of("Codex: nothing done, it is set up per user only; run 'parley setup --client codex'.")
                : notes;
    }
}
