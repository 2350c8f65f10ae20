package dev.parley.wake;

import dev.parley.client.Clients;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.process.ProcessTable;
import java.util.ArrayList;
import java.util.List;

/**
 * By which ways a session can be reached, as far as that is known without asking anybody. Typing into tmux is left out: whether
 * it is safe is only known at the moment of typing.
 */
public final class Reach {

    private Reach() {}

    /** {@code doorbell}, {@code codex-queue} (ways to wake it), {@code hooks} (sees mail by itself), {@code read}. */
    public static List<String> of(Peer peer, Presence presence, ProcessTable processes) {
        List<String> ways = new ArrayList<>(Clients.of(peer).ways(peer, presence, processes));
        if (presence.activity() != Activity.UNKNOWN) {
            ways.add("hooks");
        }
        ways.add("read");
        return ways;
    }
}
