package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.trace.Why;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import java.io.IOException;

/** What a stream is told beside a message, and what it answers. */
final class Publishing {

    /** Stores it only if the last message of its subject has this sequence; 0: if there is none. */
    static final String EXPECTED = "Nats-Expected-Last-Subject-Sequence";

    /** Stores it only in the stream of this name. */
    static final String EXPECTED_STREAM = "Nats-Expected-Stream";

    /** A second message with this id is acknowledged for a while, and not stored. */
    static final String ID = "Nats-Msg-Id";

    private Publishing() {}

    /** The stream's answer, if it has stored the message, or has done so before. */
    static PublishAck acknowledgement(Wire wire, Message answer) throws RoadException {
        try {
            return new PublishAck(answer);
        } catch (JetStreamApiException e) {
            throw Answers.error(wire.place(), e.getApiErrorCode(), e.getErrorDescription());
        } catch (IOException e) {
            throw new RoadException(
                    Kind.ODD, "the hub " + wire.place() + " gave an answer that no stream gives: " + Why.of(e), e);
        }
    }
}
