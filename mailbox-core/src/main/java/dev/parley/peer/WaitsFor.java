package dev.parley.peer;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * That a session does nothing but wait for the answer of another at this moment.
 *
 * @param host the machine of who was asked; empty if that is this one
 * @param session who was asked
 * @param since when the question was sent
 * @param question which it is
 */
public record WaitsFor(Optional<HostName> host, SessionId session, Instant since, MessageId question) {}
