package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** What Parley puts where for Codex. The reason for each event is in {@code docs/CLIENTS.md}. */
final class CodexSetup implements ClientSetup {

    static final List<String> SERVER = List.of("mcp_servers", "parley");

    private static final String OWN_MARK = "name: parley";

    private final Places places;
    private final Optional<ClientProgram> program;
    private final boolean trust;
    private final List<String> notes = new ArrayList<>();

    CodexSetup(Places places, Optional<ClientProgram> program, boolean trust) {
        this.places = places;
        this.program = program;
        this.trust = trust;
    }

    @Override
    public String client() {
        return "codex";
    }

    @Override
    public Optional<ClientProgram> program() {
        return program;
    }

    @Override
    public List<Edit> edits() throws IOException {
        if (places.scope() == Scope.PROJECT) {
            notes.add("Codex: nothing done, it is set up per user only; run 'parley setup --client codex'.");
            return List.of();
        }
        List<String> command = places.serverCommand();
        Path directory = places.codexDirectory();
        Path hooksFile = directory.resolve("hooks.json");
        String hooksText = Files.exists(hooksFile) ? Files.readString(hooksFile, UTF_8) : "";
        return List.of(
                new Edit(hooksFile, this::withHooks, CodexSetup::withoutHooks),
                new Edit(
                        directory.resolve("config.toml"),
                        current -> withServer(current, command, hooksFile, hooksText),
                        current -> withoutServer(current, hooksFile, hooksText)),
                Edit.ownFile(
                        directory.resolve("skills/parley/SKILL.md"),
                        OWN_MARK,
                        places.distribution().skill()));
    }

    /** One group per event. */
    Map<String, ObjectNode> hooks() {
        Map<String, ObjectNode> hooks = new LinkedHashMap<>();
        hooks.put("SessionStart", group(10));
        hooks.put("UserPromptSubmit", group(10));
        hooks.put("PostToolUse", group(10));
        hooks.put("Stop", group(10));
        hooks.put("PermissionRequest", group(3));
        hooks.put("Interrupt", group(3));
        hooks.put("SessionEnd", group(3));
        return hooks;
    }

    private ObjectNode group(int timeoutSeconds) {
        return HookEntries.group(places.hookCommand(client()), timeoutSeconds);
    }

    private String withHooks(String current) throws NotEditableException {
        return HookEntries.with(JsonText.of(current), hooks()).toString();
    }

    private static String withoutHooks(String current) throws NotEditableException {
        return current.isEmpty()
                ? current
                : HookEntries.without(JsonText.of(current)).toString();
    }

    private String withServer(String current, List<String> command, Path hooksFile, String hooksText)
            throws NotEditableException {
        List<String> lines = new ArrayList<>();
        lines.add("command = " + TomlText.string(command.get(0)));
        lines.add(command.stream().skip(1).map(TomlText::string).collect(Collectors.joining(", ", "args = [", "]")));
        lines.add("required = true");
        lines.add("startup_timeout_sec = 30");
        lines.add("tool_timeout_sec = 600");
        lines.add("default_tools_approval_mode = \"approve\"");
        lines.add("env_vars = [\"CODEX_HOME\", \"JAVA_HOME\", \"PARLEY_JAVA\"]");
        places.home().ifPresent(home -> lines.add("env = { PARLEY_HOME = " + TomlText.string(home) + " }"));
        TomlText text = TomlText.of(current).withTable(SERVER, lines);
        for (Map.Entry<List<String>, String> hash :
                trusted(hooksFile, withHooks(hooksText)).entrySet()) {
            text = text.withTable(hash.getKey(), List.of("trusted_hash = " + TomlText.string(hash.getValue())));
        }
        return text.toString();
    }

    /** The tables that say that the user trusts our hooks, with what they hold. */
    private Map<List<String>, String> trusted(Path hooksFile, String hooksText) throws NotEditableException {
        notes.clear();
        if (trust && program.isPresent()) {
            try {
                return CodexTrust.of(program.get(), places.environment(), hooksFile, hooksText);
            } catch (IOException e) {
                notes.add("Codex: could not ask it for the fingerprints of the hooks (" + e.getMessage() + ").");
            }
        }
        notes.add("Codex: its next start asks to review the new hooks; choose 'Trust all' after a look at them."
                + " Until then they do not run, and 'codex exec' skips them silently.");
        return Map.of();
    }

    private static String withoutServer(String current, Path hooksFile, String hooksText) throws NotEditableException {
        if (current.isEmpty()) {
            return current;
        }
        TomlText text = TomlText.of(current).withoutTable(SERVER);
        for (HookEntries.Place place : HookEntries.places(JsonText.of(hooksText))) {
            text = text.withoutTable(CodexTrust.table(hooksFile, place));
        }
        return text.toString();
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
