package dev.parley.ledger;

import java.time.Duration;

/**
 * How much a ledger keeps.
 *
 * @param newest so many messages are always kept
 * @param owed a question that is not answered is kept this long, even if it is not among the newest
 */
public record Retention(int newest, Duration owed) {

    /** 1000 messages; unanswered questions for as long as an ask lives. */
    public static final Retention DEFAULT = new Retention(1000, PendingAsk.LIFE);

    /** Keeps at least one. */
    public Retention {
        if (newest < 1) {
            throw new IllegalArgumentException("a ledger keeps at least one message");
        }
    }
}
