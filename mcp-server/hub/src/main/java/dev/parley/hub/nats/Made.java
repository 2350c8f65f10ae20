package dev.parley.hub.nats;

import io.nats.client.Message;
import io.nats.client.api.ApiResponse;

/** The answer to a request to make something, of which only the error is of interest. */
final class Made extends ApiResponse<Made> {

    Made(Message answer) {
        super(answer);
    }
}
