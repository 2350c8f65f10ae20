package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import java.util.Optional;

/**
 * Something of the correspondence that cannot be shown.
 *
 * @param session in whose post it is
 * @param messageId which message; empty if it is all of the session's, or their states
 * @param reason why
 */
public record Unreadable(SessionId session, Optional<MessageId> messageId, String reason) {}
