package dev.parley.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution;
import dev.parley.store.Part;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.Pipes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The start of a session: registration, greeting, and what becomes of the mail of an earlier one. */
class HookSessionTest {

    private static final SessionId CLEARED = new SessionId("99999999-b870-4f75-a807-43f541f7b15b");

    private HookFixture hook;
    private int prompts;
    private Path root;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        this.root = root;
        hook = new HookFixture(root);
    }

    private HookRun sessionStart(String source) throws Exception {
        return hook.run(hook.input("SessionStart").with("source", source));
    }

    /** Shown with the first prompt after a start. */
    private String greeting(String source) throws Exception {
        assertFalse(sessionStart(source).out().contains("additionalContext"));
        return hook.run(hook.input("UserPromptSubmit").turn(String.format("%012x", ++prompts)))
                .context("UserPromptSubmit");
    }

    @Test
    void registersWhatAServerWouldKnow() throws Exception {
        JsonNode output = sessionStart("startup").json().path("hookSpecificOutput");

        assertEquals(
                hook.store.doorbell(hook.id).toString(),
                output.path("watchPaths").path(0).asString(""));
        Peer peer = hook.peers.find(hook.id).orElseThrow();
        assertEquals(Peer.CLAUDE_CODE, peer.client());
        assertEquals(hook.project.toString(), peer.cwd());
        assertEquals(Project.of(hook.project).key(), peer.project());
        assertEquals(Optional.of(LocalProcessTable.INSTANCE.self()), peer.process());
        assertEquals(Optional.of(hook.project + "/transcript.jsonl"), peer.transcript());
        assertEquals(Presence.Life.LIVE, hook.peers.presence(peer).life());
        assertEquals(Presence.Activity.IDLE, hook.peers.presence(peer).activity());
        assertEquals(hook.id.value(), Files.readString(hook.pointer()).strip());
    }

    @Test
    void aServerCompletesTheCardAndAHookLeavesItThen() throws Exception {
        sessionStart("startup");
        String name = hook.register(hook.id, hook.project).name();
        String card = Files.readString(hook.store.card(hook.id));

        String greeting = greeting("resume");

        assertTrue(greeting.contains("your name here is " + name + "."), greeting);
        assertEquals(card, Files.readString(hook.store.card(hook.id)));
    }

    @Test
    void aServersSessionIsNotRegisteredTwice() throws Exception {
        Peer peer = hook.register(hook.id, hook.project);
        sessionStart("startup");
        assertEquals(peer, hook.peers.find(hook.id).orElseThrow());
    }

    @Test
    void knowsTheProjectAsServersDo() throws Exception {
        Path repository = Files.createDirectories(root.resolve("re po"));
        git(repository, "init", "-q");
        git(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x");
        git(repository, "worktree", "add", "-q", root.resolve("tree").toString());
        Path nested = Files.createDirectories(repository.resolve("a/b"));
        Path link = Files.createSymbolicLink(root.resolve("link"), nested);
        Path broken = Files.createDirectories(root.resolve("broken/sub"));
        Files.writeString(root.resolve("broken/.git"), "gitdir: /nowhere/at/all\n");
        Path windows = Files.createDirectories(root.resolve("windows"));
        Files.writeString(
                windows.resolve(".git"),
                Files.readString(root.resolve("tree/.git")).replace("\n", "\r\n"));

        Path lost = root.resolve("lost");
        git(repository, "worktree", "add", "-q", lost.toString());
        Files.writeString(repository.resolve(".git/worktrees/lost/commondir"), "../nowhere\n");
        // The last one: git itself would wait for it.
        Path piped = root.resolve("piped");
        git(repository, "worktree", "add", "-q", piped.toString());
        Path common = repository.resolve(".git/worktrees/piped/commondir");
        Files.delete(common);
        Pipes.make(common);

        int number = 0;
        for (Path cwd : List.of(
                repository, nested, root.resolve("tree"), link, broken, windows, piped, lost, root, Path.of("/"))) {
            SessionId id = new SessionId("project-" + number++);
            HookRun.of(
                    hook.environment,
                    "claude-code",
                    HookInput.of("SessionStart", id.value(), cwd.toString())
                            .with("source", "startup")
                            .toString());
            assertEquals(
                    Project.of(cwd).key(), hook.peers.find(id).orElseThrow().project(), cwd.toString());
        }
        assertEquals(
                hook.peers.find(new SessionId("project-0")).orElseThrow().project(),
                hook.peers.find(new SessionId("project-2")).orElseThrow().project());
    }

    private static void git(Path directory, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertEquals(
                0,
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor());
    }

    @Test
    void greetsBrieflyHoweverManyAreHere() throws Exception {
        for (int i = 0; i < 60; i++) {
            hook.register(new SessionId("peer-" + i), hook.project);
        }
        SessionId ended = new SessionId("peer-ended");
        String gone = hook.register(ended, hook.project).name();
        Files.writeString(hook.store.activity(ended), "ended\n");
        String elsewhere = hook.register(new SessionId("peer-elsewhere"), root).name();

        String greeting = greeting("startup");

        assertTrue(greeting.length() <= 600, greeting.length() + ": " + greeting);
        assertTrue(greeting.endsWith(" more."), greeting);
        assertFalse(greeting.contains(gone) || greeting.contains(elsewhere), greeting);
    }

    /** The first prompt may be hours after the start, and others may have come or gone since. */
    @Test
    void theGreetingTellsWhoIsHereWhenItIsShown() throws Exception {
        sessionStart("startup");
        String own = hook.register(hook.id, hook.project).name();
        String other = hook.register(new SessionId("came-later"), hook.project).name();
        hook.send("and mail");

        String context = hook.run("UserPromptSubmit").context("UserPromptSubmit");

        assertTrue(
                context.startsWith("Parley: your name here is " + own + ". Other agent sessions on this project: "
                        + other + ".\n\nParley: 1 m"),
                context);
        assertTrue(context.length() <= 9500);
        hook.run("Stop").silent();
        hook.run(hook.input("UserPromptSubmit").turn("bbbbbbbbbbbb")).silent();
    }

    @Test
    void aNameThatComesAfterTheFirstPromptIsToldWithTheNext() throws Exception {
        assertEquals("Parley: No other agent session is on this project now.", greeting("startup"));
        String own = hook.register(hook.id, hook.project).name();

        assertEquals(
                "Parley: your name here is " + own + ".",
                hook.run(hook.input("UserPromptSubmit").turn("bbbbbbbbbbbb")).context("UserPromptSubmit"));
        hook.run(hook.input("UserPromptSubmit").turn("cccccccccccc")).silent();
    }

    @Test
    void aNameThatComesWhileTheFirstPromptWaitsForItIsTold() throws Exception {
        sessionStart("startup");
        Process prompt = HookRun.start(hook.environment, "claude-code");
        prompt.getOutputStream()
                .write(hook.input("UserPromptSubmit").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        prompt.getOutputStream().flush();
        String own = hook.register(hook.id, hook.project).name();

        assertTrue(HookRun.finish(prompt, "").context("UserPromptSubmit").contains("your name here is " + own));
    }

    @Test
    void aCompactionInTheMiddleOfATurnIsGreetedAtOnce() throws Exception {
        String own = hook.register(hook.id, hook.project).name();
        greeting("startup");

        assertTrue(sessionStart("compact").context("SessionStart").contains("your name here is " + own));
        hook.run("Stop").silent();
        assertTrue(greeting("compact").contains("your name here is " + own), "or with the prompt that follows");
    }

    @Test
    void theNameFollowsAClearAtOnce() throws Exception {
        sessionStart("startup");
        String name = hook.register(hook.id, hook.project).name();
        Peer sender = hook.register(HookFixture.SENDER, hook.project);

        clear();

        assertEquals(name, hook.peers.find(CLEARED).orElseThrow().name());
        assertEquals(new Resolution.Found(hook.peers.find(CLEARED).orElseThrow()), hook.peers.resolve(name, sender));
    }

    /** Killed between the two: the old name leads to the old card, and from there on. */
    @Test
    void aNameThatWasNotTakenAlongLeadsToTheNewAddress() throws Exception {
        sessionStart("startup");
        String name = hook.register(hook.id, hook.project).name();
        Peer sender = hook.register(HookFixture.SENDER, hook.project);
        Peer now = hook.register(CLEARED, hook.project);
        Files.createDirectories(hook.store.session(CLEARED).resolve("moved_from"));
        Files.createFile(hook.store.session(CLEARED).resolve("moved_from/" + hook.id));
        Files.writeString(hook.store.movedTo(hook.id), CLEARED + "\n");

        assertEquals(new Resolution.Found(now), hook.peers.resolve(name, sender));
    }

    @Test
    void codexIsNotKnownByItsProcess() throws Exception {
        hook.client = "codex";
        sessionStart("startup").silent();

        try (var clients = Files.list(hook.store.clients())) {
            assertEquals(0, clients.count());
        }
        assertEquals(Peer.CODEX, hook.peers.find(hook.id).orElseThrow().client());
    }

    @Test
    void whatWasNotProvenIsHandedOverAgain() throws Exception {
        sessionStart("startup");
        Envelope sent = hook.send("x");
        hook.run("UserPromptSubmit");

        sessionStart("resume");

        assertEquals(List.of(), hook.claims());
        String again =
                hook.run(hook.input("UserPromptSubmit").turn("bbbbbbbbbbbb")).context("UserPromptSubmit");
        assertTrue(again.contains("redelivered") && again.contains(sent.id().value()), again);
    }

    @Test
    void compactionIsNoNewStart() throws Exception {
        sessionStart("startup");
        hook.send("x");
        hook.run("UserPromptSubmit");

        sessionStart("compact");

        assertEquals(1, hook.claims().size());
        assertEquals("busy", hook.activity());
    }

    @Test
    void mailFollowsAClear() throws Exception {
        sessionStart("startup");
        Envelope waiting = hook.send("waits");
        Envelope unproven = hook.send("unproven");
        Files.move(
                hook.mailbox("new").resolve(hook.names("new").get(1)),
                Files.createDirectory(hook.mailbox("cur").resolve("w.1.0.0.h1tcr1"))
                        .resolve(hook.names("new").get(1)));
        hook.run("SessionEnd");

        JsonNode output = cleared("SessionStart", "source", "clear").json().path("hookSpecificOutput");

        assertEquals(2, output.path("watchPaths").size(), "whoever still knows the old id rings its bell");
        assertEquals(CLEARED, hook.peers.current(hook.id));
        Mailboxes mailboxes = hook.mailboxes;
        assertEquals(2, mailboxes.of(CLEARED).waiting());
        Envelope late = hook.send("to the old address");
        assertEquals(3, mailboxes.of(CLEARED).waiting(), "the old address works before any server notices");

        Files.createFile(hook.store.ledger(hook.id).resolve(waiting.id().value()));
        hook.register(CLEARED, hook.project);
        assertTrue(
                Files.exists(hook.store.ledger(CLEARED).resolve(waiting.id().value())),
                "a server brings what a hook leaves behind");

        String context = cleared("UserPromptSubmit").context("UserPromptSubmit");
        for (Envelope each : List.of(waiting, unproven, late)) {
            assertTrue(context.contains(each.id().value()), context);
        }
    }

    @Test
    void aSessionThatComesBackKeepsItsOwnMail() throws Exception {
        sessionStart("startup");
        clear();
        hook.send("follows");

        sessionStart("resume");
        hook.send("stays");

        assertEquals(hook.id, hook.peers.current(hook.id));
        assertEquals(1, hook.mailboxes.of(CLEARED).waiting());
        assertEquals(1, hook.mailboxes.of(hook.id).waiting());
    }

    /** A server that remembers what waits goes by the time of this directory. */
    @Test
    void mailThatFollowsAClearIsToldToTheServer() throws Exception {
        sessionStart("startup");
        hook.send("follows");
        Peer unused = hook.register(CLEARED, hook.project);
        FileTime before = FileTime.fromMillis(0);
        Path directory = hook.store.part(CLEARED, Part.TMP);
        Files.setLastModifiedTime(directory, before);

        clear();

        assertEquals(1, hook.mailboxes.of(CLEARED).waiting());
        assertNotEquals(before, Files.getLastModifiedTime(directory));
    }

    private void clear() throws Exception {
        cleared("SessionStart", "source", "clear");
    }

    /** What {@code claim_session} does: the client's own id leads to another address from then on. */
    private SessionId pin(String address) throws Exception {
        SessionId pinned = new SessionId(address);
        var unused = hook.peers.move(
                hook.id,
                new Registration(
                        pinned,
                        Peer.CLAUDE_CODE,
                        hook.project.toString(),
                        Project.of(hook.project).key(),
                        Optional.of(LocalProcessTable.INSTANCE.self()),
                        Optional.of(LocalProcessTable.INSTANCE.self()),
                        Optional.of(hook.id),
                        Optional.empty(),
                        true));
        return pinned;
    }

    private HookRun cleared(String event, String... more) throws Exception {
        HookInput input = HookInput.of(event, CLEARED.value(), hook.project.toString());
        return hook.run(more.length == 0 ? input : input.with(more[0], more[1]));
    }

    @Test
    void anAddressThatWasPinnedByHandStaysTheSessionsAfterAClear() throws Exception {
        sessionStart("startup");
        SessionId pinned = pin("reviewer-of-today");
        Envelope before = hook.send(pinned, "before", Optional.empty());
        hook.run("SessionEnd");

        JsonNode output = cleared("SessionStart", "source", "clear").json().path("hookSpecificOutput");

        assertEquals(
                hook.store.doorbell(pinned).toString(),
                output.path("watchPaths").path(0).asString(""));
        for (SessionId id : List.of(hook.id, CLEARED, pinned)) {
            assertEquals(pinned, hook.peers.current(id), "all lead there");
        }
        assertEquals(CLEARED.value(), Files.readString(hook.pointer()).strip(), "its client's own id");
        Envelope after = hook.send(pinned, "after", Optional.empty());
        Envelope old = hook.send(hook.peers.current(hook.id), "to the first id", Optional.empty());
        String context = cleared("UserPromptSubmit").context("UserPromptSubmit");
        for (Envelope each : List.of(before, after, old)) {
            assertTrue(context.contains(each.id().value()) && !context.contains("redelivered"), context);
        }
        assertEquals("busy", Files.readString(hook.store.activity(pinned)).strip());
        cleared("SessionEnd").silent();
        assertEquals("ended", Files.readString(hook.store.activity(pinned)).strip());
    }

    @Test
    void anAddressThatWasPinnedByHandStaysTheSessionsAfterACompaction() throws Exception {
        sessionStart("startup");
        SessionId pinned = pin("reviewer-of-today");

        sessionStart("compact");

        assertEquals(pinned, hook.peers.current(hook.id));
        Envelope sent = hook.send(pinned, "x", Optional.empty());
        assertTrue(hook.run("UserPromptSubmit")
                .context("UserPromptSubmit")
                .contains(sent.id().value()));
    }

    /** Only a hook has been there, and its server will give it a name. */
    @Test
    void whoHasNoNameYetIsCountedInTheGreeting() throws Exception {
        cleared("SessionStart", "source", "startup");
        assertTrue(greeting("startup").contains("Other agent sessions on this project: one that has no name yet."));

        String other = hook.register(HookFixture.SENDER, hook.project).name();
        String greeting = greeting("startup");
        assertTrue(greeting.contains("project: " + other + " and one that has no name yet."), greeting);
    }

    /** Under the bare number: a server that was started with that hook still reads it. */
    @Test
    void aPointerOfAnEarlierHookIsFollowedAndKept() throws Exception {
        sessionStart("startup");
        Path plain = hook.store.clients().resolve(hook.environment.get("CLAUDE_PID"));
        Files.move(hook.pointer(), plain);

        clear();

        assertEquals(CLEARED, hook.peers.current(hook.id));
        assertEquals(CLEARED.value(), Files.readString(plain).strip());
        assertEquals(CLEARED.value(), Files.readString(hook.pointer()).strip());
    }

    @Test
    void aPointerOfAnotherContainersClientMovesNothing() throws Exception {
        sessionStart("startup");
        Path plain = hook.store.clients().resolve(hook.environment.get("CLAUDE_PID"));
        Files.move(hook.pointer(), plain);
        Path card = hook.store.card(hook.id);
        Files.writeString(
                card,
                Files.readString(card).replace(LocalProcessTable.INSTANCE.self().scope(), "0123456789abn1"));

        clear();

        assertEquals(hook.id, hook.peers.current(hook.id));
        assertEquals(hook.id.value(), Files.readString(plain).strip(), "it is the other's");
    }

    @Test
    void anotherSessionInTheSameProcessIsNoClear() throws Exception {
        sessionStart("startup");
        hook.send("stays");

        cleared("SessionStart", "source", "resume");

        assertEquals(hook.id, hook.peers.current(hook.id));
        assertEquals(1, hook.mailboxes.of(hook.id).waiting());
    }

    @Test
    void anIdThatWasPinnedByHandIsFollowed() throws Exception {
        sessionStart("startup");
        SessionId pinned = new SessionId("pinned-by-hand");
        Peer before = hook.register(hook.id, hook.project);
        hook.peers.move(
                hook.id,
                new Registration(
                        pinned,
                        before.client(),
                        before.cwd(),
                        before.project(),
                        before.process(),
                        Optional.empty(),
                        Optional.empty(),
                        true));
        Envelope sent = hook.send("x");
        assertEquals(1, hook.mailboxes.of(pinned).waiting());

        assertTrue(hook.run("UserPromptSubmit")
                .context("UserPromptSubmit")
                .contains(sent.id().value()));
        hook.run("Stop").silent();

        assertEquals(
                "SHOWN",
                hook.mailboxes
                        .of(pinned)
                        .locate(sent.id())
                        .orElseThrow()
                        .place()
                        .name());
        assertEquals(pinned, hook.peers.current(hook.id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"~/home", "~//home/"})
    void aTildeIsTheUsersHome(String home) throws Exception {
        hook.environment.put("PARLEY_HOME", home);
        sessionStart("startup");
        assertTrue(hook.peers.find(hook.id).isPresent());
    }

    @Test
    void aBareTildeIsTheUsersHomeToo() throws Exception {
        hook.environment.put("PARLEY_HOME", "~");
        hook.environment.put("HOME", hook.home.toString());
        sessionStart("startup");
        assertTrue(hook.peers.find(hook.id).isPresent());
    }

    /** Each would be another store in every directory. */
    @ParameterizedTest
    @CsvSource({
        "relative, /",
        "./relative, /",
        "'', relative",
        "'', ?",
        "~, relative",
        "~other/x, /",
        "?, /",
        "'~/x', ~"
    })
    void aHomeThatIsNoAbsolutePathIsNoHome(String home, String user) throws Exception {
        Path directory = Files.createDirectory(root.resolve("empty"));
        hook.environment.put("PARLEY_HOME", home);
        hook.environment.put("HOME", user);
        HookRun.of(
                        hook.environment,
                        "claude-code",
                        hook.input("SessionStart")
                                .with("source", "startup")
                                .toString()
                                .getBytes(UTF_8),
                        directory)
                .silent();
        try (var made = Files.list(directory)) {
            assertEquals(List.of(), made.toList());
        }
    }

    @Test
    void hooksThatWereInstalledInTheMiddleRegisterToo() throws Exception {
        hook.run("UserPromptSubmit").silent();
        assertEquals(
                hook.project.toString(), hook.peers.find(hook.id).orElseThrow().cwd());
        assertEquals("busy", hook.activity());
    }

    @Test
    void theGreetingSaysWhoWaitsForItsUser() throws Exception {
        SessionId other = new SessionId("other-0001");
        String name = hook.register(other, hook.project).name();
        Files.writeString(hook.store.activity(other), "asks\n");
        String asks = greeting("startup");
        assertTrue(asks.contains(name + " (waits for its user)"), asks);
        Files.writeString(hook.store.activity(other), "held\n");
        String held = greeting("startup");
        assertTrue(held.contains(name + " (idle)"), held);
    }
}
