package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import java.time.Instant;
import java.util.Optional;

/** Makes open work for tests. */
public final class OpenRequests {

    private OpenRequests() {}

    /** A request between two sessions that live and do not wait in a call, as it was seen before it was due. */
    public static OwedWork item(
            SessionId owner,
            SessionId requester,
            String requesterName,
            Instant asked,
            Optional<Instant> due,
            WorkState state,
            Optional<String> note) {
        return item(MessageId.create(Optional.empty()), owner, requester, requesterName, asked, due, state, note);
    }

    /** The same with an id. */
    public static OwedWork item(
            MessageId id,
            SessionId owner,
            SessionId requester,
            String requesterName,
            Instant asked,
            Optional<Instant> due,
            WorkState state,
            Optional<String> note) {
        Envelope request = new Envelope(
                id,
                asked,
                Origin.PEER,
                Optional.of(requester),
                requesterName,
                owner,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                due,
                Optional.empty(),
                "please");
        Work work = new Work(request, state, state == WorkState.OPEN ? 0 : 1, asked, note, Optional.empty());
        return new OwedWork(work, Who.here(owner), Optional.of(requester), false, false, false, false);
    }

    /** Who waits by it. */
    public static Wait wait(OwedWork item) {
        return item.asWait().orElseThrow();
    }
}
