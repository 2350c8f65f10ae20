package dev.parley.ledger;

import dev.parley.address.RequestId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The open questions of one session; they go along when it gets another id. Safe for use by several threads and processes. */
public interface PendingAsks {

    /** Stores a question before it is sent. On return it survives a power cut. */
    void open(PendingAsk ask) throws IOException;

    /** The open question of this ticket; empty if it was never asked, is answered, or has run out. */
    Optional<PendingAsk> find(RequestId requestId) throws IOException;

    /** All open questions, oldest first. Changes nothing: one that has run out is left out, and stays for {@link #find}. */
    List<PendingAsk> all() throws IOException;

    /**
     * All questions that nobody has forgotten, oldest first. Changes nothing. Those whose tickets have run out are kept so that
     * the asker can be told: whoever has told it closes them.
     */
    List<PendingAsk> kept() throws IOException;

    /** Forgets a question: it was answered, or never sent. Does nothing if it is forgotten. */
    void close(RequestId requestId) throws IOException;

    /**
     * Notes that this process waits for the answer at this moment, so that nobody else takes it. Ends with
     * {@link Waiting#close}, or with the process.
     */
    Waiting waiting(RequestId requestId) throws IOException;

    /**
     * For which answers a living process waits at this moment. Good for one claim. Changes nothing.
     */
    Set<RequestId> awaited() throws IOException;

    /**
     * The signs that those who were asked have left: that their turn ended and the question was not answered. Changes
     * nothing. A sign is there until its edge is claimed; those of questions that are forgotten are left out.
     */
    List<IdleSign> idleSigns() throws IOException;

    /**
     * Takes it upon the caller to tell the asker something once: of all who ask for the same, in any process, one gets true.
     * On return that survives a power cut.
     *
     * @return whether the caller is the one; false also if the question is forgotten
     * @throws dev.parley.lock.LockTimeoutException if another process held the question's lock all the time; nothing changed
     * @throws dev.parley.lock.LeaseLostException if this process stalled and was displaced; nothing changed, trying again is
     *     safe
     * @throws InterruptedException if interrupted while waiting; nothing changed
     */
    boolean claim(RequestId requestId, Edge edge) throws IOException, InterruptedException;

    /**
     * Begins to watch for changes of what all of these tell, such as a new sign. Where the questions move to another id it is
     * begun again.
     */
    Watch watch() throws IOException;

    /** Waits for a change. May return early: the caller looks again. What came since {@link #watch} is not missed. */
    interface Watch extends AutoCloseable {
        /**
         * Waits.
         *
         * @param limit how long at the most
         */
        void await(Duration limit) throws InterruptedException;

        @Override
        void close();
    }

    /**
     * A sign of somebody who was asked.
     *
     * @param requestId of which question
     * @param revision which revision the work on it had
     */
    record IdleSign(RequestId requestId, int revision) {}

    /**
     * What an asker is told at most once of a question.
     *
     * @param kind what has happened
     * @param revision at which revision of the work; 0 for what can happen only once
     */
    record Edge(Kind kind, int revision) {

        /** What can happen to a question. */
        public enum Kind {
            /** The turn of who was asked ended, and it was not answered. May be told again of another revision. */
            IDLE,
            /** Who was asked is gone. */
            ENDED,
            /** Who was asked cannot go on. May be told again of another revision. */
            BLOCKED,
            /** Who was asked has done it, without an answer. */
            COMPLETED,
            /** Who was asked could not do it. */
            FAILED,
            /** Who was asked will not do it. */
            DECLINED,
            /** It is long overdue. */
            EXPIRED,
            /** Its ticket has run out. */
            RAN_OUT;

            private boolean isOfRevision() {
                return this == IDLE || this == BLOCKED;
            }
        }

        /**
         * Checks that the parts fit each other.
         *
         * @throws IllegalArgumentException if the revision is below 0, or not 0 where that tells nothing
         */
        public Edge {
            if (revision < 0 || (revision > 0 && !kind.isOfRevision())) {
                throw new IllegalArgumentException(kind + " has no revision " + revision);
            }
        }

        /** What can happen only once. */
        public static Edge of(Kind kind) {
            return new Edge(kind, 0);
        }

        /** What the asker is told of a state of the work; empty if it is not told of that. */
        public static Optional<Edge> of(WorkState state, int revision) {
            return switch (state) {
                case OPEN, WORKING, CANCELED -> Optional.empty();
                case BLOCKED -> Optional.of(new Edge(Kind.BLOCKED, revision));
                case COMPLETED -> Optional.of(of(Kind.COMPLETED));
                case FAILED -> Optional.of(of(Kind.FAILED));
                case DECLINED -> Optional.of(of(Kind.DECLINED));
                case EXPIRED -> Optional.of(of(Kind.EXPIRED));
            };
        }

        /** Its name in files: such as {@code ended} or {@code idle-2}. */
        public String word() {
            String word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            return kind.isOfRevision() ? word + '-' + revision : word;
        }
    }

    /** That somebody waits. */
    interface Waiting extends AutoCloseable {
        /** For which answer. */
        RequestId requestId();

        /** Lets others take the answer again. */
        @Override
        void close() throws IOException;
    }
}
