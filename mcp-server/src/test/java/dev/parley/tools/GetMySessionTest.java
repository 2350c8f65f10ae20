package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import dev.parley.office.PostOffice;
import dev.parley.office.Reach;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.SharedProject;
import dev.parley.session.LocalSession;
import dev.parley.session.PostOffices;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session is told of its team. */
final class GetMySessionTest {

    private static final SharedProject PROJECT = new SharedProject("example.org/app");
    private static final SessionId ID = new SessionId("0a1b2c3d-0000-4000-8000-000000000001");

    @Test
    void whetherTheTeamSeesTheProjectAndWhoElseHasItsIdIsTold(@TempDir Path root) throws Exception {
        Path app = Files.createDirectories(root.toRealPath().resolve("app"));
        Path home = root.toRealPath().resolve("store");
        Map<String, String> environment = Map.of("PARLEY_HOME", home.toString(), "CLAUDE_CODE_SESSION_ID", ID.value());
        Membership membership = new Membership(
                HubAddress.parse("nats://127.0.0.1:1"),
                new TeamName("blue"),
                new HostName("laptop"),
                new Login.Nobody(),
                Optional.empty(),
                false);
        HubFile.in(home).write(new HubSettings(membership, Ids.random(), Accept.ALL, Map.of(PROJECT, app.toString())));
        PostOffice office = PostOffices.open(environment, Trace.NONE);
        HostName there = new HostName("workstation");
        Card card = new Card(
                there,
                PROJECT.token(),
                ID,
                "tidy-fox",
                "claude-code",
                Optional.empty(),
                Optional.empty(),
                Activity.IDLE,
                Optional.empty(),
                Letters.SENT);
        office.remoteMail().orElseThrow().cards().keep(there, PROJECT.token(), List.of(card));
        LocalSession session = new LocalSession(environment, app, office);
        session.current();

        Reach reach = PostOffices.reach(environment, office, session.project()).orElseThrow();
        assertEquals(
                Map.of(
                        "name",
                        "blue",
                        "host",
                        "laptop",
                        "sees_project",
                        true,
                        "same_session_on",
                        "tidy-fox@workstation"),
                GetMySession.team(reach, session));
        assertEquals(
                Map.of("sees_project", false, "why", "it is not shared"),
                GetMySession.team(new Reach.Local("it is not shared"), session));
    }
}
