package dev.parley.testing;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import java.time.Instant;
import java.util.Optional;

/** Envelopes for tests: whole and valid, with what a test does not care about filled in. */
public final class Letters {

    /** When every letter was sent. */
    public static final Instant SENT = Instant.parse("2026-03-04T05:06:07Z");

    private Letters() {}

    /** A plain message. */
    public static Envelope plain(SessionId from, SessionId to, String body) {
        return letter(from, to, Optional.empty(), Optional.empty(), body);
    }

    /** A question. */
    public static Envelope question(SessionId from, SessionId to, RequestId requestId, String body) {
        return letter(from, to, Optional.of(requestId), Optional.empty(), body);
    }

    /** An answer. */
    public static Envelope answer(SessionId from, SessionId to, RequestId requestId, String body) {
        return letter(from, to, Optional.empty(), Optional.of(requestId), body);
    }

    private static Envelope letter(
            SessionId from, SessionId to, Optional<RequestId> requestId, Optional<RequestId> replyTo, String body) {
        return new Envelope(
                MessageId.create(Optional.of(from)),
                SENT,
                Origin.PEER,
                Optional.of(from),
                "bold-fox",
                to,
                requestId,
                replyTo,
                Optional.empty(),
                0,
                body);
    }
}
