package dev.parley.peer;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The card of one session: who it is, where it works, and which processes it lives in.
 *
 * @param id its address
 * @param name its memorable name, unique in its project
 * @param client {@code claude-code}, {@code codex}, or what any other client calls itself
 * @param purpose what it says it is doing
 * @param purposeSince when it said so
 * @param cwd the directory it works in
 * @param project the project it belongs to, see {@link Project#key()}
 * @param process its client's process
 * @param servers the processes of its Parley servers, newest last
 * @param ownSession its client's own session id, as far as it was told: what resumes it, and is in its transcript's name.
 *     Another than its address once that was pinned by hand
 * @param transcript where its client writes its transcript
 * @param claimed whether its id was pinned by hand: nothing automatic changes it then
 * @param registeredAt when it was first seen
 * @param ended how it ended, if it said so
 * @param taken that somebody else was given this address by hand while its holder was away
 * @param groups the groups that it says it belongs to, see {@link Groups}
 * @param host the machine that it is on; empty if that is this one
 * @param bound what its card keeps of its {@link Binding} beside the rest; {@link PeerDirectory#binding} has the whole
 */
public record Peer(
        SessionId id,
        String name,
        String client,
        Optional<String> purpose,
        Optional<Instant> purposeSince,
        String cwd,
        String project,
        Optional<ProcessIdentity> process,
        List<ProcessIdentity> servers,
        Optional<SessionId> ownSession,
        Optional<String> transcript,
        boolean claimed,
        Instant registeredAt,
        Optional<Ending> ended,
        Optional<Taking> taken,
        List<String> groups,
        Optional<HostName> host,
        Binding bound) {

    /** The longest purpose, in characters. */
    public static final int MAX_PURPOSE = 200;

    /** The client type of Claude Code. */
    public static final String CLAUDE_CODE = "claude-code";

    /** The client type of Codex. */
    public static final String CODEX = "codex";

    /** The client type of Gemini CLI. */
    public static final String GEMINI_CLI = "gemini-cli";

    /** The client type of OpenCode. */
    public static final String OPENCODE = "opencode";

    private static final Set<String> RESUMABLE = Set.of(CLAUDE_CODE, CODEX, GEMINI_CLI, OPENCODE);

    /** Those of which one process runs one session at a time. */
    private static final Set<String> ONE_SESSION_EACH = Set.of(CLAUDE_CODE, GEMINI_CLI, OPENCODE);

    /** What the address of a session begins with that its server made up for want of a better one. */
    public static final String MADE_UP = "p-";

    /**
     * That a session said it was over.
     *
     * @param at when
     * @param reason what its client called it
     */
    public record Ending(Instant at, String reason) {}

    /**
     * That an address was given to somebody else by hand.
     *
     * @param by who has it since: an address of theirs
     * @param at when
     */
    public record Taking(SessionId by, Instant at) {}

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if it belongs to more than {@link Groups#MOST_OF_ONE} groups
     */
    public Peer {
        servers = List.copyOf(servers);
        groups = groups.stream().distinct().toList();
        if (groups.size() > Groups.MOST_OF_ONE) {
            throw new IllegalArgumentException(
                    "a session belongs to at the most " + Groups.MOST_OF_ONE + " groups, not " + groups.size());
        }
    }

    /** A session of this machine. */
    public Peer(
            SessionId id,
            String name,
            String client,
            Optional<String> purpose,
            Optional<Instant> purposeSince,
            String cwd,
            String project,
            Optional<ProcessIdentity> process,
            List<ProcessIdentity> servers,
            Optional<SessionId> ownSession,
            Optional<String> transcript,
            boolean claimed,
            Instant registeredAt,
            Optional<Ending> ended,
            Optional<Taking> taken,
            List<String> groups,
            Binding bound) {
        this(
                id,
                name,
                client,
                purpose,
                purposeSince,
                cwd,
                project,
                process,
                servers,
                ownSession,
                transcript,
                claimed,
                registeredAt,
                ended,
                taken,
                groups,
                Optional.empty(),
                bound);
    }

    /** A session of this machine of which no more is known than that. */
    public Peer(
            SessionId id,
            String name,
            String client,
            Optional<String> purpose,
            Optional<Instant> purposeSince,
            String cwd,
            String project,
            Optional<ProcessIdentity> process,
            List<ProcessIdentity> servers,
            Optional<String> transcript,
            boolean claimed,
            Instant registeredAt,
            Optional<Ending> ended) {
        this(
                id,
                name,
                client,
                purpose,
                purposeSince,
                cwd,
                project,
                process,
                servers,
                Optional.empty(),
                transcript,
                claimed,
                registeredAt,
                ended,
                Optional.empty(),
                List.of(),
                Binding.NONE);
    }

    /**
     * Its client's own session id: as it was told, or its address where nothing but the client can have given it that.
     * Empty if the client has none, or it is not known.
     */
    public Optional<SessionId> ownId() {
        boolean isItsAddress = hasResumeCommand() && !claimed && !id.value().startsWith(MADE_UP);
        return ownSession.or(() -> isItsAddress ? Optional.of(id) : Optional.empty());
    }

    /** Whether its client can bring it back, once it has ended, with all that it knew. */
    public boolean isResumable() {
        return hasResumeCommand() && !(ownSession.isEmpty() && id.value().startsWith(MADE_UP));
    }

    /** Whether nothing can bring it back once it has ended: its address dies with its processes. */
    public boolean endsForGood() {
        return hasResumeCommand() && !claimed && ownId().isEmpty();
    }

    private boolean hasResumeCommand() {
        return RESUMABLE.contains(client);
    }

    /**
     * Whether its client's process is the session. Otherwise that process may be a wrapper, or a daemon that hosts many
     * sessions and outlives them all.
     */
    public boolean livesInItsClient() {
        return ONE_SESSION_EACH.contains(client);
    }

    /** Whether its client writes down what it does, also where no hook runs. */
    public boolean hasClientStatus() {
        return client.equals(CLAUDE_CODE);
    }

    /**
     * A session on another machine, of which nothing is known that tells of its files or processes.
     *
     * @param project the project of this machine that the two share
     */
    public static Peer elsewhere(
            HostName host,
            SessionId id,
            String name,
            String client,
            Optional<String> purpose,
            Optional<Instant> purposeSince,
            String project,
            Instant registeredAt) {
        return new Peer(
                id,
                name,
                client,
                purpose,
                purposeSince,
                "",
                project,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                registeredAt,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(host),
                Binding.NONE);
    }

    /** What it is called among those of all machines: with its own, if that is another one. */
    public String called() {
        return name + host.map(machine -> "@" + machine).orElse("");
    }

    /** The same session under another id. */
    public Peer withId(SessionId newId) {
        Next next = new Next(this);
        next.id = newId;
        return next.card();
    }

    /** The same session under another name. */
    public Peer withName(String newName) {
        Next next = new Next(this);
        next.name = newName;
        return next.card();
    }

    /** The same session with another purpose. */
    public Peer withPurpose(Optional<String> newPurpose, Instant at) {
        Next next = new Next(this);
        next.purpose = newPurpose;
        next.purposeSince = Optional.of(at);
        return next.card();
    }

    /** The same session in these groups and no others. */
    public Peer withGroups(List<String> newGroups) {
        Next next = new Next(this);
        next.groups = newGroups;
        return next.card();
    }

    /**
     * The same session with the name, the purpose and the groups of an older card of it, where it has none itself.
     *
     * @param now since when it has the purpose, if the older card does not say
     */
    public Peer inheriting(Peer older, Instant now) {
        Peer named = name.isEmpty() ? withName(older.name) : this;
        Peer next = groups.isEmpty() ? named.withGroups(older.groups) : named;
        return purpose.isPresent() || older.purpose.isEmpty()
                ? next
                : next.withPurpose(older.purpose, older.purposeSince.orElse(now));
    }

    /** The same session, over, or not over. */
    public Peer withEnding(Optional<Ending> ending) {
        Next next = new Next(this);
        next.ended = ending;
        return next.card();
    }

    /** The same session without one of its servers. */
    public Peer withoutServer(ProcessIdentity server) {
        Next next = new Next(this);
        next.servers = servers.stream().filter(each -> !each.equals(server)).toList();
        return next.card();
    }

    /** The same session, whose client has another conversation now. */
    public Peer withOwnSession(Optional<SessionId> own) {
        Next next = new Next(this);
        next.ownSession = own;
        return next.card();
    }

    /** The same session, of which this was seen. */
    public Peer withBound(Binding seen) {
        Next next = new Next(this);
        next.bound = seen.over(bound);
        return next.card();
    }

    /** The same session, whose address was given to somebody else, or is its own again. */
    public Peer withTaken(Optional<Taking> taking) {
        Next next = new Next(this);
        next.taken = taking;
        return next.card();
    }

    /** The card that comes after another: the same, but for what is set. */
    private static final class Next {
        private final Peer before;
        private SessionId id;
        private String name;
        private Optional<String> purpose;
        private Optional<Instant> purposeSince;
        private List<ProcessIdentity> servers;
        private Optional<SessionId> ownSession;
        private Optional<Ending> ended;
        private Optional<Taking> taken;
        private List<String> groups;
        private Binding bound;

        Next(Peer before) {
            this.before = before;
            id = before.id;
            name = before.name;
            purpose = before.purpose;
            purposeSince = before.purposeSince;
            servers = before.servers;
            ownSession = before.ownSession;
            ended = before.ended;
            taken = before.taken;
            groups = before.groups;
            bound = before.bound;
        }

        Peer card() {
            return new Peer(
                    id,
                    name,
                    before.client,
                    purpose,
                    purposeSince,
                    before.cwd,
                    before.project,
                    before.process,
                    servers,
                    ownSession,
                    before.transcript,
                    before.claimed,
                    before.registeredAt,
                    ended,
                    taken,
                    groups,
                    before.host,
                    bound);
        }
    }
}
