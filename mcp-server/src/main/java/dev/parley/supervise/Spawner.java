package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.client.Beginning;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.Resumption.Manner;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.session.Setting;
import dev.parley.supervise.Verdict.Ruling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Begins new sessions, each at an address that is made before it: so mail can be stored for it first, and is there whatever comes of
 * the start. Safe for use by several threads and processes.
 */
public final class Spawner {

    /**
     * A session that is wanted.
     *
     * @param client which client runs it; one with a {@link Client#beginning}
     * @param name how it is to be called; empty for a name of Parley's choice
     * @param purpose what it is for
     * @param directory where it works
     * @param manner how it is run
     * @param prompt the first words to its model
     */
    public record Wish(
            Client client,
            Optional<String> name,
            Optional<String> purpose,
            Path directory,
            Manner manner,
            String prompt) {}

    private final PostOffice office;
    private final Map<String, String> environment;

    /**
     * For the sessions of an office.
     *
     * @param environment of whoever begins them
     */
    public Spawner(PostOffice office, Map<String, String> environment) {
        this.office = office;
        this.environment = Map.copyOf(environment);
    }

    /** The clients whose sessions can be begun. */
    public static List<Client> clients() {
        return Clients.known().stream()
                .filter(client -> client.beginning().isPresent())
                .toList();
    }

    /** How a session would be begun now. Changes nothing. */
    public Plan plan(Wish wish) throws IOException {
        Optional<Peer> waiting = waiting(wish);
        return plan(
                wish,
                waiting.isPresent() ? waiting.get() : card(wish, beginning(wish).address()),
                nameProblem(wish));
    }

    /** How a session is begun at the address that was made for it; once it has come, nobody begins it again. */
    public Plan plan(Wish wish, Peer peer) throws IOException {
        return plan(
                wish,
                peer,
                hasBegun(peer.id())
                        ? Optional.of(new Verdict(Ruling.HELD_ELSEWHERE, "it has begun", ""))
                        : Optional.empty());
    }

    private Plan plan(Wish wish, Peer peer, Optional<Verdict> against) {
        Optional<Path> program = program(wish.client());
        String name = wish.client().program().orElse(wish.client().name());
        Map<String, String> set = new TreeMap<>(beginning(wish).variables(peer.id()));
        // A window has the environment of tmux, and the message is in the store that is named here.
        String store = environment.getOrDefault(Setting.HOME.variable(), "");
        if (!store.isBlank()) {
            set.put(Setting.HOME.variable(), store);
        }
        Set<String> removed = new LinkedHashSet<>(ChildEnvironment.removed(environment));
        removed.removeAll(set.keySet());
        return new Plan(
                peer,
                peer.id(),
                wish.manner(),
                program.map(Path::toString).orElse(name),
                beginning(wish).arguments(wish.manner(), peer.id(), wish.prompt()),
                wish.directory().toString(),
                set,
                removed,
                List.of(),
                Optional.empty(),
                against.orElseGet(() -> here(name, program)));
    }

    private static Verdict here(String name, Optional<Path> program) {
        return program.isPresent()
                ? new Verdict(Ruling.FREE, "nobody has this name", "")
                : new Verdict(
                        Ruling.NOT_HERE, "'" + name + "' is not on the PATH", "install it, or put it on the PATH");
    }

    private Optional<Path> program(Client client) {
        return client.program()
                .flatMap(name -> Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                        .filter(directory -> directory.startsWith("/"))
                        .map(directory -> Path.of(directory, name))
                        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                        .findFirst());
    }

    private Optional<Verdict> nameProblem(Wish wish) throws IOException {
        if (wish.name().isEmpty() || waiting(wish).isPresent()) {
            return Optional.empty();
        }
        String name = wish.name().get();
        for (Peer other : office.peers().peersOf(project(wish))) {
            if (Names.areAlike(name, other.name())
                    && (other.isResumable() || office.peers().presence(other).life() != Life.GONE)) {
                String reason = "the name " + PlainText.line(name)
                        + (name.equals(other.name()) ? " is" : " is too much like " + other.name() + ", which is")
                        + " that of session " + other.id();
                return Optional.of(new Verdict(Ruling.HELD_ELSEWHERE, reason, "choose another name"));
            }
        }
        return Optional.empty();
    }

    /**
     * Makes the address of a session that is to be begun, with its name and purpose. If one waits under this name that was never
     * begun, it is that one. On return it survives a power cut, and mail can be sent to it.
     *
     * @throws dev.parley.peer.NameTakenException if another session of the project has the name; no address is left
     * @throws dev.parley.peer.NameRefusedException if no session can be called so; no address is left
     */
    public Peer reserve(Wish wish) throws IOException, InterruptedException {
        Instant now = office.clock().instant();
        Optional<Peer> waiting = waiting(wish);
        SessionId address =
                waiting.isPresent() ? waiting.get().id() : beginning(wish).address();
        var unused = office.peers()
                .register(new Registration(
                        address,
                        wish.client().name(),
                        wish.directory().toString(),
                        project(wish),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false));
        try {
            return office.peers().update(address, card -> {
                Peer named = wish.name().map(card::withName).orElse(card);
                return wish.purpose().isPresent() ? named.withPurpose(wish.purpose(), now) : named;
            });
        } catch (IOException e) {
            if (waiting.isEmpty()) {
                office.peers()
                        .update(address, card -> card.withEnding(Optional.of(new Peer.Ending(now, "never begun"))));
            }
            throw e;
        }
    }

    /** Whether a session has come to the address that was made for it. */
    public boolean hasBegun(SessionId address) throws IOException {
        Optional<Peer> now = office.peers().find(office.peers().current(address));
        return now.isPresent() && hasBegun(now.get());
    }

    private boolean hasBegun(Peer peer) throws IOException {
        return peer.process().isPresent()
                || !peer.servers().isEmpty()
                || office.peers().presence(peer).activity() != Activity.UNKNOWN;
    }

    /** The address that waits under this name for a session of this client. */
    private Optional<Peer> waiting(Wish wish) throws IOException {
        if (wish.name().isPresent()) {
            for (Peer peer : office.peers().peersOf(project(wish))) {
                if (peer.name().equals(wish.name().get())
                        && peer.client().equals(wish.client().name())
                        && peer.ended().isEmpty()
                        && !hasBegun(peer)) {
                    return Optional.of(peer);
                }
            }
        }
        return Optional.empty();
    }

    private Peer card(Wish wish, SessionId address) throws IOException {
        return new Peer(
                address,
                wish.name().orElse(""),
                wish.client().name(),
                wish.purpose(),
                Optional.empty(),
                wish.directory().toString(),
                project(wish),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                office.clock().instant(),
                Optional.empty());
    }

    private static String project(Wish wish) throws IOException {
        return Project.of(wish.directory()).key();
    }

    private static Beginning beginning(Wish wish) {
        return wish.client()
                .beginning()
                .orElseThrow(() -> new IllegalArgumentException(wish.client().name()));
    }
}
