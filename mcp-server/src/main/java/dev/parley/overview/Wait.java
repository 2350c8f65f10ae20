package dev.parley.overview;

import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import java.time.Instant;

/**
 * One session has asked another and has no answer yet.
 *
 * @param asker who asked
 * @param asked who was asked; on this machine under its present address
 * @param question what was asked
 * @param isAtThisMoment whether a process of the asker does nothing but wait for the answer; if not, the answer comes as mail
 */
public record Wait(SessionId asker, Who asked, PendingAsk question, boolean isAtThisMoment) {

    /** When the question was asked. */
    public Instant since() {
        return question.askedAt();
    }
}
