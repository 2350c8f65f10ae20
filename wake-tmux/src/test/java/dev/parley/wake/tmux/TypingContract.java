package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.clients.FakeApi;
import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.lock.Locks;
import dev.parley.lock.ProcessTable;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.store.Durability;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import dev.parley.store.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tmux rung does with a real client, whichever it is. */
abstract class TypingContract {

    static final String TEXT = "Parley: mail from a peer is waiting. Read it with read_my_messages.";

    @TempDir
    Path directory;

    final PrivateTmux tmux = new PrivateTmux();
    private RealClient client;
    private Waker waker;

    abstract RealClient client(Path where);

    @BeforeEach
    void start() throws IOException {
        client = client(directory.resolve("client"));
        waker = new TmuxWaker()
                .over(new Locks(
                        Store.open(directory.resolve("store"), Durability.POWER_CUT, Trace.NONE),
                        ProcessTable.local()));
    }

    @AfterEach
    void end() {
        tmux.close();
        client.close();
    }

    @Test
    void wakesAnIdleClient() throws Exception {
        TmuxPane pane = client.open(tmux, 120, 40);
        WakeOutcome outcome = wake(pane);
        assertInstanceOf(Accepted.class, outcome, () -> outcome + "\n" + pane.styled());
        pane.awaitText("pong");
        assertEquals(List.of(new FakeApi.Turn(TEXT)), client.api.turns());
    }

    @Test
    void fortyTriesAreFortySubmissionsAndNotOneStrayKey() throws Exception {
        TmuxPane pane = client.open(tmux, 120, 40);
        for (int n = 1; n <= 40; n++) {
            int expected = n;
            WakeOutcome outcome = wake(pane);
            assertInstanceOf(Accepted.class, outcome, () -> outcome + "\n" + pane.styled());
            Awaitility.await().until(() -> client.api.turns().size() == expected);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !pane.text().contains("esc to interrupt"));
        }
        assertEquals(
                40,
                client.api.turns().stream()
                        .filter(new FakeApi.Turn(TEXT)::equals)
                        .count());
    }

    WakeOutcome wake(TmuxPane pane) throws InterruptedException {
        return waker.wake(new WakeRequest(
                new SessionId("s-1"),
                client.type(),
                Optional.of(RealClient.identity(pane.process())),
                TEXT,
                Duration.ofSeconds(5)));
    }
}
