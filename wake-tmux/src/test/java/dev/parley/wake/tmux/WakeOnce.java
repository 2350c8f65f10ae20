package dev.parley.wake.tmux;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One sender: a waker over a store, in this process or, as a program, in one of its own. */
final class WakeOnce {

    static final String TEXT = "Parley: mail from a peer is waiting. Read it with read_my_messages.";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private WakeOnce() {}

    /** The tmux rung as the ladder finds it. */
    static Waker waker(Path store) throws IOException {
        return new TmuxWaker()
                .over(new Locks(Store.open(store, Durability.PROCESS, Trace.NONE), LocalProcessTable.INSTANCE));
    }

    /** Wakes the client in this process. */
    static WakeOutcome wake(Waker waker, String client, long pid) throws InterruptedException {
        return waker.wake(
                new WakeRequest(new SessionId("s-1"), client, LocalProcessTable.INSTANCE.identify(pid), TEXT, LIMIT));
    }

    /** A request for a client that is said to be that process. */
    static WakeRequest request(String client, ProcessIdentity process) {
        return new WakeRequest(new SessionId("s-1"), client, Optional.of(process), TEXT, LIMIT);
    }

    /** {@code STORE PID}: says it is ready, waits for a line on standard input, and prints the outcome. */
    public static void main(String[] arguments) throws Exception {
        Waker waker = waker(Path.of(arguments[0]));
        System.out.println("ready");
        if (System.in.read() >= 0) {
            System.out.println(wake(waker, Peer.CLAUDE_CODE, Long.parseLong(arguments[1])));
        }
    }
}
