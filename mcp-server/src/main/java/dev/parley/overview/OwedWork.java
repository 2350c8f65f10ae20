package dev.parley.overview;

import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * One request that is in no terminal state.
 *
 * @param work how far it is
 * @param owner who was asked, and owes an answer; on this machine under its present address
 * @param requester who asked, under its present address; empty if no session did
 * @param isAwaited whether a process of the requester does nothing but wait for the answer at this moment
 * @param isOverdue whether the time has passed at which it was due
 * @param isOrphaned whether its owner has ended
 * @param isInCycle whether its owner waits, by way of others or not, for its requester
 */
public record OwedWork(
        Work work,
        Who owner,
        Optional<SessionId> requester,
        boolean isAwaited,
        boolean isOverdue,
        boolean isOrphaned,
        boolean isInCycle) {

    /** What is overdue first, the longest overdue before the others; then the oldest. */
    public static final Comparator<OwedWork> MOST_OVERDUE_FIRST = Comparator.comparing((OwedWork item) ->
                    item.isOverdue() ? item.work().request().due().orElse(Instant.MAX) : Instant.MAX)
            .thenComparing(OwedWork::since)
            .thenComparing(item -> item.work().request().id().value());

    /** When it was asked. */
    public Instant since() {
        return work.request().sentAt();
    }

    /** Whether somebody has to look after it: nothing that is under way finishes it. */
    public boolean isStuck() {
        return isOverdue || isOrphaned || isInCycle;
    }

    /** Who waits for whom by it; nobody, if no session asked, or one that has the owner's address by now. */
    Optional<Wait> asWait() {
        return requester
                .filter(asker -> !owner.isHere(asker))
                .map(asker -> new Wait(
                        asker,
                        owner,
                        new PendingAsk(
                                work.request().requestId().orElseThrow(),
                                work.request().id(),
                                owner.id(),
                                since(),
                                work.request().due()),
                        isAwaited));
    }

    /** The same at another moment: what has fallen due by then is overdue. */
    public OwedWork at(Instant moment) {
        return new OwedWork(work, owner, requester, isAwaited, work.isOverdue(moment), isOrphaned, isInCycle);
    }

    /** The same, in a circle or not. */
    OwedWork inCycle(boolean isIn) {
        return new OwedWork(work, owner, requester, isAwaited, isOverdue, isOrphaned, isIn);
    }
}
