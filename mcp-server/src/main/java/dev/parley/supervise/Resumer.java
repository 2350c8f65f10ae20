package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.ConfigurationDirectory;
import dev.parley.client.Ownership;
import dev.parley.client.Resumption;
import dev.parley.client.Resumption.Manner;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.supervise.Verdict.Ruling;
import dev.parley.transcript.Transcript;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says how a session that has ended can be gone on with, and whether nobody runs it. Starts nothing but what the client offers to
 * tell who lives, and changes nothing.
 */
public final class Resumer {

    /** A client may write its last lines when it is seen to have ended. */
    private static final Duration WRITTEN_LATE = Duration.ofSeconds(5);

    private final PostOffice office;
    private final Map<String, String> environment;
    private final ProcessTable processes;

    /**
     * For the sessions of an office.
     *
     * @param environment of whoever resumes
     */
    public Resumer(PostOffice office, Map<String, String> environment) {
        this.office = office;
        this.environment = Map.copyOf(environment);
        this.processes = office.processes();
    }

    /** How a session would be gone on with now. */
    public Plan plan(Peer peer, Manner manner) throws IOException, InterruptedException {
        Client client = Clients.of(peer);
        Optional<SessionId> own = peer.ownId();
        Binding kept = office.peers().binding(peer);
        if (client.resumption().isEmpty() || own.isEmpty()) {
            String reason = client.resumption().isEmpty()
                    ? "nothing is known that brings back a session of the client " + peer.client()
                    : "its client never said which session it was";
            return refused(peer, kept, manner, client, new Verdict(Ruling.UNKNOWN_SESSION, reason, ""));
        }
        Resumption resumption = client.resumption().get();
        Map<String, String> set = configuration(client, kept);
        Map<String, String> child = environment(manner, set);
        Optional<Transcript> transcript = Transcript.of(peer, child);
        List<String> notes = new ArrayList<>();
        Binding binding = kept;
        if (transcript.isPresent()) {
            binding = transcript.get().settings().over(kept);
        }
        Resumption.Command command = resumption.command(manner, own.get(), binding);
        notes.addAll(command.notes());
        Optional<Path> program = program(client, kept);
        Verdict verdict = transcript.isEmpty()
                ? new Verdict(
                        Ruling.UNKNOWN_SESSION,
                        "no transcript of the session " + own.get()
                                + " was found, so its client has nothing to go on with",
                        "a session has one after its first prompt; CLAUDE_CONFIG_DIR or CODEX_HOME says where they are")
                : verdict(peer, own.get(), resumption, program, child);
        if (verdict.isFree()) {
            verdict = here(client, program, peer.cwd(), verdict);
        }
        return new Plan(
                peer,
                own.get(),
                manner,
                program.map(Path::toString).orElseGet(() -> client.program().orElse(client.name())),
                command.arguments(),
                peer.cwd(),
                set,
                removed(set),
                notes,
                transcript.isPresent()
                        ? withheld(peer, resumption, binding, transcript.get())
                        : resumption.withheld(binding),
                verdict);
    }

    /**
     * A session that was begun without a terminal, or that was last run so from here, may ask for nothing because nobody could
     * answer. That nobody chose, so it is not held against it.
     */
    private Optional<String> withheld(Peer peer, Resumption resumption, Binding binding, Transcript transcript)
            throws IOException {
        List<ResumeLog.Run> runs = new ResumeRecords(office).of(peer.id()).runs();
        Optional<ResumeLog.Run> last = runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
        Instant modified = transcript.modified();
        boolean isOurs = last.filter(run -> run.end()
                        .map(end -> !modified.isAfter(end.at().plus(WRITTEN_LATE)))
                        .orElse(true))
                .isPresent();
        return resumption.withheld(isOurs || transcript.isUnattended() ? resumption.chosen(binding) : binding);
    }

    /** Whether somebody else runs a session by now, beside the process that was started for it. */
    boolean hasRival(Plan plan, ProcessIdentity client) throws IOException {
        Client its = Clients.of(plan.peer());
        Map<String, String> child = environment(plan.manner(), plan.set());
        Optional<Path> home = its.configuration().flatMap(directory -> directory.in(child));
        return home.isPresent()
                && its.resumption().isPresent()
                && its.resumption()
                        .get()
                        .hasRival(
                                plan.own(),
                                client,
                                new Resumption.Place(path(plan.program()), home.get(), child, processes));
    }

    private Plan refused(Peer peer, Binding kept, Manner manner, Client client, Verdict verdict) {
        return new Plan(
                peer,
                peer.ownId().orElse(peer.id()),
                manner,
                client.program().orElse(client.name()),
                List.of(),
                kept.directory().orElse(peer.cwd()),
                Map.of(),
                Set.of(),
                List.of(),
                Optional.empty(),
                verdict);
    }

