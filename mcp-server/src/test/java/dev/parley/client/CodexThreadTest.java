package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of its process's threads a server of Codex was started for. */
final class CodexThreadTest {

    private static final SessionId ONE = new SessionId("01a220de-a6aa-7ef1-8906-7640bfb2c758");
    private static final SessionId TWO = new SessionId("01a220df-856f-7652-a3b6-9eacc6b2897f");
    private static final ProcessIdentity SELF = LocalProcessTable.INSTANCE.self();
    private static final ProcessIdentity DEAD = new ProcessIdentity(SELF.pid(), SELF.start() + 1, SELF.scope());
    private static final ProcessIdentity HOST = LocalProcessTable.INSTANCE
            .identify(ProcessHandle.current().parent().orElseThrow().pid())
            .orElseThrow();

    private FilePostOffice office;
    private CodexThread thread;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        office = new FilePostOffice(
                Store.open(root.resolve("home"), Durability.PROCESS, Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        // A server that is none of those below.
        thread = new CodexThread(office, HOST, new ProcessIdentity(SELF.pid(), SELF.start() + 2, SELF.scope()));
    }

    private void served(SessionId id, ProcessIdentity server, String activity) throws Exception {
        office.peers()
                .register(new Registration(
                        id, Peer.CODEX, "/", "/", Optional.of(HOST), Optional.of(server), Optional.empty(), false));
        Files.writeString(office.store().activity(id), activity + "\n");
    }

    @Test
    void theOnlyOneIsIt() throws Exception {
        assertEquals(Optional.of(ONE), thread.only(Set.of(ONE)));
    }

    @Test
    void oneWithALivingServerIsAnothers() throws Exception {
        served(ONE, SELF, "idle");
        assertEquals(Optional.of(TWO), thread.only(Set.of(ONE, TWO)));
        assertEquals(Optional.empty(), thread.only(Set.of(ONE)));
    }

    @Test
    void amongTwoNobodyGuesses() throws Exception {
        assertEquals(Optional.empty(), thread.only(Set.of(ONE, TWO)));
        assertEquals(Optional.empty(), thread.only(Set.of()));
    }

    /** Codex starts no other server for a thread whose server has died: whoever took it would have its mail. */
    @Test
    void oneThatLostItsServerAndGoesOnIsNobodyElses() throws Exception {
        served(ONE, DEAD, "busy");
        assertEquals(Optional.empty(), thread.only(Set.of(ONE)));
    }

    /** What begins while another thread is at work may be its sub-agent, which does not wait for a prompt. */
    @Test
    void nobodyIsSaidToBeIdleBesideAThreadAtWork() throws Exception {
        served(ONE, SELF, "busy");
        assertFalse(thread.areIdle(Set.of(ONE, TWO), TWO));
        served(ONE, SELF, "idle");
        assertTrue(thread.areIdle(Set.of(ONE, TWO), TWO));
    }

    @Test
    void oneThatEndedAndWasLoadedAgainIsIt() throws Exception {
        served(ONE, DEAD, "ended");
        assertEquals(Optional.of(ONE), thread.only(Set.of(ONE)));
    }
}
