package dev.parley.supervise;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.client.Clients;
import dev.parley.client.Comeback;
import dev.parley.client.Resumption.Manner;
import dev.parley.ledger.Work;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.session.ResumeSwitch;
import dev.parley.session.Setting;
import dev.parley.supervise.Admission.NotYet;
import dev.parley.supervise.Admission.Parked;
import dev.parley.supervise.ResumeAttempt.Asked;
import dev.parley.supervise.ResumeAttempt.CameToNothing;
import dev.parley.supervise.ResumeAttempt.Finished;
import dev.parley.supervise.ResumeAttempt.NotStarted;
import dev.parley.supervise.ResumeAttempt.Outcome;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.trace.Event;
import dev.parley.wake.Ladder;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeRecords;
import dev.parley.wake.RingGuard;
import dev.parley.wake.Rungs;
import dev.parley.work.Notices;
import dev.parley.work.Notices.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Resumes a session that is gone for the requests that wait for it: attempt after attempt, until none waits or it is parked, which
 * the requesters are told. One process does so for a session at a time: it holds the session's name all the while, also between two
 * attempts, and whoever finds that leaves his request to it.
 */
public final class RequestedResume {

    /** As often as a lease wants it. */
    private static final Duration STEP = Duration.ofSeconds(1);

    /** So long it waits for others to end. Then their requests are told that this one is not made. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** A client that is about to end, or was just killed, counts as running for so long at the most. */
    private static final Duration ENDING = Duration.ofSeconds(6);

    /** So often it looks whether that is over. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** And so often whether fewer others are run. */
    private static final Duration OTHERS = Duration.ofSeconds(5);

    private final PostOffice office;
    private final Map<String, String> environment;
    private final StartBudget budget;
    private final ResumeRecords records;
    private final Notices notices;

    /**
     * For the sessions of an office.
     *
     * @param environment of whoever resumes, which becomes that of the client
     */
    public RequestedResume(PostOffice office, Map<String, String> environment) {
        this.office = office;
        this.environment = Map.copyOf(environment);
        this.budget = new StartBudget(office, StartLimits.of(environment));
        this.records = new ResumeRecords(office);
        this.notices = new Notices(office, new Ladder(environment, office, Rungs.of(office)), new RingGuard());
    }

    /**
     * Does all that is to be done for a session now.
     *
     * @return what came of it, in words for a person
     * @throws IOException if the office, or what tells who runs the session, cannot be used
     */
    public String run(SessionId address) throws IOException, InterruptedException {
        String came = "no request waits for it";
        Optional<Peer> peer = office.peers().find(office.peers().current(address));
        if (peer.isEmpty()) {
            return "there is no session " + address;
        }
        if (!ResumeSwitch.isOn(environment, peer.get().project())) {
            return "resuming for requests is not switched on here";
        }
        Optional<SessionId> own = peer.get().ownId();
        if (own.isEmpty()) {
            return "its client never said which session it was";
        }
        RenewableLock lock = SessionClaim.of(office.leases(), own.get());
        // A request that came while this one held the name was left to it: so it looks again when it has given the name
        // back.
        while (!untold(peer.get(), waiting(peer.get())).isEmpty()) {
            RenewableLock.Attempt attempt = lock.tryAcquire();
            if (!(attempt instanceof RenewableLock.Taken taken)) {
                return leftTo(peer.get());
            }
            Served served;
            try (RenewableLease lease = taken.lease()) {
                served = serve(peer.get(), own.get(), lease);
                came = served.came();
            } catch (LeaseLostException e) {
                return "this process stalled, and another may have taken over";
            }
            trace(peer.get(), served);
            if (!served.goesOn()) {
                return came;
            }
        }
        return came;
    }

    /** Whoever supervises it may wait for days, and its user may end that wait. */
    private String leftTo(Peer peer) throws IOException, InterruptedException {
        Optional<Step> waits =
                new SupervisionRecords(office).present(peer).filter(step -> step.what() == SupervisionLog.What.PARKED);
        if (waits.isEmpty()) {
            return "another process sees to it";
        }
        String came = Admissions.inWords(
                new Parked(ParkReason.RATE_LIMITED, waits.get().until(), "whoever supervises it resumes it then"));
        var unused = tell(peer, came);
        trace(peer, new Served("parked: " + ParkReason.RATE_LIMITED.word(), came, false));
        return came;
    }

