package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Waker;
import dev.parley.process.ProcessTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Codex. What it was seen to provide is in {@code docs/CLIENTS.md}. */
public final class Codex implements Client {

    /** The one there is. */
    public static final Client CLIENT = new Codex();

    /** Where it keeps its files. */
    public static final ConfigurationDirectory CONFIGURATION = new ConfigurationDirectory("CODEX_HOME", ".codex");

    private Codex() {}

    @Override
    public String name() {
        return Peer.CODEX;
    }

    @Override
    public Optional<String> program() {
        return Optional.of(CodexHost.PROGRAM);
    }

    /** {@code codex-mcp-client}, and what else it may call itself one day. */
    @Override
    public boolean isCalled(String introduction) {
        return introduction.startsWith(name());
    }

    @Override
    public boolean startsItsServers() {
        return true;
    }

    @Override
    public SessionIdSource sessionIds(SessionIdSource.View view) {
        return new CodexSessionIds(view);
    }

    @Override
    public boolean isSilentUntilPrompted() {
        return true;
    }

    @Override
    public Optional<String> resumeCommand() {
        return Optional.of("codex resume");
    }

    @Override
    public Optional<CommandForm> commandForm() {
        return Optional.of(new CodexCommandForm());
    }

    @Override
    public Set<String> sessionVariables() {
        return Set.of("CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED", "CODEX_SESSION_ID", "CODEX_THREAD_ID");
    }

    @Override
    public Optional<TranscriptForm> transcript() {
        return Optional.of(new CodexTranscript());
    }

    @Override
    public Optional<ConfigurationDirectory> configuration() {
        return Optional.of(CONFIGURATION);
    }

    /** Its servers are told nothing of its directory: what its own process was given counts. */
    @Override
    public Binding seen(long pid, Map<String, String> environment) {
        return CodexHost.of(pid)
                .map(host -> Binding.ofClient(
                        Optional.of(host.binary().toString()), host.directory().map(Path::toString)))
                .orElse(Binding.NONE);
    }

    @Override
    public Optional<Resumption> resumption() {
        return Optional.of(new CodexResumption());
    }

    @Override
    public Optional<Beginning> beginning() {
        return Optional.of(new CodexBeginning());
    }

    @Override
    public Optional<SessionId> begunAs(long pid) {
        return CodexHost.of(pid)
                .map(host -> host.home().getOrDefault(Beginning.ADDRESS, ""))
                .filter(SessionId::isValid)
                .map(SessionId::new);
    }

    @Override
    public List<HookEvent> hookEvents(Predicate<String> isAtLeast) {
        return List.of(
                new HookEvent("SessionStart", 10),
                new HookEvent("UserPromptSubmit", 10),
                new HookEvent("PostToolUse", 10),
                new HookEvent("Stop", 10),
                new HookEvent("PermissionRequest", 3),
                new HookEvent("Interrupt", 3),
                new HookEvent("SessionEnd", 3));
    }

    /** It ends a call after its tool_timeout_sec, 300 s by default; an answer later than that would be lost on it. */
    @Override
    public Duration askCeiling() {
        return Duration.ofMinutes(4);
    }

    @Override
    public List<Waker> rungs(PostOffice office) {
        return List.of(new CodexQueueWaker(office));
    }

    @Override
    public List<String> ways(Peer peer, Presence presence, ProcessTable processes) {
        return CodexQueueWaker.host(peer.process(), processes)
                .filter(host -> CodexQueueWaker.obstacle(peer, host, presence).isEmpty())
                .map(host -> List.of(CodexQueueWaker.RUNG))
                .orElse(List.of());
    }

    @Override
    public boolean queuesWakes() {
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
