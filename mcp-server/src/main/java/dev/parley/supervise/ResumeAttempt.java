package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.office.PostOffice;
import dev.parley.supervise.Admission.Admitted;
import dev.parley.supervise.Admission.Parked;
import dev.parley.supervise.HeadlessTurn.Done;
import dev.parley.supervise.HeadlessTurn.Ending;
import dev.parley.supervise.HeadlessTurn.Failed;
import dev.parley.supervise.HeadlessTurn.Hopeless;
import dev.parley.supervise.HeadlessTurn.Refusal;
import dev.parley.supervise.HeadlessTurn.Running;
import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One attempt to resume a session that is gone: by one process at a time, within the budget, and watched until its client ends.
 * Belongs to one thread.
 */
public final class ResumeAttempt {

    /** The longest that starting a process takes, and letting it become the client. */
    static final Duration STARTING = Duration.ofSeconds(5);

    /** Renewed, and looked for another owner, so often. */
    static final Duration LOOK = SessionClaim.LEASE.dividedBy(10);

    /** So many looks for another owner may fail in a row; then a client is ended beside which somebody may be. */
    static final int LOOKS_IN_VAIN = 5;

    /** What came of it. */
    public sealed interface Outcome {}

    /** Nothing was started. */
    public record NotStarted(Admission admission) implements Outcome {}

    /** The client did its turn. */
    public record Finished() implements Outcome {}

    /** The client came to nothing. */
    public record CameToNothing(String detail) implements Outcome {}

    /** Somebody else runs the session: the client was ended for that. */
    public record GaveWay() implements Outcome {}

    /**
     * This process stalled and was displaced. A client that had begun was left alone, and whoever displaced this process knows of
     * it; one that had not was ended.
     */
    public record Displaced() implements Outcome {}

    /** On whose wish. */
    enum Asked {
        /** A person's: what was parked is so no longer, and what is refused now is not parked. */
        BY_HAND,
        /** A peer's request. */
        BY_REQUEST
    }

    /** Hears of the steps that are kept for people. */
    interface Steps {
        /** The start is allowed, and is about to be made. */
        void begins(RenewableLease lease) throws IOException, InterruptedException;

        /** The client has ended, and how is about to be noted. */
        void ends(RenewableLease lease, Outcome outcome) throws IOException, InterruptedException;

        /** Nobody. */
        Steps NONE = new Steps() {
            @Override
            public void begins(RenewableLease lease) {}

            @Override
            public void ends(RenewableLease lease, Outcome outcome) {}
        };
    }

    private final PostOffice office;
    private final StartBudget budget;
    private final SessionId own;
    private final HeadlessTurn turn;
    private final Asked asked;
    private final Steps steps;

    /**
     * Of one session, for a request.
     *
     * @param own what its client calls it
     */
    public ResumeAttempt(PostOffice office, StartBudget budget, SessionId own, HeadlessTurn turn) {
        this(office, budget, own, turn, Asked.BY_REQUEST, Steps.NONE);
    }

    ResumeAttempt(PostOffice office, StartBudget budget, SessionId own, HeadlessTurn turn, Asked asked, Steps steps) {
        this.office = office;
        this.budget = budget;
        this.own = own;
        this.turn = turn;
        this.asked = asked;
        this.steps = steps;
    }

    /**
     * Makes it, and waits for its end.
     *
     * @param hops the replies that led to the request for which it is made
     * @throws IOException if the office, or what tells who runs the session, cannot be used; no client of this attempt runs that
     *     is not noted
     */
    public Outcome run(int hops) throws IOException, InterruptedException {
        RenewableLock.Attempt attempt = SessionClaim.of(office.leases(), own).tryAcquire();
        if (attempt instanceof RenewableLock.Taken taken) {
            try (RenewableLease lease = taken.lease()) {
                return run(lease, hops);
            }
        }
        String holder = ((RenewableLock.Held) attempt)
                .holder()
                .process()
                .map(process -> "process " + process.pid())
                .orElse("another process");
        return new NotStarted(
                new Parked(ParkReason.HELD_ELSEWHERE, Optional.empty(), holder + " starts or supervises it"));
    }

