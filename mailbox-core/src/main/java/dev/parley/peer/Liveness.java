package dev.parley.peer;

import dev.parley.lock.ProcessIdentity;
import dev.parley.lock.ProcessTable;
import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.peer.Presence.Life;
import java.util.List;

/** Judges whether a session lives, by its processes: number, start time and boot, so that no reused number counts. */
final class Liveness {

    private final ProcessTable processes;

    Liveness(ProcessTable processes) {
        this.processes = processes;
    }

    Life of(Peer peer) {
        if (peer.ended().isPresent()) {
            return Life.GONE;
        }
        // Where the client is known it alone decides: its server may outlive it by a moment, as an orphan.
        List<ProcessIdentity> deciding = peer.process().map(List::of).orElse(peer.servers());
        boolean anyUnknown = deciding.isEmpty();
        for (ProcessIdentity process : deciding) {
            Vitality vitality = processes.vitality(process);
            if (vitality == Vitality.ALIVE) {
                return Life.LIVE;
            }
            anyUnknown |= vitality == Vitality.UNKNOWN;
        }
        return anyUnknown ? Life.UNKNOWN : Life.GONE;
    }

    boolean isDead(ProcessIdentity process) {
        return processes.vitality(process) == Vitality.DEAD;
    }
}
