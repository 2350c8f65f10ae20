package dev.parley.ledger;

import dev.parley.address.MessageId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The requests that one session has received, and how far the work on each is.
 *
 * <p>A request is a recorded message that was sent as one ({@link Delivery} notes that before anybody can see it). Its state
 * lives as long as its record. A message from before requests had a state is none. Safe for use by several threads and
 * processes.
 */
public interface OpenWork {

    /**
     * A request; empty if this session has no such message, or it asks for nothing.
     *
     * @throws dev.parley.trace.DamagedException if its record or its state is damaged
     */
    Optional<Work> find(MessageId messageId) throws IOException;

    /**
     * The requests that are in no terminal state, oldest first. Changes nothing and takes no lock. One that cannot be read is
     * left out and traced.
     */
    List<Work> unfinished() throws IOException;

    /**
     * Changes the state of a request: compare and set. Of several who change it at once each bases its change on the one
     * before; none is lost, and none follows a terminal one. On return the state survives a power cut.
     *
     * <p>A request that is answered is changed to {@link WorkState#COMPLETED} first, and then noted as answered
     * ({@link ReceivedLedger#markAnswered}): of a completion and another terminal state at the same moment one wins.
     * {@link WorkState#EXPIRED} is refused before {@link Work#expiresAt}.
     *
     * @return the request after the call: changed, or as it was before, with the state that won, if that does not allow the
     *     change; empty if there is no such request
     * @throws dev.parley.lock.LockTimeoutException if another process held the request's lock all the time; nothing changed
     * @throws dev.parley.lock.LeaseLostException if this process stalled and was displaced; nothing changed, trying again is
     *     safe
     * @throws InterruptedException if interrupted while waiting; nothing changed
     * @throws IOException if it cannot be stored; the state is as before, or the new one if only the last step of making it
     *     durable failed
     */
    Optional<Outcome> change(MessageId messageId, WorkChange change) throws IOException, InterruptedException;

    /**
     * Takes it upon the caller to tell the owner something once: of all who ask for the same, in any process, one gets true.
     * On return that survives a power cut.
     *
     * @return whether the caller is the one; false also if there is no such request, it is finished, or its work has another
     *     revision than the edge
     * @throws dev.parley.lock.LockTimeoutException if another process held the request's lock all the time; nothing changed
     * @throws dev.parley.lock.LeaseLostException if this process stalled and was displaced; nothing changed, trying again is
     *     safe
     * @throws InterruptedException if interrupted while waiting; nothing changed
     */
    boolean claim(MessageId messageId, Edge edge) throws IOException, InterruptedException;

    /**
     * What came of a change.
     *
     * @param work the request after it
     * @param isChanged whether it was made
     */
    record Outcome(Work work, boolean isChanged) {}

    /** What the owner of a request is told at most once. */
    sealed interface Edge permits TurnEnded, FellDue {}

    /**
     * Its turn ended, and the request is unfinished.
     *
     * @param revision at which revision of the work: after a change it may be told again
     */
    record TurnEnded(int revision) implements Edge {}

    /** The time has come at which it was due. */
    record FellDue() implements Edge {}
}
