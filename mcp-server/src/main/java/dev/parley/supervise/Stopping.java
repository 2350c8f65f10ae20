package dev.parley.supervise;

import dev.parley.process.ProcessIdentity;
import dev.parley.session.Setting;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ends processes: an interrupt first; after a time SIGTERM; after another SIGKILL. Only those that it was given, and each only as
 * long as it is that very process. Belongs to one thread, which looks at it now and then.
 */
final class Stopping {

    /**
     * How long each step may take.
     *
     * @param interrupt from SIGINT to SIGTERM
     * @param terminate from SIGTERM to SIGKILL
     */
    record Patience(Duration interrupt, Duration terminate) {}

    /** As the settings have it. */
    static Patience patience(Map<String, String> environment) {
        return new Patience(
                Duration.ofMillis(Setting.STOP_INTERRUPT.number(environment)),
                Duration.ofMillis(Setting.STOP_TERMINATE.number(environment)));
    }

    private final Processes processes;
    private final Patience patience;
    private final Set<ProcessIdentity> targets = new HashSet<>();
    private Duration sentAt;
    private Signal sent = Signal.INT;

    /**
     * Begins.
     *
     * @param now by a clock that only goes on
     */
    Stopping(Processes processes, Patience patience, Set<ProcessIdentity> targets, Duration now) {
        this.processes = processes;
        this.patience = patience;
        this.targets.addAll(targets);
        this.sentAt = now;
        send(Signal.INT, now);
    }

    /**
     * Goes on, as far as it is time: each signal has its whole time, also where this is called late.
     *
     * @return whether all have ended
     */
    boolean step(Duration now) {
        targets.removeIf(target -> !processes.lives(target));
        Duration spent = now.minus(sentAt);
        if (sent == Signal.INT && spent.compareTo(patience.interrupt()) >= 0) {
            send(Signal.TERM, now);
        } else if (sent == Signal.TERM && spent.compareTo(patience.terminate()) >= 0) {
            send(Signal.KILL, now);
        }
        return targets.isEmpty();
    }

    private void send(Signal signal, Duration now) {
        targets.forEach(target -> processes.send(signal, target));
        sent = signal;
        sentAt = now;
    }
}
