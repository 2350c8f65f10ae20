package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps for each session what was done for it by those that supervised it, and tells who does. What a supervisor notes, it commits
 * in the name of its ownership of the session: who was displaced notes nothing. Safe for use by several threads and processes.
 */
public final class SupervisionRecords {

    private static final String NAME = "supervised";

    private final PostOffice office;

    /** Those of an office. */
    public SupervisionRecords(PostOffice office) {
        this.office = office;
    }

    /**
     * What is known of a session. A damaged log counts as none.
     *
     * @throws IOException if it cannot be read
     */
    public SupervisionLog of(SessionId session) throws IOException {
        return decoded(session, value(session).read());
    }

    /**
     * Who may resume a session at this moment, as its supervisor or for one turn; empty if nobody does.
     *
     * @throws IOException if it cannot be read
     */
    public Optional<RenewableLock.Holder> holder(Peer peer) throws IOException {
        return peer.ownId().isPresent()
                ? SessionClaim.of(office.leases(), peer.ownId().get()).holder()
                : Optional.empty();
    }

    /** The last step, if whoever made it still holds the session. */
    public Optional<SupervisionLog.Step> present(Peer peer) throws IOException {
        Optional<SupervisionLog.Step> last = of(peer.id()).last();
        if (last.isEmpty()) {
            return last;
        }
        Optional<ProcessIdentity> holder = holder(peer).flatMap(RenewableLock.Holder::process);
        return last.filter(step -> holder.filter(step.supervisor()::equals).isPresent());
    }

    void note(RenewableLease lease, SessionId session, SupervisionLog.Step step)
            throws IOException, InterruptedException {
        lease.commit(
                value(session),
                Leases.WAIT,
                present -> decoded(session, present).with(step).encode());
    }

    private SupervisionLog decoded(SessionId session, Optional<byte[]> content) {
        try {
            return content.isPresent() ? SupervisionLog.decode(content.get()) : SupervisionLog.empty();
        } catch (IllegalArgumentException e) {
            office.trace()
                    .event(Event.SUPERVISION_LOG_FORGOTTEN, Map.of("session", session.value(), "reason", Why.of(e)));
            return SupervisionLog.empty();
        }
    }

    private GuardedValue value(SessionId session) {
        return office.leases().value(session, NAME);
    }
}
