package dev.parley.client;

import dev.parley.peer.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Gemini CLI. What it was seen to provide is in {@code docs/CLIENTS.md}. */
public final class GeminiCli implements Client {

    /** The one there is. */
    public static final Client CLIENT = new GeminiCli();

    /** Where it keeps its files: {@code .gemini} in a home that a variable may name. */
    public static final ConfigurationDirectory CONFIGURATION =
            new ConfigurationDirectory("GEMINI_CLI_HOME", ".gemini", ".gemini");

    private GeminiCli() {}

    @Override
    public String name() {
        return Peer.GEMINI_CLI;
    }

    @Override
    public Optional<String> program() {
        return Optional.of("gemini");
    }

    /** {@code gemini-cli-mcp-client}, and what else it may call itself one day. */
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
        return new HookedSessionIds("gemini_client_file", view);
    }

    @Override
    public Optional<String> resumeCommand() {
        return Optional.of("gemini --resume");
    }

    @Override
    public Optional<TranscriptForm> transcript() {
        return Optional.of(new GeminiTranscript());
    }

    @Override
    public Optional<ConfigurationDirectory> configuration() {
        return Optional.of(CONFIGURATION);
    }

    @Override
    public List<HookEvent> hookEvents(Predicate<String> isAtLeast) {
        return List.of(
                new HookEvent("SessionStart", 10),
                new HookEvent("BeforeAgent", 10),
                new HookEvent("AfterTool", 10),
                new HookEvent("AfterAgent", 10),
                new HookEvent("Notification", 3),
                new HookEvent("SessionEnd", 3));
    }

    /** It was seen to end a call with an error after ten minutes. */
    @Override
    public Duration askCeiling() {
        return Duration.ofMinutes(9);
    }

    @Override
    public boolean isTypedTo() {
        return true;
    }

    @Override
    public Set<Moment> handsOver() {
        return Set.of(Moment.PROMPT, Moment.MID_TURN, Moment.TURN_END);
    }
}
