package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.hub.Accept;
import dev.parley.hub.HubAddress;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubOffice;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.TeamName;
import dev.parley.office.PostOffice;
import dev.parley.office.Reach;
import dev.parley.peer.Project;
import dev.parley.remote.SharedProject;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which office a process has: that of its machine, or that which reaches the others of a team. */
final class AnnexTest {

    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private final Trace trace = (event, fields) -> events.add(event + " " + fields);

    @TempDir
    Path root;

    @BeforeEach
    void nameTheStore() {
        environment.put("PARLEY_HOME", home().toString());
    }

    private Path home() {
        return root.resolve("store");
    }

    private void join() throws Exception {
        Membership membership = new Membership(
                HubAddress.parse("nats://127.0.0.1:1"),
                new TeamName("blue"),
                new HostName("laptop"),
                new Login.Nobody(),
                Optional.empty(),
                false);
        HubFile.in(home()).write(new HubSettings(membership, Ids.random(), Accept.ALL, Map.of()));
    }

    private boolean reachesFurther() throws IOException {
        PostOffice office = PostOffices.open(environment, trace);
        assertEquals(home().toString(), office.place());
        return office instanceof HubOffice;
    }

    @Test
    void whoHasJoinedNoTeamHasTheOfficeOfItsMachine() throws Exception {
        assertFalse(reachesFurther());
        PostOffices.attend(environment, trace);
        assertEquals(List.of(), events);
    }

    @Test
    void whoHasJoinedOneReachesFurtherUnlessItDoesWithout() throws Exception {
        join();
        assertTrue(reachesFurther());
        environment.put("PARLEY_HUB", "off");
        assertFalse(reachesFurther());
        PostOffices.attend(environment, trace);
        environment.put("PARLEY_HUB", "on");
        HubFile.in(home()).remove();
        assertFalse(reachesFurther());
        assertEquals(List.of(), events);
    }

    @Test
    void aFileThatIsNoneDoesNotAffectMailOfTheMachine() throws Exception {
        join();
        Files.writeString(home().resolve(HubFile.NAME), "parley hub 1\nnonsense\n");
        assertFalse(reachesFurther());
        assertEquals(1, events.size(), events::toString);
        assertTrue(events.get(0).startsWith("hub-settings-unreadable "), events::toString);
    }

    private String why() throws Exception {
        Project project = Project.of(root);
        PostOffice office = PostOffices.open(environment, trace);
        return PostOffices.reach(environment, office, project)
                .map(reach -> assertInstanceOf(Reach.Local.class, reach).reason())
                .orElse("");
    }

    @Test
    void whyAProjectStaysOnItsMachineIsSaidWhereThatHasATeam() throws Exception {
        assertEquals("", why());
        PostOffice before = PostOffices.open(environment, trace);
        join();
        assertTrue(assertInstanceOf(
                        Reach.Local.class,
                        PostOffices.reach(environment, before, Project.of(root)).orElseThrow())
                .reason()
                .startsWith("this server was started before its machine joined a team"));
        environment.put("PARLEY_HUB", "off");
        assertEquals("PARLEY_HUB=off: this session does without the team of its machine", why());
        environment.remove("PARLEY_HUB");
        git("init", "-q");
        assertTrue(why().startsWith("it has no remote 'origin'; give it a name with"), why());
        git("remote", "add", "origin", "/srv/git/app.git");
        assertTrue(why().startsWith("its origin is a place on this machine, which says nothing to another"), why());
        git("remote", "set-url", "origin", "https://example.org/app.git");
        assertEquals(
                "it is not shared with the team blue; a person shares it with 'parley hub share', run in it", why());
        var unused =
                HubFile.in(home()).change(settings -> settings.with(new SharedProject("example.org/app"), "/b/.git"));
        assertEquals(
                "another clone of it on this machine, /b/.git, stands for it; a person shares it with 'parley hub share',"
                        + " run in it",
                why());
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
        command.addAll(List.of(arguments));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** What is shared, and whether a team was left, is known at once. */
    @Test
    void whoLeavesWhileItRunsIsNotHeldBack() throws Exception {
        join();
        PostOffice office = assertInstanceOf(HubOffice.class, PostOffices.open(environment, trace));
        HubFile.in(home()).remove();
        assertEquals(List.of(), office.peers().elsewhere("/work/app/.git"));
        assertEquals(List.of(), events);
    }
}
