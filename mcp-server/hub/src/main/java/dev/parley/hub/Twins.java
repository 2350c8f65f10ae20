package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a session of this machine when another machine has one of its id, too: once. Each machine tells
 * its own. Nothing else follows from it: the mail of neither is redirected. Belongs to one thread.
 */
final class Twins {

    private record Twin(HostName host, SessionId id) {}

    private final PostOffice office;
    private final Set<Twin> known = new HashSet<>();

    Twins(PostOffice office) {
        this.office = office;
    }

    private static Twin twin(Card card) {
        return new Twin(card.host(), card.session());
    }

    /** What an earlier postman has told of. */
    void knew(Collection<Card> cards) {
        cards.forEach(card -> known.add(twin(card)));
    }

    /**
     * Looks for new ones.
     *
     * @param cards those of the other machines
     * @param here the sessions that this machine has, with what stands for their projects
     */
    void look(Collection<Card> cards, Map<SessionId, String> here) {
        for (Card card : cards) {
            if (card.project().equals(here.get(card.session())) && known.add(twin(card))) {
                tell(card);
            }
        }
    }

    private void tell(Card card) {
        String id = card.session().value();
        String other = card.name() + "@" + card.host();
        try {
            office.delivery()
                    .send(
                            new Envelope(
                                    MessageId.create(Optional.empty()),
                                    office.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                                    Envelope.Origin.OFFICE,
                                    Optional.empty(),
                                    Envelope.OFFICE,
                                    card.session(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    0,
                                    "Another machine has a session of your id " + id + ", too: " + other
                                            + ". A home directory that is shared by two machines, or was copied, does that. What"
                                            + " is sent to the id on this machine comes to you, on that one to " + other
                                            + "; from elsewhere name@host tells the two apart. End one of the two, or give"
                                            + " one another address with claim_session."),
                            Ring.YES);
        } catch (IOException e) {
            office.trace().event(Event.NOT_TOLD, Map.of("session", id, "reason", e.toString()));
        }
    }
}