    /** The requests that it has not been given, oldest first. */
    private List<Envelope> waiting(Peer peer) throws IOException {
        List<Envelope> waiting = new ArrayList<>();
        for (Work work : office.work(peer.id()).unfinished()) {
            if (office.mailbox(peer.id()).isWaiting(work.request().id())) {
                waiting.add(work.request());
            }
        }
        return waiting;
    }

    /** The same, and those that were given to a client that may have ended before it saw them: the next start gives them again. */
    private List<Envelope> unproven(Peer peer) throws IOException {
        Set<MessageId> unproven = office.mailbox(peer.id()).unproven();
        return office.work(peer.id()).unfinished().stream()
                .map(Work::request)
                .filter(request -> unproven.contains(request.id()))
                .toList();
    }

    /** Those of them whose requesters do not know that nothing comes of it. */
    private List<Envelope> untold(Peer peer, List<Envelope> requests) throws IOException {
        List<MessageId> told = records.of(peer.id()).told();
        return requests.stream().filter(request -> !told.contains(request.id())).toList();
    }

    /**
     * What came of one time in which the name was held.
     *
     * @param what in a word, for traces
     * @param came in words
     * @param goesOn whether requests that came meanwhile are to be looked for
     */
    private record Served(String what, String came, boolean goesOn) {}

