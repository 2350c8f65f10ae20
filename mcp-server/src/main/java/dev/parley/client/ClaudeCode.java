package dev.parley.client;

import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Waker;
import dev.parley.process.ProcessTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Claude Code. What it was seen to provide is in {@code docs/CLIENTS.md}. */
public final class ClaudeCode implements Client {

    /** The one there is. */
    public static final Client CLIENT = new ClaudeCode();

    /** Where it keeps its files, but for its state, which is beside the directory in the user's home. */
    public static final ConfigurationDirectory CONFIGURATION =
            new ConfigurationDirectory("CLAUDE_CONFIG_DIR", ".claude");

    /** The first version that knows FileChanged: a client that watches the doorbell needs no hook on every tool call. */
    private static final String WATCHES_FILES = "2.1.83";

    private ClaudeCode() {}

    @Override
    public String name() {
        return Peer.CLAUDE_CODE;
    }

    @Override
    public Optional<String> program() {
        return Optional.of("claude");
    }

    @Override
    public boolean isCalled(String introduction) {
        return introduction.equals(name());
    }

    @Override
    public Optional<String> sessionVariable() {
        return Optional.of(ClaudeSessionIds.VARIABLE);
    }

    @Override
    public boolean startsItsServers() {
        return true;
    }

    @Override
    public SessionIdSource sessionIds(SessionIdSource.View view) {
        return new ClaudeSessionIds(view);
    }

    @Override
    public Optional<String> resumeCommand() {
        return Optional.of("claude --resume");
    }

    @Override
    public Optional<CommandForm> commandForm() {
        return Optional.of(new ClaudeCommandForm());
    }

    @Override
    public Set<String> sessionVariables() {
        return Set.of(
                "AI_AGENT",
                "CLAUDECODE",
                "CLAUDE_CODE_CHILD_NOTES_DIR",
                "CLAUDE_CODE_CHILD_SESSION",
                "CLAUDE_CODE_ENTRYPOINT",
                "CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS",
                "CLAUDE_CODE_MESSAGING_SOCKET",
                "CLAUDE_CODE_MESSAGING_TOKEN",
                "CLAUDE_CODE_SESSION_ATTENDED",
                ClaudeSessionIds.VARIABLE,
                "CLAUDE_EFFORT",
                "CLAUDE_ENV_FILE",
                "CLAUDE_PID",
                "CLAUDE_PLUGIN_DATA",
                "CLAUDE_PLUGIN_ROOT",
                "CLAUDE_PROJECT_DIR");
    }

    @Override
    public Optional<TranscriptForm> transcript() {
        return Optional.of(new ClaudeTranscript());
    }

    @Override
    public Optional<ConfigurationDirectory> configuration() {
        return Optional.of(CONFIGURATION);
    }

    @Override
    public Binding seen(long pid, Map<String, String> environment) {
        Optional<String> program = ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(ClaudeCode::isItsProgram);
        return Binding.ofClient(program, CONFIGURATION.in(environment).map(Path::toString));
    }

    @Override
    public Optional<Beginning> beginning() {
        return Optional.of(new ClaudeBeginning());
    }

    /** The native installation names the program after its version; a script's interpreter is none. */
    private static boolean isItsProgram(String path) {
        return path.matches(".*/claude(\\.exe)?|.*/claude/versions/[0-9.]+");
    }

    @Override
    public Optional<Resumption> resumption() {
        return Optional.of(new ClaudeResumption());
    }

    @Override
    public List<HookEvent> hookEvents(Predicate<String> isAtLeast) {
        HookEvent start = new HookEvent("SessionStart", 10);
        HookEvent prompt = new HookEvent("UserPromptSubmit", 10);
        HookEvent stop = new HookEvent("Stop", 10);
        HookEvent end = new HookEvent("SessionEnd", 3);
        return isAtLeast.test(WATCHES_FILES)
                ? List.of(
                        start,
                        prompt,
                        stop,
                        end,
                        new HookEvent("FileChanged", 10, Optional.of("doorbell")),
                        new HookEvent("PermissionRequest", 3))
                : List.of(start, prompt, stop, end, new HookEvent("PostToolUse", 10));
    }

    @Override
    public List<Waker> rungs(PostOffice office) {
        return List.of(new DoorbellWaker(office, name()));
    }

    /** Its hooks run: it has said what it does. */
    @Override
    public List<String> ways(Peer peer, Presence presence, ProcessTable processes) {
        return presence.activity() == Activity.UNKNOWN ? List.of() : List.of(DOORBELL);
    }

    @Override
    public boolean hearsItsBell() {
        return true;
    }

    @Override
    public Set<Moment> handsOver() {
        return Set.of(Moment.PROMPT, Moment.MID_TURN, Moment.TURN_END);
    }

    @Override
    public boolean isTypedTo() {
        return true;
    }
}
