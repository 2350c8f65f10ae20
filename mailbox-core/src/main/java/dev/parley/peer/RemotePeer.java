package dev.parley.peer;

import java.util.List;

/**
 * A session on another machine, as this one knows it.
 *
 * @param peer its card; {@link Peer#host} is there
 * @param presence what is known of its life: nothing, if its machine is silent
 * @param isAway whether its machine has fallen silent: what is sent to it waits until that is back
 * @param waits for whom it waits, as its machine has said a moment ago; nobody, if that is old or its machine is silent
 */
public record RemotePeer(Peer peer, Presence presence, boolean isAway, List<WaitsFor> waits) {

    /** Copies the list. */
    public RemotePeer {
        waits = List.copyOf(waits);
    }
}
