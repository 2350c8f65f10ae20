package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.hub.Membership;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.hub.nats.NatsRoad;
import java.io.IOException;

/** Leaves a team. */
final class HubLeave {

    private HubLeave() {}

    /**
     * Leaves.
     *
     * @param strand whether also if that strands messages
     */
    static void leave(HubDesk desk, boolean strand) throws IOException, InterruptedException {
        Membership membership = desk.settings().membership();
        int out = desk.file().outgoing();
        if (out > 0 && !strand) {
            throw new IOException(
                    out + " messages wait to leave this machine, which happens while a session runs on it and"
                            + " the receivers' machines are there; --strand leaves all the same. Nothing was changed");
        }
        String gone;
        try (NatsRoad road = desk.connect(membership)) {
            long in = waiting(road);
            if (in > 0 && !strand) {
                throw new IOException(
                        in + " messages wait at the hub for this machine, and come in while a session runs on"
                                + " it; --strand leaves all the same. Nothing was changed");
            }
            removeKeys(road, membership.host());
            gone = in > 0 ? "; " + in + " messages for it stay at the hub, and with their senders" : "";
        } catch (RoadException e) {
            if (!strand) {
                throw new IOException(
                        e.getMessage()
                                + ". What the hub shows of this machine cannot be removed now; --strand leaves all the"
                                + " same. Nothing was changed",
                        e);
            }
            gone = "; the hub could not be told (" + e.getMessage() + "), and shows this machine as away";
        }
        desk.file().remove();
        desk.say("left the team " + membership.team() + gone
                + (out > 0 ? "; " + out + " messages stay here, and go out when this machine joins again" : ""));
    }

    private static long waiting(NatsRoad road) throws RoadException {
        try {
            return road.waiting();
        } catch (RoadException e) {
            if (e.kind() == Kind.MISSING) {
                return 0;
            }
            throw e;
        }
    }

    /** The lease, and the cards of sessions. */
    private static void removeKeys(NatsRoad road, HostName host) throws RoadException {
        try {
            for (Entry entry : road.entries()) {
                if (entry.key().equals(host.value()) || entry.key().startsWith(host + ".")) {
                    remove(road, entry);
                }
            }
        } catch (RoadException e) {
            if (e.kind() != Kind.MISSING) {
                throw e;
            }
        }
    }

    private static void remove(NatsRoad road, Entry entry) throws RoadException {
        try {
            road.remove(entry.key(), entry.revision());
        } catch (RoadException e) {
            // Written again in between, by a session that still runs; it falls silent with it.
            if (e.kind() != Kind.CONFLICT) {
                throw e;
            }
        }
    }
}
