package dev.parley.trace;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be traced, and of what kind it is. The name of a constant, in kebab case, is what a trace file holds: traces outlive
 * a version, so a constant keeps its name.
 */
public enum Event {
    // Waking, asking, reading.
    WAKE(Kind.ROUTINE),
    WAKE_RUNG(Kind.ROUTINE),
    HANDED(Kind.ROUTINE),
    ANSWERED(Kind.ROUTINE),
    ASK_TIMED_OUT(Kind.ROUTINE),
    ASK_ALREADY_CLOSED(Kind.ROUTINE),
    OPEN_WORK_LEFT(Kind.ROUTINE),
    WAITING_MARK_GONE(Kind.ROUTINE),
    /** What a supervisor did for a session. */
    SUPERVISION(Kind.ROUTINE),
    // A session crashed, was cleared, claimed or came back, and what it had is where it belongs.
    ADDRESS_CLAIMED(Kind.NOTABLE),
    CARD_RESTORED(Kind.NOTABLE),
    CLAIM_GONE(Kind.NOTABLE),
    HAND_OVER_UNPROVEN(Kind.NOTABLE),
    LOCK_TAKEN_OVER(Kind.NOTABLE),
    LOCK_CHANGED_HANDS(Kind.NOTABLE),
    MAIL_MOVED(Kind.NOTABLE),
    MOVE_FINISHED(Kind.NOTABLE),
    NAMED_AGAIN(Kind.NOTABLE),
    REMOVAL_UNDONE(Kind.NOTABLE),
    RENAMED(Kind.NOTABLE),
    // Tidying up, alone or together with another process.
    LEDGER_PRUNED(Kind.ROUTINE),
    LOCK_SWEPT(Kind.ROUTINE),
    REMOVAL_SHARED(Kind.ROUTINE),
    SHOWN_PRUNED(Kind.ROUTINE),
    SWEEP_OVERTAKEN(Kind.ROUTINE),
    SWEPT(Kind.ROUTINE),
    SWEPT_BY_ANOTHER(Kind.ROUTINE),
    // Something could not be done or read, or is damaged.
    ACTIVITY_UNREADABLE(Kind.FAILURE),
    ANSWER_UNOBSERVED(Kind.FAILURE),
    ANSWERED_MARK_FAILED(Kind.FAILURE),
    ASK_NOT_CLOSED(Kind.FAILURE),
    ASKS_UNREADABLE(Kind.FAILURE),
    CARD_UNREADABLE(Kind.FAILURE),
    CLAIM_CUT_SHORT(Kind.FAILURE),
    CLAIM_LEFT(Kind.FAILURE),
    CLAIM_LEFT_BEHIND(Kind.FAILURE),
    CLAIM_UNFORCED(Kind.FAILURE),
    CORRUPT_ASK(Kind.FAILURE),
    CORRUPT_CARD(Kind.FAILURE),
    CORRUPT_CARD_NOT_KEPT(Kind.FAILURE),
    CORRUPT_CARD_REPLACED(Kind.FAILURE),
    CORRUPT_PASSED_OVER(Kind.FAILURE),
    CORRUPT_SET_ASIDE(Kind.FAILURE),
    CORRUPT_WORK(Kind.FAILURE),
    DELIVERED_UNFORCED(Kind.FAILURE),
    DOORBELL_FAILED(Kind.FAILURE),
    EARLY_REGISTRATION_FAILED(Kind.FAILURE),
    HAND_OVER_STEP_FAILED(Kind.FAILURE),
    HAND_OVER_UNCONFIRMED(Kind.FAILURE),
    BINDING_NOT_KEPT(Kind.FAILURE),
    BINDING_UNREADABLE(Kind.FAILURE),
    HOST_NOT_NOTED(Kind.FAILURE),
    IDLE_SIGN_STAYS(Kind.FAILURE),
    INDEX_NOT_NOTED(Kind.FAILURE),
    INDEX_UNUSABLE(Kind.FAILURE),
    LEASE_LOST(Kind.FAILURE),
    LEDGER_UNREADABLE(Kind.FAILURE),
    LEDGER_UNWRITABLE(Kind.FAILURE),
    LOCK_CANDIDATE_LEFT(Kind.FAILURE),
    LOCK_DIRECTORY_KEPT(Kind.FAILURE),
    LOCK_SWEEP_FAILED(Kind.FAILURE),
    MAILBOX_UNREADABLE(Kind.FAILURE),
    MESSAGE_UNREADABLE(Kind.FAILURE),
    MOVED_TO_UNREADABLE(Kind.FAILURE),
    NAME_NOT_RESTORED(Kind.FAILURE),
    NOT_INDEXED(Kind.FAILURE),
    NOT_LEFT(Kind.FAILURE),
    NOT_LOOKED_AT(Kind.FAILURE),
    HUB_LOST_MAIL(Kind.FAILURE),
    HUB_OUT_OF_REACH(Kind.FAILURE),
    HUB_SETTINGS_UNREADABLE(Kind.FAILURE),
    NOT_CARRIED(Kind.FAILURE),
    NOT_TAKEN_IN(Kind.FAILURE),
    MAIL_REFUSED(Kind.FAILURE),
    MAIL_UNTOLD(Kind.FAILURE),
    CARD_REFUSED(Kind.FAILURE),
    CARD_NOT_SHARED(Kind.FAILURE),
    NOT_SENT(Kind.FAILURE),
    NOT_SORTED(Kind.FAILURE),
    NOT_TOLD(Kind.FAILURE),
    NOT_WITHDRAWN(Kind.FAILURE),
    POSTING_LEFT(Kind.FAILURE),
    PRESENCE_UNKNOWN(Kind.FAILURE),
    PAIR_UNREADABLE(Kind.FAILURE),
    POSTMAN_NOT_CALLED(Kind.FAILURE),
    REMOTE_NOTE_UNREADABLE(Kind.FAILURE),
    PRUNE_FAILED(Kind.FAILURE),
    OPEN_WORK_UNOBSERVED(Kind.FAILURE),
    QUESTION_UNOBSERVED(Kind.FAILURE),
    RECORD_LEFT(Kind.FAILURE),
    /** Something came from another machine under a subject that no host can use. */
    REMOTE_SUBJECT_REFUSED(Kind.FAILURE),
    REPAIR_FAILED(Kind.FAILURE),
    RUNG_NOT_NOTED(Kind.FAILURE),
    RUNG_UNUSABLE(Kind.FAILURE),
    SET_ASIDE(Kind.FAILURE),
    SHOWN_NOT_PRUNED(Kind.FAILURE),
    STATE_UNKNOWN(Kind.FAILURE),
    STORE_ERROR(Kind.FAILURE),
    /** What a supervisor did could not be noted. */
    SUPERVISION_NOT_NOTED(Kind.FAILURE),
    SUPERVISION_LOG_FORGOTTEN(Kind.FAILURE),
    SWEEP_FAILED(Kind.FAILURE),
    UNREAD_UNKNOWN(Kind.FAILURE),
    VALUE_FORGOTTEN(Kind.FAILURE),
    WAITING_MARK_STAYS(Kind.FAILURE),
    WAKE_LOG_FORGOTTEN(Kind.FAILURE),
    /** What was noted of a session that is resumed for requests was damaged, and is forgotten. */
    RESUME_LOG_FORGOTTEN(Kind.FAILURE),
    /** What came of resuming a session for a request. */
    RESUME(Kind.ROUTINE),
    /** A session could not be resumed for a request: an error, not a decision. */
    RESUME_FAILED(Kind.FAILURE),
    WAKE_STAMP_KEPT(Kind.FAILURE),
    WAKES_UNREADABLE(Kind.FAILURE),
    WORK_MARK_STAYS(Kind.FAILURE),
    WORK_NOT_CHANGED(Kind.FAILURE),
    WORK_UNREADABLE(Kind.FAILURE);

    /** Whether anybody should look at an event. */
    public enum Kind {
        /** A step of what Parley does all day: it wakes, asks, reads, tidies up. */
        ROUTINE,
        /** A session crashed, was cleared or came back, or another process was faster; what it had is where it belongs. */
        NOTABLE,
        /** Somebody should look at it. */
        FAILURE
    }

    /** By their written names. Apart, because a process that only traces never reads one. */
    private static final class Names {
        static final Map<String, Event> ALL =
                Stream.of(values()).collect(Collectors.toUnmodifiableMap(Event::toString, Function.identity()));
    }

    private final Kind kind;

    Event(Kind kind) {
        this.kind = kind;
    }

    /** Whether anybody should look at it. */
    public Kind kind() {
        return kind;
    }

    /** The event of this name in a trace file; empty if another version wrote it, or somebody else. */
    public static Optional<Event> of(String written) {
        return Optional.ofNullable(Names.ALL.get(written));
    }

    /** Its name in a trace file. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