    /** The environment of what is started. */
    Map<String, String> environment(Manner manner, Map<String, String> set) {
        Map<String, String> child = manner == Manner.HEADLESS
                ? ChildEnvironment.withoutTerminal(environment)
                : ChildEnvironment.of(environment);
        child.putAll(set);
        return child;
    }

    private Set<String> removed(Map<String, String> set) {
        Set<String> removed = new LinkedHashSet<>(ChildEnvironment.removed(environment));
        removed.removeAll(set.keySet());
        return removed;
    }

    /** The directory of the client's files as it was seen, if the client does not find it by itself. */
    private Map<String, String> configuration(Client client, Binding kept) {
        Optional<ConfigurationDirectory> configuration = client.configuration();
        Map<String, String> set = new HashMap<>();
        if (configuration.isPresent() && kept.configHome().isPresent()) {
            Optional<String> found = configuration.get().in(environment).map(Path::toString);
            if (!found.equals(kept.configHome())) {
                set.put(configuration.get().variable(), kept.configHome().get());
            }
        }
        return set;
    }

    /** What the PATH has goes first: it is what the user would start, and what was seen may be an old version. */
    private Optional<Path> program(Client client, Binding kept) {
        return client.program()
                .flatMap(name -> Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                        .filter(directory -> directory.startsWith("/"))
                        .map(directory -> Path.of(directory, name))
                        .filter(Resumer::isProgram)
                        .findFirst())
                .or(() -> kept.program().flatMap(Resumer::path).filter(Resumer::isProgram));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static Optional<Path> path(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute() ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Verdict here(Client client, Optional<Path> program, String directory, Verdict free) {
        if (program.isEmpty()) {
            return new Verdict(
                    Ruling.NOT_HERE,
                    "'" + client.program().orElse(client.name()) + "' is not on the PATH",
                    "install it, or put it on the PATH");
        }
        if (path(directory).filter(Files::isDirectory).isEmpty()) {
            return new Verdict(
                    Ruling.NOT_HERE,
                    "its directory " + directory + " is not there",
                    "the clients look for their sessions by directory: bring it back");
        }
        return free;
    }

    /** That nobody runs it has to be certain by what Parley knows, and by what its client tells. */
    private Verdict verdict(
            Peer peer, SessionId own, Resumption resumption, Optional<Path> program, Map<String, String> child)
            throws IOException, InterruptedException {
        Optional<Verdict> known = known(peer);
        if (known.filter(verdict -> verdict.ruling() == Ruling.HELD_ELSEWHERE).isPresent()) {
            return known.get();
        }
        Optional<Path> home = Clients.of(peer).configuration().flatMap(directory -> directory.in(child));
        Ownership owner = home.isPresent()
                ? owner(own, resumption, new Resumption.Place(program, home.get(), child, processes))
                : Ownership.unknown("HOME is not set, so where its client keeps its files is not known", "set HOME");
        return switch (owner.state()) {
            case SOMEBODY -> new Verdict(Ruling.HELD_ELSEWHERE, owner.reason(), owner.remedy());
            case UNKNOWN -> new Verdict(Ruling.OWNER_UNKNOWN, owner.reason(), owner.remedy());
            case NOBODY -> known.orElseGet(() -> new Verdict(Ruling.FREE, owner.reason(), ""));
        };
    }

    private static Ownership owner(SessionId own, Resumption resumption, Resumption.Place place)
            throws InterruptedException {
        try {
            return resumption.owner(own, place);
        } catch (IOException e) {
            return Ownership.unknown(
                    "what tells who runs it cannot be read: " + ClientTurn.reason(e), "see to it that it can be read");
        }
    }

    /** What its card says of its processes; empty if those have ended. */
    private Optional<Verdict> known(Peer peer) throws IOException {
        List<ProcessIdentity> its = new ArrayList<>();
        if (peer.livesInItsClient()) {
            peer.process().ifPresent(its::add);
        }
        its.addAll(peer.servers());
        Optional<Verdict> unclear = Optional.empty();
        for (ProcessIdentity process : its) {
            Vitality vitality = processes.vitality(process);
            if (vitality == Vitality.ALIVE) {
                return Optional.of(new Verdict(
                        Ruling.HELD_ELSEWHERE,
                        "its process " + process.pid() + " runs",
                        "end it where it runs; 'parley status' shows what it does"));
            }
            if (vitality == Vitality.UNKNOWN) {
                unclear = Optional.of(new Verdict(
                        Ruling.OWNER_UNKNOWN,
                        "whether its process " + process.pid()
                                + " runs cannot be told: it is of another container or machine",
                        "look where it was started"));
            }
        }
        return office.peers().presence(peer).life() == Life.LIVE && unclear.isEmpty()
                ? Optional.of(new Verdict(
                        Ruling.HELD_ELSEWHERE, "it counts as running", "'parley status' shows what it does"))
                : unclear;
    }
}
