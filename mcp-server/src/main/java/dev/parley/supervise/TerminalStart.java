package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.RenewableLease;
import dev.parley.office.PostOffice;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The start of a session in a terminal, that a person wants. A client takes a second or more until it can be seen that it runs the
 * session. So whoever starts one in a window of tmux holds the session's name until then, and whoever finds that held waits and
 * looks again.
 */
public final class TerminalStart {

    /** So long a session in a window is waited for, to tell whether it has come. */
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);

    /** Longer than that, and than a holder that stalls keeps the name. */
    private static final Duration PATIENCE = SEEN_WITHIN.plusSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(200);

    private final PostOffice office;
    private final Windows windows;

    /**
     * For the sessions of an office.
     *
     * @param environment of whoever starts it
     */
    public TerminalStart(PostOffice office, Map<String, String> environment) {
        this(office, plan -> TmuxWindow.open(plan, environment));
    }

    TerminalStart(PostOffice office, Windows windows) {
        this.office = office;
        this.windows = windows;
    }

    /** Opens windows. */
    interface Windows {
        /** Opens one, in which the plan is carried out; says where it is. */
        String open(Plan plan) throws IOException, InterruptedException;
    }

    /** Tells whether the session has come. */
    public interface Sign {
        /** Whether its client runs it. */
        boolean isSeen() throws IOException, InterruptedException;
    }

    /** Hears that a window was opened. */
    public interface Listener {
        /** It is there, as tmux names it. */
        void opened(Plan plan, String window);
    }

    /**
     * What came of a window.
     *
     * @param plan the last plan; if its verdict is against it, nothing was opened
     * @param isSeen whether the session has come there
     */
    public record Outcome(Plan plan, boolean isSeen) {}

    /**
     * The plan for this terminal, made after whoever else starts the session at this moment.
     *
     * @param own what its client calls the session
     */
    public Plan here(SessionId own, HeadlessRun.Planning planning) throws IOException, InterruptedException {
        Optional<Plan> refused = refused(own, planning);
        if (refused.isPresent()) {
            return refused.get();
        }
        claim(own).close();
        return planning.plan();
    }

    /**
     * Opens a window, if nobody runs the session, and waits until its client is seen there.
     *
     * @param own what its client calls the session
     * @throws IOException if tmux opened none, or the office cannot be used
     */
    public Outcome inTmux(SessionId own, HeadlessRun.Planning planning, Sign sign, Listener listener)
            throws IOException, InterruptedException {
        Optional<Plan> refused = refused(own, planning);
        if (refused.isPresent()) {
            return new Outcome(refused.get(), false);
        }
        try (Claim claim = claim(own)) {
            Plan plan = planning.plan();
            if (!plan.verdict().isFree()) {
                return new Outcome(plan, false);
            }
            // To look takes seconds on a busy machine.
            if (!claim.isKept()) {
                throw new IOException(
                        "this process stalled, and another starts the session by now; nothing was started");
            }
            listener.opened(plan, windows.open(plan));
            return new Outcome(plan, awaits(sign, claim));
        }
    }

    /** Who is refused in any case need not wait for whoever holds the name. */
    private Optional<Plan> refused(SessionId own, HeadlessRun.Planning planning)
            throws IOException, InterruptedException {
        return SessionClaim.of(office.leases(), own).holder().isPresent()
                ? Optional.of(planning.plan()).filter(plan -> !plan.verdict().isFree())
                : Optional.empty();
    }

    private static boolean awaits(Sign sign, Claim claim) throws IOException, InterruptedException {
        long end = System.nanoTime() + SEEN_WITHIN.toNanos();
        while (!sign.isSeen()) {
            if (System.nanoTime() > end) {
                return false;
            }
            // Whoever displaces this holder looks for the client itself.
            var unused = claim.isKept();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        return true;
    }

    /** Whoever holds the name longer waits for something, such as the end of a limit: a person need not. */
    private Claim claim(SessionId own) throws IOException, InterruptedException {
        try {
            return new Claim(Optional.of(SessionClaim.of(office.leases(), own).acquire(PATIENCE)));
        } catch (LockTimeoutException e) {
            return new Claim(Optional.empty());
        }
    }

    /**
     * The session's name.
     *
     * @param lease empty if another has it
     */
    private record Claim(Optional<RenewableLease> lease) implements AutoCloseable {

        /** Renews it; whether nobody has taken it over. */
        boolean isKept() throws IOException {
            return lease.isEmpty() || lease.get().renew();
        }

        @Override
        public void close() throws IOException {
            if (lease.isPresent()) {
                lease.get().close();
            }
        }
    }
}
