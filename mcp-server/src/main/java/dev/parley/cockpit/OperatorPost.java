package dev.parley.cockpit;

import dev.parley.address.MessageId;
import dev.parley.client.Comeback;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteMail;
import dev.parley.wake.Ladder;
import dev.parley.wake.Outlook;
import dev.parley.wake.Outlook.Effort;
import dev.parley.wake.Outlook.Speaker;
import dev.parley.wake.Rungs;
import dev.parley.wake.WakeReport;
import dev.parley.wake.Wish;
import dev.parley.wake.Wish.Cause;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a command sends: as the operator, or as the agent session in whose client it runs. Safe for use by several threads.
 *
 * <pre>{@code
 * Peer peer = post.resolve("calm-otter");
 * Envelope letter = post.store(peer, "the build is red", Optional.empty(), Effort.NATIVE);
 * Woken woken = post.wake(letter, peer, Effort.NATIVE, Speaker.COMMAND);
 * }</pre>
 */
public final class OperatorPost {

    private final PostOffice office;
    private final Map<String, String> environment;
    private final Peer self;
    private final Origin origin;

    /**
     * What came of waking.
     *
     * @param presence what the receiver does after that
     * @param outlook what will happen to the message
     * @param report what was tried; empty if nothing was
     */
    public record Woken(Presence presence, Outlook outlook, Optional<WakeReport> report) {}

    /** That nobody can be given a message that is meant for such a target. Nothing was stored. */
    public static final class NoReceiverException extends IOException {

        private static final long serialVersionUID = 1L;

        NoReceiverException(String message) {
            super(message);
        }
    }

    private OperatorPost(PostOffice office, Map<String, String> environment, Peer self, Origin origin) {
        this.office = office;
        this.environment = environment;
        this.self = self;
        this.origin = origin;
    }

    /**
     * That of the person at the terminal.
     *
     * @param operator a card in his name, for finding others in his project; it is never stored
     */
    public static OperatorPost ofOperator(PostOffice office, Map<String, String> environment, Peer operator) {
        return new OperatorPost(office, environment, operator, Origin.OPERATOR);
    }

    /** That of an agent session. */
    public static OperatorPost ofSession(PostOffice office, Map<String, String> environment, Peer session) {
        return new OperatorPost(office, environment, session, Origin.PEER);
    }

    /**
     * Finds the session that somebody means.
     *
     * @throws NoReceiverException if there is none, or several, or it can never get mail again
     * @throws IOException if that cannot be looked up
     */
    public Peer resolve(String target) throws IOException {
        Resolution resolution = office.peers().resolve(target, self);
        if (resolution instanceof Resolution.Self) {
            throw new NoReceiverException(
                    "'" + target + "' is the session that this command runs in; nothing was sent");
        }
        if (resolution instanceof Found found) {
            Comeback comeback = Comeback.of(found.peer());
            if (comeback.way() == Comeback.Way.NONE && isOut(found.peer())) {
                throw new NoReceiverException(comeback.text() + "; nothing was stored");
            }
            return found.peer();
        }
        if (resolution instanceof Ambiguous ambiguous) {
            throw new NoReceiverException("several sessions match '" + target + "': "
                    + ambiguous.candidates().stream()
                            .map(p -> p.called() + " (" + p.id() + ")")
                            .collect(Collectors.joining(", ")));
        }
        if (resolution instanceof NotFound none) {
            throw new NoReceiverException("no session of this project is called '" + target + "': " + none.hint()
                    + (none.names().isEmpty() ? "" : " There are: " + String.join(", ", none.names())));
        }
        throw new NoReceiverException("'" + target + "' works on another project; see --project");
    }

    /**
     * Stores a message. On return it is acknowledged: it survives what {@code PARLEY_DURABILITY} says.
     *
     * @param about the message that it refers to. It carries no request, so it never passes for the answer of the session that
     *     was asked: whoever waits goes on waiting
     * @param effort {@link Effort#NONE} does not even ring the receiver's bell
     * @throws dev.parley.mailbox.MailboxFullException if the receiver has too much unread mail; it was not sent
     * @throws dev.parley.remote.OutboxFullException if it is for another machine, and too many wait for that; it was not sent
     * @throws IOException if it could not be stored; it was not sent
     */
    public Envelope store(Peer to, String body, Optional<Envelope> about, Effort effort)
            throws IOException, InterruptedException {
        Envelope letter = letter(to, body, about);
        office.delivery().send(letter, to, effort == Effort.NONE ? Ring.NO : Ring.YES);
        return letter;
    }

    /** A message to be sent, as {@link #store} sends it. */
    public Envelope letter(Peer to, String body, Optional<Envelope> about) {
        boolean isSession = origin == Origin.PEER;
        return new Envelope(
                MessageId.create(isSession ? Optional.of(self.id()) : Optional.empty()),
                office.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                origin,
                isSession ? Optional.of(self.id()) : Optional.empty(),
                self.name(),
                to.id(),
                Optional.empty(),
                Optional.empty(),
                about.map(Envelope::id),
                about.map(answered -> answered.hops() + 1).orElse(0),
                body);
    }

    /** Wakes the receiver of a stored message as wished, and tells what will happen, in the words of the tools. */
    public Woken wake(Envelope letter, Peer to, Effort effort, Speaker speaker)
            throws IOException, InterruptedException {
        if (to.host().isPresent()) {
            return elsewhere(to, effort);
        }
        Ladder ladder = new Ladder(environment, office, Rungs.of(office));
        Cause cause = effort == Effort.ALL ? Cause.WANTED : Cause.UNSAID;
        boolean climbs = effort == Effort.ALL || (effort == Effort.NATIVE && ladder.hasOwnRung(to));
        Optional<WakeReport> report = climbs && !isOut(to)
                ? Optional.of(ladder.climb(Wish.about(letter, to, self, cause)))
                : Optional.empty();
        Presence presence = office.peers().presence(to);
        return new Woken(presence, Outlook.of(to, presence, effort, report, ladder.mayType(to), speaker), report);
    }

    /** Its own machine rings for it, whatever is wished here. */
    private Woken elsewhere(Peer to, Effort effort) throws IOException {
        Presence presence = office.peers().presence(to);
        Optional<RemoteMail> mail = office.remoteMail();
        Optional<Link> link = mail.isPresent() ? Optional.of(mail.get().cards().link()) : Optional.empty();
        return new Woken(
                presence,
                Outlook.elsewhere(to, presence, link),
                effort == Effort.NATIVE ? Optional.empty() : Optional.of(WakeReport.RUNG_THERE));
    }

    private boolean isOut(Peer peer) throws IOException {
        return office.peers().presence(peer).life() == Life.GONE;
    }
}
