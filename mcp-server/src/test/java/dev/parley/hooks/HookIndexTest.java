package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.store.peer.ProjectIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That hook and server find the sessions of a project by the same index, whatever else the store holds. */
class HookIndexTest {

    private HookFixture hook;
    private Path root;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        this.root = root;
        hook = new HookFixture(root);
    }

    private HookRun greeting() throws Exception {
        hook.run(hook.input("SessionStart").with("source", "startup"));
        return hook.run("UserPromptSubmit");
    }

    /** What the index holds below a directory, without the stamp. */
    private List<String> index() throws Exception {
        try (Stream<Path> files = Files.walk(hook.store.projects())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> hook.store.projects().relativize(file).toString())
                    .filter(name -> !name.startsWith("stamp-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void hookAndServerEnterASessionInTheSamePlaces() throws Exception {
        greeting();
        List<String> byHook = index();
        assertEquals(2, byHook.size(), () -> "under its project, and as known: " + byHook);
        hook.register(hook.id, hook.project);
        assertEquals(byHook, index());
    }

    @Test
    void aLongOrForeignPathHasTheSamePlaceForHookAndServer() throws Exception {
        for (String name : List.of("ä ö'\"$[x]", "d".repeat(200) + "/" + "e".repeat(200))) {
            Path project = Files.createDirectories(root.resolve(name)).toRealPath();
            SessionId session = new SessionId("s-" + name.length());
            hook.run(HookInput.of("SessionStart", session.value(), project.toString())
                    .with("source", "startup"));
            List<String> byHook = index();
            hook.register(session, project);
            assertEquals(byHook, index());
        }
    }

    /** Two hundred session directories, whosever and ended or not, made the greeting say that nobody else was there. */
    @Test
    void theGreetingFindsAPeerBehindHundredsOfEndedSessions() throws Exception {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere")).toRealPath();
        for (int i = 0; i < 250; i++) {
            SessionId old = new SessionId("0-ended-" + i);
            hook.store.makeSession(old);
            Files.writeString(
                    hook.store.card(old), "{\"v\":1,\"id\":\"" + old + "\",\"project\":\"" + elsewhere + "\"}\n");
        }
        Peer peer = hook.register(new SessionId("z-peer"), hook.project);
        HookRun run = greeting();
        assertTrue(run.out().contains(peer.name()), run::out);
    }

    /** As a hook or server makes it that knows of no index. */
    @Test
    void theGreetingFindsAPeerThatIsNotInTheIndex() throws Exception {
        hook.register(new SessionId("z-peer"), hook.project);
        hook.peers.peersOf(Project.of(hook.project).key());
        SessionId old = new SessionId("old-peer");
        hook.store.makeSession(old);
        Files.writeString(
                hook.store.card(old),
                "{\"v\":1,\"id\":\"old-peer\",\"name\":\"quiet-newt\",\"project\":\"" + hook.project + "\"}\n");
        HookRun run = greeting();
        assertTrue(run.out().contains("quiet-newt"), run::out);
    }

    @Test
    void aCompleteIndexIsBelieved() throws Exception {
        Peer peer = hook.register(new SessionId("z-peer"), hook.project);
        SessionId hidden = new SessionId("hidden-peer");
        hook.store.makeSession(hidden);
        Files.writeString(
                hook.store.card(hidden),
                "{\"v\":1,\"id\":\"hidden-peer\",\"name\":\"quiet-newt\",\"project\":\"" + hook.project + "\"}\n");
        Files.setLastModifiedTime(
                hook.store.sessions(), FileTime.from(Instant.now().minusSeconds(60)));
        hook.peers.peersOf(Project.of(hook.project).key());
        // Made behind the back of the index, to show that it was used and not every card.
        Path entry;
        try (Stream<Path> files = Files.walk(hook.store.projects())) {
            entry = files.filter(file ->
                            file.endsWith("hidden-peer") && !file.getParent().endsWith(ProjectIndex.KNOWN))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(entry);
        HookRun run = greeting();
        assertTrue(run.out().contains(peer.name()), run::out);
        assertTrue(!run.out().contains("quiet-newt"), run::out);
    }

    /** A session whose card names another project must still be found there. */
    @Test
    void aHookThatRunsElsewhereHidesNobodyWhereTheCardSays() throws Exception {
        hook.store.makeSession(hook.id);
        Files.writeString(
                hook.store.card(hook.id), "{\"v\":1,\"id\":\"" + hook.id + "\",\"project\":\"/somewhere/else\"}\n");
        greeting();
        assertEquals(
                List.of(hook.id),
                hook.peers.peersOf("/somewhere/else").stream().map(Peer::id).toList());
    }
}
