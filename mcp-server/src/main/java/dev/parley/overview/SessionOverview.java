package dev.parley.overview;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Life;

/**
 * One session of a project, as far as its card and its hooks tell.
 *
 * @param peer its card: name, client, purpose, address, and whether it can be resumed
 * @param presence whether it runs, and what it does
 */
public record SessionOverview(Peer peer, Presence presence) {

    /** Its address. */
    public SessionId id() {
        return peer.id();
    }

    /** Whether it is known to run. */
    public boolean isLive() {
        return presence.life() == Life.LIVE;
    }

    /** Whether it has ended. */
    public boolean isGone() {
        return presence.life() == Life.GONE;
    }
}
