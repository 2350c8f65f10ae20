package dev.parley.wake;

import dev.parley.peer.Peer;
import dev.parley.session.Setting;
import java.util.Map;

/**
 * Climbs the rungs, first that applies. Correctness never depends on it: the message is stored before, and the doorbell
 * file has been touched.
 */
public final class Ladder {

    private final boolean enabled;

    /** The ladder that the environment allows. */
    public Ladder(Map<String, String> environment) {
        this.enabled = Setting.WAKE.text(environment).equals("on");
    }

    /** Tries to wake a peer for mail that is already stored. */
    public WakeReport climb(Peer target) {
        if (!enabled) {
            return WakeReport.not(WakeStatus.DISABLED, Setting.WAKE.variable() + "=off");
        }
        return WakeReport.not(
                WakeStatus.SKIPPED_NO_TARGET,
                "no rung reaches " + target.name() + "; it sees the message when its hooks run or when it reads");
    }
}
