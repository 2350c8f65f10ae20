package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has happened since messages were sent that are handed over now: whether later ones take their place or follow, and how
 * far the requests among them are. An order that nobody stands by any more does harm if it is followed.
 */
final class Standing {

    /** What has waited for so long is old: it says whether newer mail of its sender follows. */
    private static final Duration OLD = Duration.ofMinutes(10);

    private final List<Envelope> messages;
    private final Map<MessageId, MessageId> supersededBy = new HashMap<>();
    private final OpenWork work;
    private final PostOffice office;

    /** How the messages of a batch stand. */
    Standing(Batch batch, PostOffice office, SessionId owner) {
        this.messages = batch.messages().stream().map(Claimed::envelope).toList();
        this.office = office;
        this.work = office.work(owner);
        for (Envelope message : messages) {
            message.supersedes().ifPresent(earlier -> supersededBy.put(earlier, message.id()));
        }
    }

    /** Adds it to what is shown of one of them. */
    void put(Map<String, Object> out, Envelope message, Instant now) {
        Answers.put(
                out,
                "superseded_by",
                Optional.ofNullable(supersededBy.get(message.id())).map(MessageId::value));
        if (message.requestId().isPresent()) {
            work(message.id()).ifPresent(one -> Answers.putWork(out, one));
        }
        long newer = newerFromSender(message);
        if (newer > 0 && Duration.between(message.sentAt(), now).compareTo(OLD) >= 0) {
            out.put("newer_from_sender", newer);
        }
    }

    /** How many later messages of its sender are handed over with it. */
    private long newerFromSender(Envelope message) {
        return messages.stream()
                .skip(messages.indexOf(message) + 1L)
                .filter(later -> later.origin() == message.origin()
                        && later.from().equals(message.from())
                        && later.host().equals(message.host()))
                .count();
    }

    private Optional<Work> work(MessageId messageId) {
        try {
            return work.find(messageId);
        } catch (IOException e) {
            office.trace().event(Event.WORK_UNREADABLE, Map.of("message", messageId.value(), "reason", e.toString()));
            return Optional.empty();
        }
    }
}
