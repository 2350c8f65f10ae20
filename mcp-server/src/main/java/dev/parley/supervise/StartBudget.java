package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps sessions from being started without end: what of it is allowed is decided for all processes in one step, and is on the
 * disk before anything is started.
 *
 * <p>Whoever starts a session holds its name (see {@code docs/LOCKING.md}), and all that it notes here it commits in the name of
 * that ownership: who was displaced notes nothing. Safe for use by several threads.
 */
public final class StartBudget {

    /** The longest that a session is parked with an end: provider's limits last a week. */
    static final Duration LONGEST = Duration.ofDays(8);

    private static final String NAME = "starts";

    private final GuardedValue value;
    private final ProcessTable processes;
    private final StartLimits limits;
    private final Supplier<Moment> clock;

    /** That of an office. */
    public StartBudget(PostOffice office, StartLimits limits) {
        this(office, limits, new BootClock(office.clock(), office.processes().self()));
    }

    StartBudget(PostOffice office, StartLimits limits, Supplier<Moment> clock) {
        this.value = office.leases().shared(NAME);
        this.processes = office.processes();
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Asks for a start, and counts it if it is allowed.
     *
     * @param lease of the session's name
     * @param hops the replies that led to the request for which it is started
     * @throws IOException if that could not be kept; nothing may be started then, and one start may count nevertheless
     */
    public Admission admit(RenewableLease lease, SessionId session, int hops) throws IOException, InterruptedException {
        Admission[] said = new Admission[1];
        change(lease, rules -> {
            StartRules.Decision decision = rules.admit(session, lease.ownership(), processes.self(), hops);
            said[0] = decision.admission();
            return decision.log();
        });
        return said[0];
    }

    /**
     * Notes which process was started.
     *
     * @throws IllegalStateException if no start was admitted
     * @throws IOException if that could not be kept; the caller ends the process
     */
    public void started(RenewableLease lease, SessionId session, ProcessIdentity client)
            throws IOException, InterruptedException {
        change(lease, rules -> rules.started(session, client));
    }

    /** Notes that the attempt did what it was for. */
    public void succeeded(RenewableLease lease, SessionId session) throws IOException, InterruptedException {
        change(lease, rules -> rules.succeeded(session));
    }

    /** Notes that somebody wants it again who may: neither what it was parked for nor a failure is held against it. */
    public void released(RenewableLease lease, SessionId session) throws IOException, InterruptedException {
        change(lease, rules -> rules.released(session));
    }

    /** Notes that the attempt came to nothing. After the last that is made, the session is parked. */
    public void failed(RenewableLease lease, SessionId session) throws IOException, InterruptedException {
        change(lease, rules -> rules.failed(session));
    }

    /**
     * Parks a session.
     *
     * @param length for how long, clamped to between nothing and eight days; empty until somebody starts it
     */
    public void park(RenewableLease lease, SessionId session, ParkReason reason, Optional<Duration> length)
            throws IOException, InterruptedException {
        Optional<Duration> clamped =
                length.map(d -> d.isNegative() ? Duration.ZERO : d.compareTo(LONGEST) > 0 ? LONGEST : d);
        change(lease, rules -> rules.parked(session, reason, clamped));
    }

    /**
     * What is against starting a session now; empty if nothing is. Changes nothing and takes no lock.
     *
     * @throws IOException if it cannot be read
     */
    public Optional<Admission> refusal(SessionId session) throws IOException {
        Optional<byte[]> present = value.read();
        return rules(present).refusal(session);
    }

    /**
     * Makes sure that what is kept of starts can be used. Changes nothing and takes no lock.
     *
     * @throws IOException if it cannot; nothing is started then
     */
    public void check() throws IOException {
        var unused = rules(value.read());
    }

    /** Makes the next log from the present one. */
    private interface Step {
        StartLog from(StartRules rules);
    }

    private void change(RenewableLease lease, Step step) throws IOException, InterruptedException {
        lease.commit(value, Leases.WAIT, present -> step.from(rules(present)).encode());
    }

    private StartRules rules(Optional<byte[]> present) throws IOException {
        try {
            StartLog log = present.isPresent() ? StartLog.decode(present.get()) : StartLog.empty();
            return new StartRules(log, limits, processes, clock.get());
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "what is kept of starts cannot be used, so nothing is started: " + Why.of(e) + "; remove " + NAME
                            + " from the store to begin anew",
                    e);
        }
    }
}
