package dev.parley.overview;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
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

    /** Which it is, also if it is on another machine. */
    public Who who() {
        return new Who(peer.host(), peer.id());
    }

    /** Whether it is known to run. */
    public boolean isLive() {
        return presence.life() == Life.LIVE;
    }

    /**
     * Whether anything of it was ever seen. An address that was made for a session that is still to come, as {@code parley spawn}
     * makes one, has a card and no more.
     */
    public boolean hasBegun() {
        return presence.life() != Life.UNKNOWN
                || presence.activity() != Activity.UNKNOWN
                || peer.process().isPresent()
                || !peer.servers().isEmpty();
    }

    /** Whether it has ended. */
    public boolean isGone() {
        return presence.life() == Life.GONE;
    }
}
