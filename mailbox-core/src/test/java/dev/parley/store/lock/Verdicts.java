package dev.parley.store.lock;

import dev.parley.lock.Leases;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.testing.Oracle;
import java.time.Instant;
import java.util.List;
import java.util.function.IntPredicate;

/** How wrong the processes of the model may be, at any time, about who is dead and how late it is. */
enum Verdicts implements Oracle {
    /** Never. */
    TRUE,
    /** They may take a living process for dead. */
    STALE,
    /** They may take a living process for dead, or its lease for over. To the code that is the same, so it only costs time. */
    STALE_OR_LATE,
    /** They may take the first process for dead, and are right about all others. */
    STALE_ABOUT_THE_FIRST;

    /** Asks whether a process lives. */
    record Alive(int process) {}

    /** Asks for the time. */
    record Now() {}

    private static final Instant LATE = Instant.EPOCH.plus(Leases.LEASE).plusMillis(1);

    @Override
    public List<Object> answers(Object subject, IntPredicate alive) {
        if (subject instanceof Alive of) {
            if (!alive.test(of.process())) {
                return List.of(Vitality.DEAD);
            }
            return mayTakeForDead(of.process()) ? List.of(Vitality.ALIVE, Vitality.DEAD) : List.of(Vitality.ALIVE);
        }
        return List.of(Instant.EPOCH, LATE);
    }

    private boolean mayTakeForDead(int process) {
        return this == STALE || this == STALE_OR_LATE || (this == STALE_ABOUT_THE_FIRST && process == 0);
    }
}
