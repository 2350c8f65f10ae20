package dev.parley.client;

import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Waker;
import dev.parley.process.ProcessTable;
import java.util.List;
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
    public Optional<TranscriptForm> transcript() {
        return Optional.of(new ClaudeTranscript());
    }

    @Override
    public Optional<ConfigurationDirectory> configuration() {
        return Optional.of(CONFIGURATION);
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
