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

/** OpenCode. What it was seen to provide is in {@code docs/CLIENTS.md}. */
public final class OpenCode implements Client {

    /** The one there is. */
    public static final Client CLIENT = new OpenCode();

    /** Where it keeps its configuration: {@code opencode} in a directory that a variable may name. */
    public static final ConfigurationDirectory CONFIGURATION =
            new ConfigurationDirectory("XDG_CONFIG_HOME", ".config/opencode", "opencode");

    private OpenCode() {}

    @Override
    public String name() {
        return Peer.OPENCODE;
    }

    @Override
    public Optional<String> program() {
        return Optional.of("opencode");
    }

    @Override
    public boolean isCalled(String introduction) {
        return introduction.equals(name());
    }

    @Override
    public boolean startsItsServers() {
        return true;
    }

    @Override
    public SessionIdSource sessionIds(SessionIdSource.View view) {
        return new HookedSessionIds("opencode_client_file", view);
    }

    /** Its plug-in tells of a session with that session's first prompt. */
    @Override
    public boolean isSilentUntilPrompted() {
        return true;
    }

    @Override
    public Optional<String> resumeCommand() {
        return Optional.of("opencode --session");
    }

    @Override
    public Optional<ConfigurationDirectory> configuration() {
        return Optional.of(CONFIGURATION);
    }

    @Override
    public List<Waker> rungs(PostOffice office) {
        return List.of(new DoorbellWaker(office, name()));
    }

    /** Its plug-in watches the bell, but lets what its user interrupted wait for the user. */
    @Override
    public List<String> ways(Peer peer, Presence presence, ProcessTable processes) {
        return presence.activity() == Activity.UNKNOWN || presence.activity() == Activity.HELD
                ? List.of()
                : List.of(DOORBELL);
    }

    @Override
    public boolean hearsItsBell() {
        return true;
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
