package dev.parley.peer;

import dev.parley.peer.Presence.Life;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.util.List;

/** Judges whether a session lives, by its processes: number, start time and boot, so that no reused number counts. Immutable. */
public final class Liveness {

    private final ProcessTable processes;

    /** By the processes of one machine. */
    public Liveness(ProcessTable processes) {
        this.processes = processes;
    }

    /** Whether a session runs. */
    public Life of(Peer peer) {
        if (peer.ended().isPresent()) {
            return Life.GONE;
        }
        List<ProcessIdentity> deciding = deciding(peer);
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

    /**
     * Whether a session has ended, as long as its card stays as it is: no process of another number, and none that is started
     * later, can make it live again.
     */
    public boolean isOver(Peer peer) {
        return of(peer) == Life.GONE && deciding(peer).stream().allMatch(process -> process.start() != 0);
    }

    /**
     * Whose life a session's life is. Claude Code's process is the session, and its server may die or outlive it. A Codex
     * process may be a daemon that hosts many sessions and outlives them all: there the servers tell, one per session, and
     * the process only until the first has started.
     */
    private static List<ProcessIdentity> deciding(Peer peer) {
        List<ProcessIdentity> client = peer.process().map(List::of).orElse(List.of());
        boolean clientDecides = peer.livesInItsClient() && !client.isEmpty();
        return clientDecides || peer.servers().isEmpty() ? client : peer.servers();
    }

    /** Whether a process has ended for certain. */
    public boolean isDead(ProcessIdentity process) {
        return processes.vitality(process) == Vitality.DEAD;
    }
}
