package dev.parley.mailbox;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The incoming mail of one session.
 *
 * <p>Senders and takers never wait for each other. Every message is given to exactly one taker, in each sender's order,
 * and to a second one only if the first one died or gave it back; what comes back may come after what others took
 * meanwhile. Follows its session when that is re-identified. Where
 * there is no such session, every call fails with an {@link IOException} that names it. Safe for use by several threads and processes.
 */
public interface Mailbox {

    /** How many messages may wait. Several senders at once may exceed it by a few. */
    int CAPACITY = 10_000;

    /** How many messages of one sender may wait. A sender that is several processes may exceed it by a few. */
    int CAPACITY_OF_ONE = 2_000;

    /**
     * So many hand-overs that are proven, and messages that were withdrawn, are kept at the most, and the latest of them for
     * some time: then {@link #locate} no longer finds their messages.
     */
    int MAX_SHOWN = 256;

    /**
     * How many senders' messages a claim passes over at the most because they do not fit its budget: those of old servers look
     * as if each were of another sender.
     */
    int PASSED_OVER = 50;

    /** Whose mail it is. */
    SessionId owner();

    /**
     * Writes a message where nobody can see it yet, so that what must be done before it is seen can be done now. Ends with
     * {@link Posting#deliver} or {@link Posting#close}; if the process dies before, the message was not sent.
     *
     * @throws MailboxFullException if too many wait, or too many of this sender's; nothing was written
     * @throws IOException if it could not be written; nothing of it is left
     */
    Posting prepare(Envelope envelope) throws IOException;

    /** A message that is written and that nobody can see yet. Belongs to one thread. */
    interface Posting extends AutoCloseable {
        /** What will be delivered. */
        Envelope envelope();

        /**
         * Makes it visible. On return it survives a power cut.
         *
         * @return the id under which it was made visible: the receiver's present one, if it has been re-identified
         * @throws IOException if it could not be stored; it is not visible then, unless it could not be taken back, either
         */
        SessionId deliver() throws IOException;

        /** Drops it, unless it was delivered. */
        @Override
        void close();
    }

    /**
     * Stores a message at once, for a mailbox that keeps no ledger. On return it survives a power cut, and is visible.
     *
     * @throws MailboxFullException if too many wait, or too many of this sender's; nothing was stored
     * @throws IOException if it could not be stored; it is not visible then, unless it could not be taken back, either
     */
    default void deliver(Envelope envelope) throws IOException {
        try (Posting posting = prepare(envelope)) {
            posting.deliver();
        }
    }

    /**
     * Takes messages, in rounds: each sender's oldest, the senders in the order of those; then each one's next, and so on. So
     * nobody's mail is behind another's thousands. What was taken is in the order of sending.
     *
     * @param budget how much at the most; a sender whose next one does not fit is passed over
     * @param awaited tells of a request id whether somebody is waiting for its answer at this moment: such an answer is
     *     left for him
     * @throws IOException if nothing could be taken; nothing changed. If something was taken before that failed, that
     *     is the batch
     */
    Batch claim(Budget budget, Predicate<RequestId> awaited) throws IOException;

    /**
     * Takes the oldest answer to one request, if it is there.
     *
     * @param isFrom whether a message is of who may answer it; what anybody else sent under this request id stays, as ordinary
     *     mail
     */
    Optional<Batch> claimAnswerIf(RequestId requestId, Predicate<Envelope> isFrom) throws IOException;

    /** The same, of a session of this machine. */
    default Optional<Batch> claimAnswer(RequestId requestId, Predicate<SessionId> from) throws IOException {
        return claimAnswerIf(
                requestId,
                letter -> letter.host().isEmpty() && letter.from().filter(from).isPresent());
    }

    /**
     * Takes back a message that waits and was never handed over, for its sender. On return it survives a power cut that
     * nobody is given it any more. {@link #locate} finds it as withdrawn for as long as what was shown then.
     *
     * @return false if it does not wait, or was handed over before without proof, so that it may have been seen: it is where it
     *     was
     * @throws IOException if it could not be taken back, or not be made to survive a power cut
     */
    boolean withdraw(MessageId messageId) throws IOException;

    /** How many messages wait. */
    int waiting() throws IOException;

    /**
     * The same, for one look at the mailbox where nothing has come or gone since this process last asked: cheap enough to ask
     * with every call.
     */
    int unread() throws IOException;

    /**
     * The ids of the messages that are prepared, wait, or were handed over without proof: those that will, or may, be seen
     * yet. What is not among them, and was prepared before, is proven shown or dropped, and a power cut does not change that.
     *
     * @throws IOException if it cannot be told now
     */
    Set<MessageId> unproven() throws IOException;

    /** Whether this message waits, and nobody has taken it. Cheaper than {@link #locate}. */
    boolean isWaiting(MessageId messageId) throws IOException;

    /** Where a message is; empty if this mailbox does not have it, or no longer. */
    Optional<Position> locate(MessageId messageId) throws IOException;

    /** The same for many messages, at the cost of one look through the mailbox; those that it does not have are left out. */
    Map<MessageId, Position> locate(Set<MessageId> messageIds) throws IOException;

    /**
     * Takes back what takers that have died had claimed, marked as redelivered. Called when a session starts again.
     *
     * @return how many messages
     * @throws IOException if some could not be taken back; the others have been, and calling again goes on
     */
    int recover() throws IOException;

    /** Begins to watch for new mail. */
    Arrivals arrivals() throws IOException;

    /** Waits for new mail. May return early: the caller looks again. Mail that came since {@link #arrivals} is not missed. */
    interface Arrivals extends AutoCloseable {
        /**
         * Waits.
         *
         * @param limit how long at the most
         */
        void await(Duration limit) throws InterruptedException;

        @Override
        void close();
    }
}
