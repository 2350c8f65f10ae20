package dev.parley.peer;

/**
 * A session on another machine, as this one knows it.
 *
 * @param peer its card; {@link Peer#host} is there
 * @param presence what is known of its life: nothing, if its machine is silent
 * @param isAway whether its machine has fallen silent: what is sent to it waits until that is back
 */
public record RemotePeer(Peer peer, Presence presence, boolean isAway) {}
