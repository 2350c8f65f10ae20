package dev.parley.mcp;

import tools.jackson.databind.JsonNode;

/**
 * A request of the client, as it arrived: a sign of life.
 *
 * @param method such as {@code tools/call}
 * @param meta its {@code _meta}; an empty object when there is none
 * @param answersBefore how many answers had been written before the first byte of this request was there to read: every
 *     {@link Answer.Written} up to this number reached the client's side before the client sent this request, or
 *     crossed it within the instant of sending
 */
public record IncomingRequest(String method, JsonNode meta, long answersBefore) {}
