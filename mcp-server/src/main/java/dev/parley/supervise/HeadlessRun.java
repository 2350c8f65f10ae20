package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.RenewableLease;
import dev.parley.office.PostOffice;
import dev.parley.supervise.ResumeAttempt.Asked;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeRecords;
import dev.parley.wake.ResumeRung;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One turn of a session without a terminal, that a person wants. */
public final class HeadlessRun {

    private final PostOffice office;
    private final Map<String, String> environment;

    /**
     * For the sessions of an office.
     *
     * @param environment of whoever resumes
     */
    public HeadlessRun(PostOffice office, Map<String, String> environment) {
        this.office = office;
        this.environment = Map.copyOf(environment);
    }

    /** Looks again whether the session may be gone on with. */
    public interface Planning {
        /** The plan as it is now. */
        Plan plan() throws IOException, InterruptedException;
    }

    /** Hears of a start. */
    public interface Listener {
        /** The client runs, and what it says goes into this file. */
        void started(Plan plan, Path log);
    }

    /**
     * What came of it.
     *
     * @param plan the last plan, with the verdict that counted
     * @param exit the client's exit code; empty if nothing was started, or the client was ended for somebody else
     * @param detail why, where neither of them says it; empty otherwise
     */
    public record Outcome(Plan plan, OptionalInt exit, Optional<String> detail) {}

    /**
     * Starts the client, if nobody runs the session, within the limits of starts, and waits for its end.
     *
     * @param message the prompt, which goes to the client's standard input
     * @throws IOException if the client could not be started, or was ended since nobody could tell any more whether it is the
     *     only one; or if the office cannot be used
     */
    public Outcome run(Planning planning, String message, Listener listener) throws IOException, InterruptedException {
        Plan first = planning.plan();
        if (!first.verdict().isFree()) {
            return new Outcome(first, OptionalInt.empty(), Optional.empty());
        }
        StartBudget budget = new StartBudget(office, StartLimits.of(environment));
        ClientTurn turn = new ClientTurn(
                office,
                environment,
                new ClientTurn.Order(planning, message, Asked.BY_HAND, Optional.empty(), listener, () -> true));
        ResumeAttempt.Steps steps = new Kept(office, first.peer().id(), Optional.empty(), turn);
        ResumeAttempt.Outcome outcome;
        try {
            outcome = new ResumeAttempt(office, budget, first.own(), turn, Asked.BY_HAND, steps).run(0);
        } finally {
            // Requests that came meanwhile were left to whoever held the session.
            new ResumeRung(environment, office).goOn(first.peer().id());
        }
        Plan last = turn.plan().orElse(first);
        if (outcome instanceof ResumeAttempt.CameToNothing nothing
                && turn.exit().isEmpty()) {
            throw new IOException(nothing.detail());
        }
        return new Outcome(last, turn.exit(), last.verdict().isFree() ? detail(outcome) : Optional.empty());
    }

    private static Optional<String> detail(ResumeAttempt.Outcome outcome) {
        if (outcome instanceof ResumeAttempt.NotStarted not) {
            return Optional.of(Admissions.inWords(not.admission()) + ". Nothing was started");
        }
        if (outcome instanceof ResumeAttempt.GaveWay) {
            return Optional.of("somebody else runs it by now, so this client was ended");
        }
        if (outcome instanceof ResumeAttempt.Displaced) {
            return Optional.of("this process stalled, and another may have taken the session over");
        }
        return outcome instanceof ResumeAttempt.CameToNothing nothing
                ? Optional.of(nothing.detail())
                : Optional.empty();
    }

    /** Keeps for people what is done. */
    record Kept(PostOffice office, SessionId session, Optional<dev.parley.address.MessageId> request, ClientTurn turn)
            implements ResumeAttempt.Steps {

        @Override
        public void begins(RenewableLease lease) throws IOException, InterruptedException {
            new ResumeRecords(office).began(lease, session, request);
        }

        @Override
        public void ends(RenewableLease lease, ResumeAttempt.Outcome outcome) throws IOException, InterruptedException {
            ResumeLog.Outcome word = outcome instanceof ResumeAttempt.Finished
                    ? ResumeLog.Outcome.DONE
                    : outcome instanceof ResumeAttempt.GaveWay ? ResumeLog.Outcome.GAVE_WAY : ResumeLog.Outcome.FAILED;
            new ResumeRecords(office).ended(lease, session, word, turn.cost());
        }
    }
}
