package dev.parley.mailbox;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * One message with everything that is known of it. Immutable; never changed once it is sent.
 *
 * @param id its own id
 * @param sentAt when its sender's server stamped it
 * @param origin on whose behalf it was sent
 * @param from the sending session; empty if no session sent it
 * @param host the machine it came from, as the hub has proven it; empty if it was sent on this one
 * @param fromName the sender's name when it was sent
 * @param to the session it was addressed to
 * @param requestId set if its sender waits for an answer
 * @param replyTo the request id it answers
 * @param sourceMessageId the message it refers to
 * @param hops how many replies led to it; 0 for a fresh message
 * @param due when its sender wants the answer; only of a message with a request id
 * @param supersedes the earlier message of the same sender to the same receiver in whose place it comes
 * @param cancels the request that its sender no longer wants; only of what an office tells another machine's
 * @param body the text, verbatim
 */
public record Envelope(
        MessageId id,
        Instant sentAt,
        Origin origin,
        Optional<SessionId> from,
        Optional<HostName> host,
        String fromName,
        SessionId to,
        Optional<RequestId> requestId,
        Optional<RequestId> replyTo,
        Optional<MessageId> sourceMessageId,
        int hops,
        Optional<Instant> due,
        Optional<MessageId> supersedes,
        Optional<Cancellation> cancels,
        String body) {

    /** The longest body, in bytes of UTF-8. */
    public static final int MAX_BODY_BYTES = 8192;

    /** The longest name of a sender, in characters. */
    public static final int MAX_NAME = 200;

    /** What Parley itself is called where it is the sender. */
    public static final String OFFICE = "office";

    /** On whose behalf a message was sent. */
    public enum Origin {
        /** Another agent session. */
        PEER,
        /** A person, with the {@code parley} command. */
        OPERATOR,
        /** Parley itself, which tells a session what has become of its name or address. */
        OFFICE
    }

    /**
     * Checks every part.
     *
     * @throws IllegalArgumentException if the body is empty, too long, or not encodable as UTF-8
     */
    public Envelope {
        require(hops >= 0, "hops below zero");
        require(
                fromName.length() <= MAX_NAME && Utf8.length(fromName) >= 0,
                "a sender's name has at the most " + MAX_NAME + " characters");
        int bytes = Utf8.length(body);
        require(bytes >= 1 && bytes <= MAX_BODY_BYTES, "a body has 1 to " + MAX_BODY_BYTES + " bytes, not " + bytes);
        require(due.isEmpty() || requestId.isPresent(), "what asks for nothing is due at no time");
        require(!supersedes.equals(Optional.of(id)), "a message does not come in its own place");
        require(origin != Origin.OFFICE || fromName.equals(OFFICE), "the office is called " + OFFICE);
        require(origin != Origin.PEER || from.isPresent(), "a peer's message names its session");
        require(
                cancels.isEmpty() || (origin == Origin.OFFICE && from.isPresent()),
                "the office cancels, on a session's account");
    }

    /** A message that is sent on this machine. */
    public Envelope(
            MessageId id,
            Instant sentAt,
            Origin origin,
            Optional<SessionId> from,
            String fromName,
            SessionId to,
            Optional<RequestId> requestId,
            Optional<RequestId> replyTo,
            Optional<MessageId> sourceMessageId,
            int hops,
            Optional<Instant> due,
            Optional<MessageId> supersedes,
            String body) {
        this(
                id,
                sentAt,
                origin,
                from,
                Optional.empty(),
                fromName,
                to,
                requestId,
                replyTo,
                sourceMessageId,
                hops,
                due,
                supersedes,
                Optional.empty(),
                body);
    }

    /** The same, which is due at no time and comes in no other's place. */
    public Envelope(
            MessageId id,
            Instant sentAt,
            Origin origin,
            Optional<SessionId> from,
            String fromName,
            SessionId to,
            Optional<RequestId> requestId,
            Optional<RequestId> replyTo,
            Optional<MessageId> sourceMessageId,
            int hops,
            String body) {
        this(
                id,
                sentAt,
                origin,
                from,
                fromName,
                to,
                requestId,
                replyTo,
                sourceMessageId,
                hops,
                Optional.empty(),
                Optional.empty(),
                body);
    }

    /** The sending session, if it is one of this machine: one of another machine may have the same id. */
    public Optional<SessionId> localSender() {
        return host.isEmpty() ? from : Optional.empty();
    }

    /** The same message, come from another machine. */
    public Envelope from(HostName sender) {
        return with(id, Optional.of(sender), cancels);
    }

    /**
     * The same notice, which also cancels the request that it tells of. Its id follows from that request's, so a request is canceled
     * by one message, however often that is asked for.
     */
    public Envelope canceling(Cancellation request) {
        return with(MessageId.canceling(request.message()), host, Optional.of(request));
    }

    private Envelope with(MessageId ownId, Optional<HostName> sender, Optional<Cancellation> canceled) {
        return new Envelope(
                ownId,
                sentAt,
                origin,
                from,
                sender,
                fromName,
                to,
                requestId,
                replyTo,
                sourceMessageId,
                hops,
                due,
                supersedes,
                canceled,
                body);
    }

    /** The earlier message of the same sender to the same receiver that this one takes back. */
    public Optional<MessageId> takesBack() {
        return cancels.map(Cancellation::message).or(() -> supersedes);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
