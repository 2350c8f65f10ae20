package dev.parley.cockpit;

import dev.parley.address.Ids;
import dev.parley.client.Comeback;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import dev.parley.mailbox.Utf8;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Life;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends messages for whoever stands at a command or a view: the operator, or the agent session in whose client it runs. Safe for
 * use by several threads.
 */
public final class Post {

    private final Map<String, String> environment;
    private final PostOffice office;
    private final Peer sender;
    private final Origin origin;

    /** A message that is stored, whatever comes of waking its receiver. */
    public record Stored(Envelope envelope, Peer receiver, Effort effort) {}

    private Post(Map<String, String> environment, PostOffice office, Peer sender, Origin origin) {
        this.environment = environment;
        this.office = office;
        this.sender = sender;
        this.origin = origin;
    }

    /**
     * The post of the operator.
     *
     * @param operator the operator as a caller: no session
     */
    public static Post ofOperator(Map<String, String> environment, PostOffice office, Peer operator) {
        return new Post(environment, office, operator, Origin.OPERATOR);
    }

    /** The post of an agent session. */
    public static Post ofSession(Map<String, String> environment, PostOffice office, Peer session) {
        return new Post(environment, office, session, Origin.PEER);
    }

    /** What is wrong with a text; empty if it can be sent. */
    public static Optional<String> problem(String text) {
        int bytes;
        try {
            bytes = Utf8.length(text);
        } catch (IllegalArgumentException e) {
            return Optional.of("the text is not valid Unicode: " + e.getMessage());
        }
        return bytes >= 1 && bytes <= Envelope.MAX_BODY_BYTES
                ? Optional.empty()
                : Optional.of("a message has 1 to " + Envelope.MAX_BODY_BYTES + " bytes, this one has "
                        + (bytes > Envelope.MAX_BODY_BYTES ? "more" : "none"));
    }

    /** Why nothing can be sent to a session; empty if something can. */
    public Optional<String> refusal(Peer receiver) throws IOException {
        Comeback comeback = Comeback.of(receiver);
        return comeback.way() == Comeback.Way.NONE && isOut(receiver)
                ? Optional.of(comeback.text() + "; nothing was stored")
                : Optional.empty();
    }

    /**
     * Stores a message, and rings the receiver's bell unless that is not wanted. On return the message is acknowledged.
     *
     * @param source the message that it refers to
     * @throws IOException if it could not be stored; it was not sent
     */
    public Stored store(Peer receiver, String text, Optional<String> source, Effort effort) throws IOException {
        boolean isOperator = origin == Origin.OPERATOR;
        Envelope envelope = new Envelope(
                Ids.newMessageId(isOperator ? Optional.empty() : Optional.of(sender.id())),
                office.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                origin,
                isOperator ? Optional.empty() : Optional.of(sender.id()),
                sender.name(),
                receiver.id(),
                Optional.empty(),
                Optional.empty(),
                source,
                0,
                text);
        office.delivery().send(envelope, receiver, effort == Effort.NONE ? Ring.NO : Ring.YES);
        return new Stored(envelope, receiver, effort);
    }

    /** Wakes the receiver of a stored message as wished, and tells what will happen, in the words of the tools. */
    public List<String> wake(Stored stored) throws IOException, InterruptedException {
        Peer receiver = stored.receiver();
        Effort effort = stored.effort();
        Ladder ladder = new Ladder(environment, office, Rungs.of(office));
        Cause cause = effort == Effort.ALL ? Cause.WANTED : Cause.UNSAID;
        boolean climbs = effort == Effort.ALL || (effort == Effort.NATIVE && ladder.hasOwnRung(receiver));
        Optional<WakeReport> report = climbs && !isOut(receiver)
                ? Optional.of(ladder.climb(Wish.about(stored.envelope(), receiver, sender, cause)))
                : Optional.empty();
        Presence presence = office.peers().presence(receiver);
        Outlook outlook = Outlook.of(receiver, presence, effort, report, ladder.mayType(receiver), Speaker.COMMAND);
        List<String> lines = new ArrayList<>();
        lines.add("outlook: " + outlook.word()
                + report.flatMap(WakeReport::via)
                        .map(rung -> ", rung by " + rung)
                        .orElse("")
                + outlook.hint().map(hint -> ". " + hint).orElse("")
                + (presence.life() == Life.GONE ? directory(Comeback.of(receiver)) : ""));
        report.flatMap(WakeReport::reason).ifPresent(reason -> lines.add("not woken: " + reason));
        return lines;
    }

    private static String directory(Comeback comeback) {
        return comeback.command()
                .map(command -> "  (in " + PlainText.line(comeback.directory()) + ")")
                .orElse("");
    }

    private boolean isOut(Peer peer) throws IOException {
        return office.peers().presence(peer).life() == Life.GONE;
    }
}
