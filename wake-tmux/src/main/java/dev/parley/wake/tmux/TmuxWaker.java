package dev.parley.wake.tmux;

import dev.parley.lock.Lease;
import dev.parley.lock.Leases;
import dev.parley.lock.OwnerLock.Attempt;
import dev.parley.lock.OwnerLock.Busy;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Why;
import dev.parley.wake.tmux.PaneFinder.Finding;
import dev.parley.wake.tmux.PaneFinder.Found;
import dev.parley.wake.tmux.PaneFinder.None;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The last rung of the ladder: submits a line in the composer of a client that runs in a tmux pane, where that is proven
 * safe. See {@code docs/WAKING.md}, "The tmux rung".
 */
public final class TmuxWaker implements Waker {

    /** Under this there is no time to take a text back that does not go. */
    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** A tmux that does not answer can hold up the last look by this much. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

    private final Optional<Leases> locks;
    private final PaneFinder finder;

    /** For {@link java.util.ServiceLoader}. Refuses to type before it is told, by {@link #over}, where its locks are. */
    public TmuxWaker() {
        this(Optional.empty(), new PaneFinder(LocalProcessTable.INSTANCE, ProcessTree.local(), new Subprocess()));
    }

    TmuxWaker(Optional<Leases> locks, PaneFinder finder) {
        this.locks = locks;
        this.finder = finder;
    }

    /** Only where it knows the client's screen. */
    @Override
    public boolean reaches(String client) {
        return Composer.of(client).isPresent();
    }

    @Override
    public String rung() {
        return "tmux";
    }

    @Override
    public int order() {
        return 900;
    }

    @Override
    public Waker over(Leases locksOfStore) {
        return new TmuxWaker(Optional.of(locksOfStore), finder);
    }

    @Override
    public WakeOutcome wake(WakeRequest request) throws InterruptedException {
        Optional<Composer> composer = Composer.of(request.client());
        if (composer.isEmpty()) {
            return new NotApplicable("the screen of " + request.client() + " is not known");
        }
        if (request.process().isEmpty()) {
            return new NotApplicable("the client's process is not known");
        }
        Finding finding = finder.find(request.process().get());
        if (finding instanceof None none) {
            return new NotApplicable(none.why());
        }
        if (locks.isEmpty()) {
            return new Refused(Reason.FAILED, "no store to lock the pane in");
        }
        return typeAlone(((Found) finding).pane(), composer.get(), request, locks.get());
    }

    /** One typist per pane, across processes. Whoever finds another there leaves it to that one. */
    private static WakeOutcome typeAlone(ClientPane pane, Composer composer, WakeRequest request, Leases locks)
            throws InterruptedException {
        Duration limit = request.limit().compareTo(LONGEST) > 0 ? LONGEST : request.limit();
        if (limit.compareTo(SHORTEST) < 0) {
            return new Refused(Reason.FAILED, "typing needs " + SHORTEST.toMillis() + " ms to be safe");
        }
        Attempt attempt;
        try {
            attempt = locks.named(pane.lockName(), limit.plus(LEASE_MARGIN)).tryAcquire();
        } catch (IOException e) {
            return new Refused(Reason.FAILED, "the pane cannot be locked: " + Why.of(e));
        }
        if (attempt instanceof Busy busy) {
            return new Refused(Reason.TAKEN, pane + " is being typed into by " + busy.holder());
        }
        Lease lease = ((Taken) attempt).lease();
        try {
            return new Typist(pane, composer, request.text(), lease, limit).type();
        } finally {
            release(lease);
        }
    }

    private static void release(Lease lease) {
        try {
            lease.close();
        } catch (IOException e) {
            // It runs out by itself, or ends with this process. What was typed was typed.
            return;
        }
    }
}
