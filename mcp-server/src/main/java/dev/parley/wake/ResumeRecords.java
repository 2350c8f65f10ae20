package dev.parley.wake;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.trace.Event;
import dev.parley.wake.ResumeLog.End;
import dev.parley.wake.ResumeLog.Parking;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps for each session what was done to resume it for requests. What a start notes, it commits in the name of its ownership of
 * the session's name. Safe for use by several threads and processes.
 */
public final class ResumeRecords {

    private static final String NAME = "resumes";

    private final PostOffice office;

    /** Those of an office. */
    public ResumeRecords(PostOffice office) {
        this.office = office;
    }

    /**
     * What is known of a session. A damaged log counts as none.
     *
     * @throws IOException if it cannot be read
     */
    public ResumeLog of(SessionId session) throws IOException {
        return decoded(session, value(session).read());
    }

    /** What keeps a session from being resumed at this moment; empty if nothing is known to. */
    public Optional<Parking> parking(Peer peer) throws IOException {
        Optional<Parking> parking = of(peer.id()).parking();
        return parking.isEmpty() || isOver(parking.get(), peer) ? Optional.empty() : parking;
    }

    /** Whether what was noted to keep a session from being resumed does not any more. */
    public boolean isOver(Parking parking, Peer peer) throws IOException {
        return parking.isOver(
                office.clock().instant(), office.peers().presence(peer).since(), newest(peer));
    }

    private static Optional<ProcessIdentity> newest(Peer peer) {
        return peer.servers().isEmpty()
                ? Optional.empty()
                : Optional.of(peer.servers().get(peer.servers().size() - 1));
    }

    /**
     * Notes a start, before it is made.
     *
     * @param request for which; empty if a person wants it
     */
    public void began(RenewableLease lease, SessionId session, Optional<MessageId> request)
            throws IOException, InterruptedException {
        Instant now = office.clock().instant();
        commit(lease, session, log -> log.began(request, now));
    }

    /** Notes how it ended. */
    public void ended(RenewableLease lease, SessionId session, ResumeLog.Outcome outcome, Optional<String> cost)
            throws IOException, InterruptedException {
        End end = new End(office.clock().instant(), outcome, cost);
        commit(lease, session, log -> log.ended(end));
    }

    /** Notes that a session is not resumed, so that nobody begins to. */
    public void parked(RenewableLease lease, Peer peer, String reason, Optional<Instant> until)
            throws IOException, InterruptedException {
        Parking parking = new Parking(office.clock().instant(), reason, until, newest(peer));
        commit(lease, peer.id(), log -> log.parked(Optional.of(parking)));
    }

    /** Notes that nothing keeps it from being resumed any more. */
    public void released(RenewableLease lease, SessionId session) throws IOException, InterruptedException {
        if (of(session).parking().isPresent()) {
            commit(lease, session, log -> log.parked(Optional.empty()));
        }
    }

    /**
     * Takes it upon the caller to tell a requester that nobody is resumed for its request. Of all who ask, in any process, one
     * gets true.
     */
    public boolean claimTelling(SessionId session, MessageId request) throws IOException, InterruptedException {
        boolean[] isFirst = new boolean[1];
        value(session).update(Leases.WAIT, present -> {
            ResumeLog log = decoded(session, present);
            isFirst[0] = !log.told().contains(request);
            return log.told(request).encode();
        });
        return isFirst[0];
    }

    /** Takes that back: the requester could not be told. */
    public void notTold(SessionId session, MessageId request) throws IOException, InterruptedException {
        value(session)
                .update(
                        Leases.WAIT,
                        present -> decoded(session, present).notTold(request).encode());
    }

    private void commit(RenewableLease lease, SessionId session, UnaryOperator<ResumeLog> change)
            throws IOException, InterruptedException {
        lease.commit(
                value(session),
                Leases.WAIT,
                present -> change.apply(decoded(session, present)).encode());
    }

    /** A damaged log costs a parking that is found again, no more: the limits are kept elsewhere. */
    private ResumeLog decoded(SessionId session, Optional<byte[]> content) {
        try {
            return content.isPresent() ? ResumeLog.decode(content.get()) : ResumeLog.empty();
        } catch (IllegalArgumentException e) {
            office.trace()
                    .event(Event.RESUME_LOG_FORGOTTEN, Map.of("session", session.value(), "reason", e.toString()));
            return ResumeLog.empty();
        }
    }

    private GuardedValue value(SessionId session) {
        return office.leases().value(session, NAME);
    }
}