    private Served serve(Peer peer, SessionId own, RenewableLease lease) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        // What it was parked for until somebody would start it is over, if somebody has.
        boolean isParked = records.parking(peer).isPresent();
        if (!isParked && records.of(peer.id()).parking().isPresent()) {
            if (unusable().isEmpty()) {
                budget.released(lease, own);
            }
            records.released(lease, peer.id());
        }
        boolean hasFailed = false;
        Served served = new Served("nothing", "no request waits for it", true);
        for (List<Envelope> requests = waiting(peer);
                !requests.isEmpty();
                requests = hasFailed ? unproven(peer) : waiting(peer)) {
            if (!ResumeSwitch.isOn(environment, peer.project())) {
                String came = "resuming for requests has been switched off";
                var unused = tell(peer, came);
                return new Served("switched_off", came, false);
            }
            Outcome outcome = attempt(peer, own, lease, requests);
            if (outcome instanceof NotStarted not) {
                Optional<Duration> pause = pause(not.admission(), own, Duration.ofNanos(System.nanoTime() - begun));
                if (pause.isEmpty() || isBack(peer)) {
                    return notStarted(peer, lease, not.admission(), requests);
                }
                await(lease, pause.get());
                continue;
            }
            if (!(outcome instanceof Finished || outcome instanceof CameToNothing)) {
                return outcome instanceof ResumeAttempt.GaveWay
                        ? new Served("gave_way", "its user runs it by now, so the client was ended", false)
                        : new Served("displaced", "this process stalled, and was displaced", false);
            }
            served = outcome instanceof CameToNothing nothing
                    ? new Served("failed", nothing.detail(), true)
                    : new Served("done", "its client did its turn", true);
            hasFailed = outcome instanceof CameToNothing;
        }
        return served;
    }

    /** How long to wait before it is tried again; empty if it is not. */
    private Optional<Duration> pause(Admission admission, SessionId own, Duration spent) throws IOException {
        if (admission instanceof NotYet later) {
            Duration left = later.until()
                    .map(end -> Duration.between(office.clock().instant(), end))
                    .orElse(OTHERS);
            return spent.compareTo(PATIENCE) < 0 ? Optional.of(left) : Optional.empty();
        }
        if (!(admission instanceof Parked parked) || parked.reason() != ParkReason.HELD_ELSEWHERE) {
            return Optional.empty();
        }
        // A client that was started from here, by a process that was killed, ends with its turn. Any other is not known
        // to live.
        boolean isOurs = budget.refusal(own)
                .filter(Parked.class::isInstance)
                .map(Parked.class::cast)
                .filter(running -> running.reason() == ParkReason.HELD_ELSEWHERE)
                .isPresent();
        return spent.compareTo(isOurs ? PATIENCE : ENDING) < 0 ? Optional.of(LOOK) : Optional.empty();
    }

    /** Whether it lives, so that it sees its mail. */
    private boolean isBack(Peer peer) throws IOException {
        Peer now = office.peers().find(peer.id()).orElse(peer);
        return office.peers().presence(now).life() == Life.LIVE && !isOurs(now);
    }

    /** Whether the end of its newest start was not noted: it may be that one that lives. */
    private boolean isOurs(Peer peer) throws IOException {
        List<ResumeLog.Run> runs = records.of(peer.id()).runs();
        return !runs.isEmpty() && runs.get(runs.size() - 1).end().isEmpty();
    }

    private Outcome attempt(Peer peer, SessionId own, RenewableLease lease, List<Envelope> waiting)
            throws IOException, InterruptedException {
        Optional<Parked> unusable = unusable();
        if (unusable.isPresent()) {
            return new NotStarted(unusable.get());
        }
        Resumer resumer = new Resumer(office, environment);
        Envelope first =
                waiting.stream().min(Comparator.comparingInt(Envelope::hops)).orElseThrow();
        ClientTurn turn = new ClientTurn(
                office,
                environment,
                new ClientTurn.Order(
                        () -> resumer.plan(office.peers().find(peer.id()).orElse(peer), Manner.HEADLESS),
                        Ladder.TEXT,
                        Asked.BY_REQUEST,
                        Optional.of(Setting.RESUME_SPENDING.number(environment)),
                        (plan, log) -> {},
                        () -> !office.mailbox(peer.id()).isWaiting(first.id())));
        ResumeAttempt.Steps steps = new HeadlessRun.Kept(office, peer.id(), Optional.of(first.id()), turn);
        return new ResumeAttempt(office, budget, own, turn, Asked.BY_REQUEST, steps).run(lease, first.hops());
    }

    /** What is kept of starts decides on the next. Where it cannot be used, nothing is started, and whoever asked is told. */
    private Optional<Parked> unusable() {
        try {
            budget.check();
            return Optional.empty();
        } catch (IOException e) {
            Instant until = office.clock().instant().plus(ClientTurn.UNREADABLE);
            return Optional.of(new Parked(ParkReason.UNREADABLE, Optional.of(until), ClientTurn.reason(e)));
        }
    }

    private static void await(RenewableLease lease, Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        do {
            TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
            if (!lease.renew()) {
                throw new LeaseLostException(lease.ownership(), Duration.ZERO, SessionClaim.LEASE);
            }
        } while (System.nanoTime() < end);
    }

    private Served notStarted(Peer peer, RenewableLease lease, Admission admission, List<Envelope> requests)
            throws IOException, InterruptedException {
        String came = Admissions.inWords(admission);
        String what = admission instanceof Parked parked
                ? "parked: " + parked.reason().word()
                : "not_yet";
        if (admission instanceof Parked parked) {
            if (parked.reason() == ParkReason.HELD_ELSEWHERE) {
                return new Served(what, came, !isBack(peer) && tell(peer, came));
            }
            // That is held against these requests, and against no other.
            if (requests.stream().anyMatch(request -> request.hops() <= StartLimits.MAX_HOPS)) {
                records.parked(
                        lease,
                        office.peers().find(peer.id()).orElse(peer),
                        parked.reason().word(),
                        parked.until());
            }
        }
        return new Served(what, came, tell(peer, came));
    }

    /**
     * Tells those who do not know yet.
     *
     * @return whether all know it now; whom it could not be told to is told another time
     */
    private boolean tell(Peer peer, String came) throws IOException, InterruptedException {
        boolean isTold = true;
        for (Envelope request : untold(peer, unproven(peer))) {
            Optional<Peer> requester = requester(request);
            // Where the requester is nobody any more, that is all.
            if (records.claimTelling(peer.id(), request.id()) && requester.isPresent()) {
                String text = peer.name() + " has ended and is not resumed for your request " + Notices.named(request)
                        + ": " + came + ". The request waits for it. "
                        + Comeback.of(peer).text();
                if (!notices.send(
                        notices.about(request, peer.id(), requester.get().id(), Effect.LEAVES_IT_OPEN, text),
                        requester.get(),
                        peer)) {
                    records.notTold(peer.id(), request.id());
                    isTold = false;
                }
            }
        }
        return isTold;
    }

    /** One on another machine learns from this session's card that it has ended. */
    private Optional<Peer> requester(Envelope request) throws IOException {
        Optional<SessionId> sender = request.localSender();
        return sender.isPresent() ? office.peers().find(office.peers().current(sender.get())) : Optional.empty();
    }

    private void trace(Peer peer, Served served) {
        office.trace()
                .event(
                        Event.RESUME,
                        Map.of(
                                "session", peer.id().value(),
                                "client", Clients.of(peer).name(),
                                "what", served.what(),
                                "came", served.came()));
    }
}
