package dev.parley.peer;

import dev.parley.peer.Presence.Life;

/**
 * A session on another machine, as this one knows it.
 *
 * @param peer its card; {@link Peer#host} is there
 * @param presence what is known of its life: nothing, if its machine is silent and has not said that it ended
 * @param isAway whether its machine has fallen silent: what is sent to it waits until that is back
 */
public record RemotePeer(Peer peer, Presence presence, boolean isAway) {

    /** Whether it has ended, as its machine has said. */
    public boolean isGone() {
        return presence.life() == Life.GONE;
    }
}
