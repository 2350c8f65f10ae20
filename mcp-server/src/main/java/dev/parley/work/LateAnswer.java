package dev.parley.work;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position.Place;
import dev.parley.office.PostOffice;
import java.io.IOException;

/**
 * An answer that came just when the wait for it ended. The asker looks once more when it is no longer marked as waiting, and
 * whoever answers looks again after that, so one of the two sees the other.
 */
public final class LateAnswer {

    private LateAnswer() {}

    /**
     * Whether an answer lies there and nobody waits for it any more.
     *
     * @param answer it was delivered, and names the request that it answers
     * @throws IOException if that cannot be told
     */
    public static boolean isLeft(Envelope answer, SessionId asker, PostOffice office) throws IOException {
        return !office.asks(asker).awaited().contains(answer.replyTo().orElseThrow())
                && office.mailbox(asker)
                        .locate(answer.id())
                        .filter(position -> position.place() == Place.WAITING)
                        .isPresent();
    }
}
