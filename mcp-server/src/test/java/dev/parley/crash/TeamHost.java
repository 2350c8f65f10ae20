package dev.parley.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Shell;
import dev.parley.ledger.Retention;
import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Holder;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One machine of a team: a store, a project that the team sees, and the sessions in it. */
final class TeamHost {

    static final String TEAM = "crew";

    private static final String ORIGIN = "https://example.org/acme/app.git";
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int MOST_TRIES = 10;

    private final String name;
    private final HostNetwork network;
    private final Peers machine;
    private final List<Correspondent> sessions = new ArrayList<>();

    /** One with so many sessions, none of which is there yet. */
    TeamHost(String name, HostNetwork network, Path directory, int sessions) throws IOException {
        this.name = name;
        this.network = network;
        this.machine = new Peers(Files.createDirectories(directory));
        for (int i = 1; i <= sessions; i++) {
            this.sessions.add(new Correspondent(machine, network.at(name), name, name + "-" + i));
        }
    }

    /** What it is called. */
    String name() {
        return name;
    }

    /** Those who work there. */
    List<Correspondent> sessions() {
        return List.copyOf(sessions);
    }

    /** {@code parley hub join}, in a clone of the team's project. */
    void join(String password) throws IOException, InterruptedException {
        run("git", "init", "-q").exited(0);
        run("git", "remote", "add", "origin", ORIGIN).exited(0);
        Path file = Files.writeString(machine.home().resolveSibling("password"), password + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        List<String> command = new ArrayList<>(network.at(name));
        command.addAll(Distribution.command("hub", "join", network.url(name), "--team", TEAM, "--user", name));
        // The network is the test's own.
        command.addAll(List.of("--password-file", file.toString(), "--insecure"));
        // A machine that is very busy may not reach the hub in the time that a person is kept waiting.
        Shell joined = run(command.toArray(String[]::new));
        for (int tries = 1; joined.exit() != 0 && tries < MOST_TRIES; tries++) {
            joined = run(command.toArray(String[]::new));
        }
        joined.exited(0);
    }

    private Shell run(String... command) throws IOException, InterruptedException {
        long limit = TeamOfHosts.LIMIT.toSeconds();
        return Shell.run(List.of(command), Shell.environment(machine.home()), machine.project(), "", limit);
    }

    /** Whose server carries the mail; waits until somebody's does. */
    Correspondent postman() throws IOException {
        RenewableLock place = office().leases().renewable("postman." + TEAM, LEASE);
        return await("somebody carries the mail of " + name)
                .atMost(TeamOfHosts.LIMIT)
                .until(
                        () -> {
                            Optional<Long> pid =
                                    place.holder().flatMap(Holder::process).map(ProcessIdentity::pid);
                            return sessions.stream()
                                    .filter(session ->
                                            pid.isPresent() && session.pid().equals(pid))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The sessions of other machines, as one of its own sees them. */
    List<JsonNode> elsewhere() throws Exception {
        return sessions.get(0)
                .call("list_project_sessions")
                .orElseThrow()
                .ok()
                .at("/sessions")
                .valueStream()
                .filter(session -> session.has("host"))
                .toList();
    }

    /** How many messages wait to leave it. */
    int waiting() throws IOException {
        return office().remoteMail().orElseThrow().outbox().size();
    }

    /** The store as this process sees it, without the hub. */
    private PostOffice office() throws IOException {
        Store store = Store.open(machine.home(), Durability.PROCESS, Trace.NONE);
        return new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    /** Ends all servers. */
    void leave() throws IOException {
        for (Correspondent session : sessions) {
            session.leave();
        }
    }

    /** {@code kill -9} of all servers. */
    void kill() throws InterruptedException {
        for (Correspondent session : sessions) {
            session.kill();
        }
    }

    /** The whole store holds nothing that cannot be read, delivered or looked up, and nothing came that was no mail. */
    void assertSound() throws IOException {
        machine.assertSound();
        Path refused = machine.home().resolve("refused");
        if (Files.isDirectory(refused)) {
            try (Stream<Path> files = Files.list(refused)) {
                assertEquals(List.of(), files.toList(), "it was mail, and was taken for none");
            }
        }
    }
}