    /** The same by whoever holds the session's name already, and keeps it. */
    Outcome run(RenewableLease lease, int hops) throws IOException, InterruptedException {
        try {
            return attempt(lease, hops);
        } catch (LeaseLostException e) {
            return new Displaced();
        }
    }

    private Outcome attempt(RenewableLease lease, int hops) throws IOException, InterruptedException {
        Optional<Refusal> refusal = turn.refusal();
        if (refusal.isPresent()) {
            return new NotStarted(refuse(lease, refusal.get()));
        }
        renew(lease);
        if (asked == Asked.BY_HAND) {
            budget.released(lease, own);
        }
        Admission admission = budget.admit(lease, own, hops);
        if (!(admission instanceof Admitted)) {
            return new NotStarted(admission);
        }
        renew(lease);
        steps.begins(lease);
        renew(lease);
        lease.ensureHeld(STARTING);
        Running running;
        try {
            running = turn.start();
        } catch (IOException e) {
            renew(lease);
            CameToNothing nothing = new CameToNothing("its client could not be started: " + Why.of(e));
            steps.ends(lease, nothing);
            budget.failed(lease, own);
            return nothing;
        }
        begin(lease, running);
        return watch(lease, running);
    }

    /**
     * A client that nobody knows of must not run: whoever comes next would start another. So it is noted before it begins, and
     * ended if that cannot be done.
     */
    private void begin(RenewableLease lease, Running running) throws IOException, InterruptedException {
        boolean hasBegun = false;
        try {
            budget.started(lease, own, running.client());
            renew(lease);
            lease.ensureHeld(STARTING);
            running.release();
            hasBegun = true;
        } finally {
            if (!hasBegun) {
                running.stop();
            }
        }
    }

    private Outcome watch(RenewableLease lease, Running running) throws IOException, InterruptedException {
        int inVain = 0;
        Optional<Ending> ending = running.await(LOOK);
        while (ending.isEmpty()) {
            renew(lease);
            Optional<Outcome> reason = Optional.empty();
            try {
                reason = running.hasRival() ? Optional.of(new GaveWay()) : Optional.empty();
                inVain = 0;
            } catch (IOException e) {
                inVain++;
                if (inVain == LOOKS_IN_VAIN) {
                    reason = Optional.of(
                            new CameToNothing("it was ended, since nobody can tell whether somebody else runs it: "
                                    + ClientTurn.reason(e)));
                }
            }
            if (reason.isPresent()) {
                return ended(lease, running, reason.get());
            }
            ending = running.await(LOOK);
        }
        renew(lease);
        return ended(lease, ending.get());
    }

    private Outcome ended(RenewableLease lease, Running running, Outcome reason)
            throws IOException, InterruptedException {
        running.stop();
        renew(lease);
        steps.ends(lease, reason);
        if (reason instanceof GaveWay) {
            budget.succeeded(lease, own);
        } else {
            budget.failed(lease, own);
        }
        return reason;
    }

    private Outcome ended(RenewableLease lease, Ending ending) throws IOException, InterruptedException {
        Outcome outcome = ending instanceof Done
                ? new Finished()
                : new CameToNothing(
                        ending instanceof Hopeless hopeless ? hopeless.refusal().detail() : ((Failed) ending).detail());
        steps.ends(lease, outcome);
        if (ending instanceof Done) {
            budget.succeeded(lease, own);
        } else if (ending instanceof Hopeless hopeless) {
            refuse(lease, hopeless.refusal());
        } else {
            budget.failed(lease, own);
        }
        return outcome;
    }

    /** Who is run elsewhere is not parked: that ends without anybody telling. */
    private Admission refuse(RenewableLease lease, Refusal refusal) throws IOException, InterruptedException {
        if (refusal.reason() != ParkReason.HELD_ELSEWHERE && asked == Asked.BY_REQUEST) {
            renew(lease);
            budget.park(lease, own, refusal.reason(), refusal.length());
        }
        Instant now = office.clock().instant();
        return new Parked(refusal.reason(), refusal.length().map(now::plus), refusal.detail());
    }

    private static void renew(RenewableLease lease) throws IOException {
        if (!lease.renew()) {
            throw new LeaseLostException(lease.ownership(), Duration.ZERO, SessionClaim.LEASE);
        }
    }
}
