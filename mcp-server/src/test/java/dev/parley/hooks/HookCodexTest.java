package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which server belongs to a thread of Codex, before that has told it so with a call: until then the server lives under an id
 * that it made up, and mail goes there.
 */
class HookCodexTest {

    private static final ProcessIdentity SELF = LocalProcessTable.INSTANCE.self();
    private static final ProcessIdentity DEAD = new ProcessIdentity(SELF.pid(), SELF.start() + 1, SELF.scope());

    private HookFixture hook;
    private Path root;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        root = directory;
        hook = new HookFixture(root);
        hook.client = "codex";
    }

    /** An id as Codex makes it: its first 48 bits are the time. */
    private static SessionId thread(int number) {
        String time = String.format(Locale.ROOT, "%012x", System.currentTimeMillis());
        return new SessionId("%s-%s-7000-8000-%012d".formatted(time.substring(0, 8), time.substring(8), number));
    }

    private static void awaitNextMillisecond() {
        long now = System.currentTimeMillis();
        await().pollInterval(Duration.ofMillis(1)).until(() -> System.currentTimeMillis() > now);
    }

    private Peer server(String id, Path cwd, ProcessIdentity server) throws Exception {
        return hook.peers.register(new Registration(
                new SessionId(id),
                Peer.CODEX,
                cwd.toString(),
                Project.of(cwd).key(),
                Optional.of(SELF),
                Optional.of(server),
                Optional.empty(),
                false));
    }

    private HookRun hook(SessionId id, String event, String source) throws Exception {
        HookInput input = HookInput.of(event, id.value(), hook.project.toString());
        return HookRun.of(
                hook.environment, "codex", (source.isEmpty() ? input : input.with("source", source)).toString());
    }

    private SessionId addressOf(String id) throws Exception {
        return hook.peers.current(new SessionId(id));
    }

    private List<SessionId> listed() throws Exception {
        return hook.peers.peersOf(Project.of(hook.project).key()).stream()
                .map(Peer::id)
                .toList();
    }

    @Test
    void aThreadTakesOverTheServerThatWasStartedForIt() throws Exception {
        SessionId thread = thread(1);
        Peer made = server("p-one", hook.project, SELF);

        hook(thread, "SessionStart", "startup");

        assertEquals(thread, addressOf("p-one"));
        assertEquals(List.of(thread), listed());
        Peer peer = hook.peers.find(thread).orElseThrow();
        assertEquals(made.name(), peer.name(), "who knows the name goes on with it");
        assertEquals(List.of(SELF), peer.servers());
    }

    @Test
    void mailThatCameBeforeTheFirstPromptIsInIt() throws Exception {
        SessionId thread = thread(1);
        server("p-one", hook.project, SELF);
        Envelope early = hook.send(new SessionId("p-one"), "early", Optional.empty());

        hook(thread, "SessionStart", "startup");

        assertTrue(hook(thread, "UserPromptSubmit", "")
                .context("UserPromptSubmit")
                .contains(early.id().value()));
    }

    @Test
    void ofSeveralItIsTheFirstAfterTheThread() throws Exception {
        server("p-before", hook.project, SELF);
        awaitNextMillisecond();
        SessionId thread = thread(1);
        server("p-own", hook.project, SELF);
        awaitNextMillisecond();
        server("p-later", hook.project, SELF);

        hook(thread, "SessionStart", "startup");

        assertEquals(thread, addressOf("p-own"));
        assertEquals(new SessionId("p-before"), addressOf("p-before"));
        assertEquals(new SessionId("p-later"), addressOf("p-later"));
    }

    @Test
    void noneOfAnotherProjectAndNoneThatHasEnded() throws Exception {
        SessionId thread = thread(1);
        server("p-elsewhere", root, SELF);
        server("p-ended", hook.project, DEAD);

        hook(thread, "SessionStart", "startup");

        assertEquals(new SessionId("p-elsewhere"), addressOf("p-elsewhere"));
        assertEquals(new SessionId("p-ended"), addressOf("p-ended"));
    }

    @Test
    void aServerThatRegistersLateIsTakenOverWithTheNextPrompt() throws Exception {
        SessionId thread = thread(1);
        hook(thread, "SessionStart", "startup");
        Peer made = server("p-late", hook.project, SELF);

        String greeting = hook(thread, "UserPromptSubmit", "").context("UserPromptSubmit");

        assertTrue(greeting.contains("your name here is " + made.name() + "."), greeting);
        assertEquals(thread, addressOf("p-late"));
        assertEquals(List.of(thread), listed());
        Peer peer = hook.peers.find(thread).orElseThrow();
        assertEquals(made.name(), peer.name());
        assertEquals(List.of(SELF), peer.servers());
    }

    /** A cleared thread has an earlier address already; that says nothing of its new server. */
    @Test
    void aServerThatRegistersLateAfterAClearIsTakenOverWithTheNextPrompt() throws Exception {
        SessionId before = thread(1);
        server("p-one", hook.project, SELF);
        hook(before, "SessionStart", "startup");
        SessionId after = thread(2);
        hook(after, "SessionStart", "clear");
        hook(after, "UserPromptSubmit", "");
        assertEquals(after, addressOf(before.value()));
        awaitNextMillisecond();
        server("p-late", hook.project, SELF);

        hook(after, "UserPromptSubmit", "");

        assertEquals(after, addressOf("p-late"));
        assertEquals(List.of(after), listed());
    }

    /** It knew the thread from its lock, and is there before the first prompt. */
    @Test
    void aServerThatKnowsItsThreadStaysInItsCard() throws Exception {
        SessionId thread = thread(1);
        server(thread.value(), hook.project, SELF);

        hook(thread, "SessionStart", "startup");
        hook(thread, "UserPromptSubmit", "");

        assertEquals(List.of(SELF), hook.peers.find(thread).orElseThrow().servers());
    }

    /** Else the next thread of the process would be one of two without a server, and its server could not tell which is its own. */
    @Test
    void afterAClearBothThreadsHaveTheirServers() throws Exception {
        SessionId before = thread(1);
        server(before.value(), hook.project, SELF);
        hook(before, "SessionStart", "startup");
        SessionId after = thread(2);
        server(after.value(), hook.project, SELF);

        hook(after, "SessionStart", "clear");

        assertEquals(List.of(SELF), hook.peers.find(before).orElseThrow().servers());
        assertEquals(List.of(SELF), hook.peers.find(after).orElseThrow().servers());
    }

    /** A sub-agent's server, or that of another thread of the daemon. */
    @Test
    void aThreadThatHasItsServerTakesNoOther() throws Exception {
        SessionId thread = thread(1);
        server(thread.value(), hook.project, SELF);
        hook(thread, "SessionStart", "startup");
        awaitNextMillisecond();
        server("p-other", hook.project, SELF);

        hook(thread, "UserPromptSubmit", "");
        hook(thread, "Stop", "");

        assertEquals(new SessionId("p-other"), addressOf("p-other"));
    }

    @Test
    void aThreadOfWhoseServersOneIsDeadTakesNoOther() throws Exception {
        SessionId thread = thread(1);
        Process first = new ProcessBuilder("sleep", "60").start();
        server(
                thread.value(),
                hook.project,
                LocalProcessTable.INSTANCE.identify(first.pid()).orElseThrow());
        server(thread.value(), hook.project, SELF);
        first.destroyForcibly().waitFor();
        awaitNextMillisecond();
        server("p-other", hook.project, SELF);

        hook(thread, "SessionStart", "startup");
        hook(thread, "Stop", "");

        assertEquals(new SessionId("p-other"), addressOf("p-other"));
        assertTrue(hook.peers.find(thread).orElseThrow().servers().contains(SELF));
    }

    /** A server whose client was killed may outlive it for a moment. */
    @Test
    void aResumedThreadLeavesTheServerOfItsEarlierProcess() throws Exception {
        SessionId thread = thread(1);
        hook.peers.register(new Registration(
                thread,
                Peer.CODEX,
                hook.project.toString(),
                Project.of(hook.project).key(),
                Optional.of(DEAD),
                Optional.of(SELF),
                Optional.empty(),
                false));
        server("p-new", hook.project, SELF);

        hook(thread, "SessionStart", "resume");

        assertEquals(thread, addressOf("p-new"));
        assertEquals(Optional.of(SELF), hook.peers.find(thread).orElseThrow().process());
    }

    /** Its server may write the card at the same moment. */
    @Test
    void aCardWithNothingToChangeIsNotWritten() throws Exception {
        SessionId thread = thread(1);
        server(thread.value(), hook.project, SELF);
        Object written = Files.getAttribute(hook.store.card(thread), "unix:ino");

        hook(thread, "SessionStart", "startup");

        assertEquals(written, Files.getAttribute(hook.store.card(thread), "unix:ino"));
    }

    @Test
    void aResumedThreadLivesInItsNewServer() throws Exception {
        SessionId thread = thread(1);
        hook.peers.register(new Registration(
                thread,
                Peer.CODEX,
                hook.project.toString(),
                Project.of(hook.project).key(),
                Optional.of(DEAD),
                Optional.of(DEAD),
                Optional.empty(),
                false));
        hook.peers.update(thread, card -> card.withGroups(List.of("docs", "release")));
        assertEquals(
                Life.GONE,
                hook.peers.presence(hook.peers.find(thread).orElseThrow()).life());
        server("p-new", hook.project, SELF);

        hook(thread, "SessionStart", "resume");

        Peer peer = hook.peers.find(thread).orElseThrow();
        assertEquals(Life.LIVE, hook.peers.presence(peer).life());
        assertEquals(Optional.of(SELF), peer.process());
        assertEquals(List.of(SELF), peer.servers());
        assertEquals(List.of("docs", "release"), peer.groups(), "a hook that renews the card leaves the rest of it");
        assertEquals(thread, addressOf("p-new"));
    }

    @Test
    void aResumedThreadAmongSeveralServersTakesNone() throws Exception {
        SessionId thread = thread(1);
        server("p-one", hook.project, SELF);
        server("p-two", hook.project, SELF);

        hook(thread, "SessionStart", "resume");

        assertEquals(3, listed().size());
    }

    @Test
    void mailFollowsAClearWithTheName() throws Exception {
        SessionId before = thread(1);
        server("p-one", hook.project, SELF);
        hook(before, "SessionStart", "startup");
        String name = hook.peers.find(before).orElseThrow().name();
        SessionId after = thread(2);
        server("p-two", hook.project, SELF);

        hook(after, "SessionStart", "clear");

        assertEquals(List.of(after), listed());
        assertEquals(after, addressOf(before.value()));
        assertEquals(after, addressOf("p-one"));
        assertEquals(name, hook.peers.find(after).orElseThrow().name());
    }

    /** Codex keeps it loaded, and takes up to ten seconds for what was queued for it before. */
    @Test
    void aClearedThreadThatIsWokenLateTakesNothingOfTheNextConversation() throws Exception {
        SessionId before = thread(1);
        hook(before, "SessionStart", "startup");
        SessionId after = thread(2);
        hook(after, "SessionStart", "clear");
        Envelope sent = hook.send(hook.peers.current(before), "for who is here now", Optional.empty());
        hook(after, "Interrupt", "").silent();

        for (String event : List.of("UserPromptSubmit", "PostToolUse", "Stop", "SessionEnd")) {
            hook(before, event, "").silent();
        }

        assertEquals(1, hook.mailboxes.of(after).waiting());
        assertEquals(
                "held", Files.readString(hook.store.activity(after)).strip(), "what it does is not what this one does");
        assertTrue(hook(after, "UserPromptSubmit", "")
                .context("UserPromptSubmit")
                .contains(sent.id().value()));
    }

    @Test
    void anAddressThatWasPinnedByHandIsStillServedByItsThread() throws Exception {
        SessionId thread = thread(1);
        hook(thread, "SessionStart", "startup");
        SessionId pinned = new SessionId("reviewer-of-today");
        var unused = hook.peers.move(
                thread,
                new Registration(
                        pinned,
                        Peer.CODEX,
                        hook.project.toString(),
                        Project.of(hook.project).key(),
                        Optional.of(SELF),
                        Optional.of(SELF),
                        Optional.of(thread),
                        Optional.empty(),
                        true));
        Envelope sent = hook.send(pinned, "x", Optional.empty());

        assertTrue(hook(thread, "UserPromptSubmit", "")
                .context("UserPromptSubmit")
                .contains(sent.id().value()));
    }

    @Test
    void whatWasClearedAmongSeveralIsNotGuessed() throws Exception {
        SessionId one = thread(1);
        hook(one, "SessionStart", "startup");
        SessionId two = thread(2);
        hook(two, "SessionStart", "startup");
        SessionId after = thread(3);

        hook(after, "SessionStart", "clear");

        assertEquals(3, listed().size());
        assertEquals(one, addressOf(one.value()));
        assertEquals(two, addressOf(two.value()));
    }

    /** Its server knows the thread from its lock, and has named the session before its first hook runs. */
    @Test
    void aClearedThreadWhoseServerWasQuickerKeepsTheNameItHad() throws Exception {
        SessionId first = thread(1);
        SessionId second = thread(2);
        String name = server(first.value(), hook.project, SELF).name();
        hook(first, "SessionStart", "startup");
        String own = server(second.value(), hook.project, SELF).name();
        assertNotEquals(name, own);

        hook(second, "SessionStart", "clear");

        assertEquals(name, hook.peers.find(second).orElseThrow().name());
        assertEquals(Optional.of(second), hook.store.forwardOf(first));
    }

    /** Its server knew the thread from its lock, and it was cleared before its first prompt. */
    private SessionId passed(int number) throws Exception {
        SessionId thread = thread(number);
        server(thread.value(), hook.project, SELF);
        hook.peers.ready(thread, true);
        return thread;
    }

    @Test
    void aThreadThatWasClearedBeforeItsFirstPromptIsFollowed() throws Exception {
        SessionId passed = passed(1);
        String name = hook.peers.find(passed).orElseThrow().name();
        SessionId after = passed(2);

        hook(after, "SessionStart", "clear");

        assertEquals(List.of(after), listed());
        assertEquals(after, addressOf(passed.value()));
        assertEquals(name, hook.peers.find(after).orElseThrow().name());
    }

    @Test
    void allAreFollowedThatWereClearedSinceTheLastPrompt() throws Exception {
        SessionId before = passed(1);
        hook(before, "SessionStart", "startup");
        String name = hook.peers.find(before).orElseThrow().name();
        SessionId passed = passed(2);
        Envelope sent = hook.send(passed, "for who comes next", Optional.empty());
        SessionId after = passed(3);

        hook(after, "SessionStart", "clear");

        assertEquals(List.of(after), listed());
        assertEquals(after, addressOf(before.value()));
        assertEquals(after, addressOf(passed.value()));
        assertEquals(name, hook.peers.find(after).orElseThrow().name());
        assertTrue(hook(after, "UserPromptSubmit", "")
                .context("UserPromptSubmit")
                .contains(sent.id().value()));
    }
}
