package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.supervise.Admission.Admitted;
import dev.parley.supervise.Admission.NotYet;
import dev.parley.supervise.Admission.Parked;
import dev.parley.supervise.StartLog.Pause;
import dev.parley.supervise.StartLog.Run;
import dev.parley.supervise.StartLog.Standing;
import dev.parley.supervise.StartLog.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a log says of a session at one moment. Pure functions of what is known, so that every sequence of events can be
 * tried in a test.
 *
 * @param log as of now
 */
record StartRules(StartLog log, StartLimits limits, ProcessTable processes, Moment now) {

    /** An attempt that has not started its client by now never will: whoever makes it has stalled. */
    static final Duration STARTING = Duration.ofMinutes(1);

    StartRules {
        log = log.asOf(now);
    }

    /**
     * A decision and the log as it is then.
     *
     * @param admission what was decided
     * @param log the next one
     */
    record Decision(Admission admission, StartLog log) {}

    /** Whether a session may be started. Whoever asks holds its name, so no other attempt of it is about to start anything. */
    Decision admit(SessionId session, String ownership, ProcessIdentity starter, int hops) {
        StartRules settled = new StartRules(settled(session), limits, processes, now);
        Optional<Admission> refusal = settled.refusal(session).or(() -> tooFar(hops));
        if (refusal.isPresent()) {
            return new Decision(refusal.get(), settled.log);
        }
        Run run = new Run(now, ownership, starter, Optional.empty());
        StartLog next = settled.log
                .with(new Start(now, session, hops))
                .with(session, settled.log.standing(session).with(run));
        return new Decision(new Admitted(), next);
    }

    /** An attempt of which nobody has said how it ended, and whose client does not run, has failed. */
    private StartLog settled(SessionId session) {
        Standing standing = log.standing(session);
        return standing.run().isPresent() && !isClientRunning(standing.run().get()) ? failed(session) : log;
    }

    /** What is against a start, whatever it is for; empty if nothing is. */
    Optional<Admission> refusal(SessionId session) {
        Standing standing = log.standing(session);
        Optional<Pause> pause = standing.pause().filter(p -> !p.isOver(now));
        if (pause.isPresent() && pause.get().reason().isPresent()) {
            return Optional.of(parked(pause.get().reason().get(), pause.get().left(now)));
        }
        if (standing.run().filter(this::isClientRunning).isPresent()) {
            return Optional.of(new Parked(
                    ParkReason.HELD_ELSEWHERE, Optional.empty(), "a client that was started for it still runs"));
        }
        if (pause.isPresent()) {
            return Optional.of(new NotYet(
                    pause.get().left(now).map(this::at), "it failed " + standing.failures() + " times in a row"));
        }
        Optional<Duration> ofSession = spent(
                limits.ofSession(),
                log.starts().stream().filter(s -> s.session().equals(session)).toList());
        Optional<Duration> ofMachine = spent(limits.ofMachine(), log.starts());
        if (ofSession.isPresent() || ofMachine.isPresent()) {
            Duration left = max(ofSession.orElse(Duration.ZERO), ofMachine.orElse(Duration.ZERO));
            return Optional.of(new Parked(
                    ParkReason.BUDGET,
                    Optional.of(at(left)),
                    ofSession.isPresent()
                            ? "it was started " + limits.ofSession() + " times within an hour"
                            : "sessions were started " + limits.ofMachine() + " times within an hour on this machine"));
        }
        long others = log.sessions().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(session))
                .filter(entry -> entry.getValue().run().filter(this::isUnderWay).isPresent())
                .count();
        return others >= StartLimits.AT_ONCE
                ? Optional.of(new NotYet(Optional.empty(), others + " sessions are being run at this moment"))
                : Optional.empty();
    }

    private static Optional<Admission> tooFar(int hops) {
        return hops > StartLimits.MAX_HOPS
                ? Optional.of(new Parked(
                        ParkReason.BUDGET,
                        Optional.empty(),
                        hops + " replies led to the request for which it is wanted"))
                : Optional.empty();
    }

    /** How long until one more is allowed; empty if it is now. */
    private Optional<Duration> spent(int most, List<Start> starts) {
        if (starts.size() < most) {
            return Optional.empty();
        }
        Start first = starts.get(starts.size() - most);
        return Optional.of(StartLimits.HOUR.minus(now.since(first.at())));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Parked parked(ParkReason reason, Optional<Duration> left) {
        return new Parked(
                reason,
                left.map(this::at),
                reason == ParkReason.CRASH_LOOP
                        ? "it failed " + StartLimits.ATTEMPTS + " times in a row"
                        : "it was parked: " + reason.word());
    }

    private Instant at(Duration left) {
        return Instant.ofEpochMilli(now.wallMillis()).plus(left);
    }

    /** On the machine: the client runs, or is about to be started. */
    private boolean isUnderWay(Run run) {
        return run.child().isPresent()
                ? isClientRunning(run)
                : mayLive(run.starter()) && now.since(run.at()).compareTo(STARTING) < 0;
    }

    /** In another container it may live, and is given an hour. */
    private boolean isClientRunning(Run run) {
        return run.child().isPresent()
                && mayLive(run.child().get())
                && (processes.vitality(run.child().get()) == Vitality.ALIVE
                        || now.since(run.at()).compareTo(StartLimits.HOUR) < 0);
    }

    /** What was of another boot is dead. */
    private boolean mayLive(ProcessIdentity process) {
        Vitality vitality = processes.vitality(process);
        return vitality == Vitality.ALIVE
                || (vitality == Vitality.UNKNOWN && boot(process.scope()).equals(boot(now.scope())));
    }

    private static String boot(String scope) {
        int space = scope.indexOf('n');
        return space < 0 ? scope : scope.substring(0, space);
    }

    /** The attempt has started its client. */
    StartLog started(SessionId session, ProcessIdentity child) {
        Standing standing = log.standing(session);
        Run run = standing.run()
                .orElseThrow(() -> new IllegalStateException("no attempt of " + session + " is under way"));
        return log.with(
                session,
                new Standing(
                        standing.failures(),
                        standing.pause(),
                        Optional.of(new Run(run.at(), run.ownership(), run.starter(), Optional.of(child)))));
    }

    /** The attempt has done what it was for, or somebody else has: nothing is held against the next. */
    StartLog succeeded(SessionId session) {
        return log.with(session, Standing.NOTHING);
    }

    /** What stood against it does so no longer; an attempt that is under way still is. */
    StartLog released(SessionId session) {
        Standing standing = log.standing(session);
        return log.with(session, new Standing(0, Optional.empty(), standing.run()));
    }

    /** The attempt came to nothing. */
    StartLog failed(SessionId session) {
        int failures = log.standing(session).failures() + 1;
        Pause pause = failures >= StartLimits.ATTEMPTS
                ? new Pause(now, Optional.empty(), Optional.of(ParkReason.CRASH_LOOP))
                : new Pause(now, Optional.of(limits.backOffAfter(failures)), Optional.empty());
        return log.with(session, new Standing(failures, Optional.of(pause), Optional.empty()));
    }

    /** It is no use to try again, for so long or until somebody says otherwise. */
    StartLog parked(SessionId session, ParkReason reason, Optional<Duration> length) {
        return log.with(
                session, new Standing(0, Optional.of(new Pause(now, length, Optional.of(reason))), Optional.empty()));
    }
}
