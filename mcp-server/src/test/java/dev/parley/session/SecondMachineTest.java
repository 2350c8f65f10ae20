package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.hub.Accept;
import dev.parley.hub.HubAddress;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.TeamName;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Budget;
import dev.parley.office.PostOffice;
import dev.parley.peer.Apart;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.remote.Outbox.Backlog;
import dev.parley.remote.Pair;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.SharedProject;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that its client opens on a second machine, with a home directory that is shared or was copied. */
final class SecondMachineTest {

    private static final SessionId ID = new SessionId("0a1b2c3d-0000-4000-8000-000000000001");
    private static final SharedProject PROJECT = new SharedProject("example.org/app");
    private static final HostName THERE = new HostName("workstation");
    private static final SessionId APART = Apart.address(new HostName("laptop"), ID);

    private final Map<String, String> environment = new TreeMap<>();
    private Path directory;
    private PostOffice office;

    @BeforeEach
    void join(@TempDir Path root) throws Exception {
        directory = Files.createDirectories(root.toRealPath().resolve("app"));
        Path home = root.toRealPath().resolve("store");
        environment.put("PARLEY_HOME", home.toString());
        environment.put("CLAUDE_CODE_SESSION_ID", ID.value());
        Membership membership = new Membership(
                HubAddress.parse("nats://127.0.0.1:1"),
                new TeamName("blue"),
                new HostName("laptop"),
                new Login.Nobody(),
                Optional.empty(),
                false);
        HubFile.in(home)
                .write(new HubSettings(membership, Ids.random(), Accept.ALL, Map.of(PROJECT, directory.toString())));
        office = PostOffices.open(environment, Trace.NONE);
    }

    private void elsewhere(List<SessionId> sessions) throws Exception {
        office.remoteMail()
                .orElseThrow()
                .cards()
                .keep(
                        THERE,
                        PROJECT.token(),
                        sessions.stream()
                                .map(id -> new Card(
                                        THERE,
                                        PROJECT.token(),
                                        id,
                                        "tidy-fox",
                                        "claude-code",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Activity.IDLE,
                                        Optional.empty(),
                                        Letters.SENT))
                                .toList());
    }

    /** A server of the client starts. */
    private LocalSession server() throws Exception {
        return new LocalSession(environment, directory, PostOffices.open(environment, Trace.NONE));
    }

    /** What the hook of the client does when the session starts. */
    private void hook() throws Exception {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        Optional<ProcessIdentity> client = office.processes().identify(parent.pid());
        var unused = office.peers()
                .register(new Registration(
                        ID,
                        "claude-code",
                        directory.toString(),
                        Project.of(directory).key(),
                        client,
                        Optional.empty(),
                        Optional.empty(),
                        false));
    }

    private void write(SessionId to, String body) throws Exception {
        office.delivery().send(Letters.plain(new SessionId("somebody"), to, body), Ring.NO);
    }

    private List<String> read(SessionId who) throws Exception {
        return office.mailbox(who).claim(Budget.READ, id -> false).messages().stream()
                .map(claimed -> claimed.envelope().body())
                .toList();
    }

    @Test
    void itHasAnAddressOfItsOwnAndBothAreTold() throws Exception {
        elsewhere(List.of(ID));
        LocalSession session = server();
        Peer self = session.current();
        assertEquals(APART, self.id());
        assertEquals(Optional.of(ID), self.ownId());
        assertEquals(Optional.of("tidy-fox"), session.elsewhere().map(Peer::name));
        assertEquals(APART, session.current().id());

        List<String> told = read(APART);
        assertEquals(1, told.size());
        assertTrue(
                told.get(0).contains(ID + ", and so it does one on another machine, tidy-fox@workstation"),
                told::toString);
        List<Backlog> out = office.remoteMail().orElseThrow().outbox().backlog();
        assertEquals(
                List.of(Optional.of(new Pair(THERE, APART.value(), ID.value()))),
                out.stream().map(Backlog::pair).toList());
        assertEquals(1, out.get(0).count());
        String there = office.remoteMail()
                .orElseThrow()
                .outbox()
                .waiting(out.get(0).pair().orElseThrow(), 1)
                .get(0)
                .envelope()
                .body();
        assertTrue(
                there.startsWith("(Written by Parley.) Your client's session " + ID + " has been opened on laptop"),
                there);

        // The next server of it is at the same address, and nobody is told again.
        assertEquals(self.name(), server().current().name());
        assertEquals(List.of(), read(APART));
        assertEquals(1, office.remoteMail().orElseThrow().outbox().size());
    }

    @Test
    void whatItsHookHasOpenedLeadsThere() throws Exception {
        elsewhere(List.of(ID));
        hook();
        write(ID, "early");
        LocalSession session = server();
        assertEquals(APART, session.current().id());
        assertTrue(read(APART).contains("early"));

        // The hook of the next start knows nothing of that.
        hook();
        assertEquals(Optional.empty(), office.peers().movedTo(ID));
        write(ID, "later");
        assertEquals(APART, session.current().id());
        assertEquals(Optional.of(APART), office.peers().movedTo(ID));
        assertEquals(List.of("later"), read(APART));
    }

    /** No card draws mail away from a session that is here. */
    @Test
    void whoeverWasHereBeforeKeepsItsId() throws Exception {
        LocalSession session = server();
        assertEquals(ID, session.current().id());
        elsewhere(List.of(ID));
        assertEquals(ID, session.current().id());
        assertEquals(ID, server().current().id());
        assertFalse(office.peers().exists(APART));
    }

    @Test
    void onceTheOtherHasEndedItHasItsIdAndItsMail() throws Exception {
        elsewhere(List.of(ID));
        LocalSession session = server();
        String name = session.current().name();
        read(APART);
        write(APART, "here");
        elsewhere(List.of());
        assertEquals(ID, session.current().id());
        assertEquals(Optional.empty(), session.elsewhere());
        assertEquals(name, session.current().name());
        assertTrue(read(ID).contains("here"));
        // Back again, the other changes nothing.
        elsewhere(List.of(ID));
        assertEquals(ID, session.current().id());
        assertEquals(ID, server().current().id());
    }

    @Test
    void itMayTakeItsIdByHand() throws Exception {
        elsewhere(List.of(ID));
        LocalSession session = server();
        session.current();
        LocalSession.Claimed claimed = session.claim(ID, id -> true);
        assertEquals(ID, claimed.peer().id());
        assertEquals(ID, session.current().id());
        assertEquals(Optional.of(ID), office.peers().movedTo(APART));
    }
}
