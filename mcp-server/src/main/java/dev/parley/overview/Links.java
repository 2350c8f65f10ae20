package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of some messages follows which: an answer follows its question, and any message the one that it refers to. Only an
 * earlier message is followed, so whatever a peer writes into an envelope, no chain leads back to itself.
 */
final class Links {

    private final Map<MessageId, MessageId> followed = new HashMap<>();

    Links(Collection<Link> messages) {
        Map<MessageId, Link> byId = new HashMap<>();
        Map<RequestId, Link> byRequest = new HashMap<>();
        for (Link message : messages) {
            byId.put(message.id(), message);
            message.requestId().ifPresent(request -> byRequest.put(request, message));
        }
        for (Link message : messages) {
            Optional<Link> source = message.source().map(byId::get).filter(found -> isBefore(found, message));
            source.or(() -> message.replyTo().map(byRequest::get).filter(found -> isBefore(found, message)))
                    .ifPresent(found -> followed.put(message.id(), found.id()));
        }
    }

    private static boolean isBefore(Link one, Link other) {
        int byTime = one.sentAt().compareTo(other.sentAt());
        return byTime != 0 ? byTime < 0 : one.id().compareTo(other.id()) < 0;
    }

    /** The message that this one follows; empty if it begins something. */
    Optional<MessageId> followedBy(MessageId id) {
        return Optional.ofNullable(followed.get(id));
    }

    /** The message that began what this one is part of. */
    MessageId beginning(MessageId id) {
        MessageId at = id;
        for (Optional<MessageId> before = followedBy(at); before.isPresent(); before = followedBy(at)) {
            at = before.get();
        }
        return at;
    }

    /** All that have the same beginning as this one. */
    Set<MessageId> chain(MessageId id, Collection<MessageId> among) {
        MessageId beginning = beginning(id);
        Set<MessageId> chain = new HashSet<>();
        for (MessageId each : among) {
            if (beginning(each).equals(beginning)) {
                chain.add(each);
            }
        }
        return chain;
    }
}
