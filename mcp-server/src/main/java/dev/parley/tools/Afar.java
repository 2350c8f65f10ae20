package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.ToolException;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.RemotePeer;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SentMail.Sent;
import dev.parley.session.LocalSession;
import dev.parley.wake.WakeReport;
import dev.parley.wake.WakeStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Sessions on other machines, as the tools see them. */
final class Afar {

    /** What is said to whoever wishes something about waking. */
    static final WakeReport RUNG_THERE = WakeReport.not(
            WakeStatus.SKIPPED_NO_TARGET, "it is on another machine, which rings for all that comes from elsewhere");

    private static final String UNKNOWN = "unknown";

    private Afar() {}

    /** To which machine a message went; empty if it stayed on this one. */
    static Optional<HostName> host(MessageId message, PostOffice office) throws IOException {
        Optional<RemoteMail> mail = office.remoteMail();
        return mail.isPresent() ? mail.get().sent().find(message).map(sent -> sent.host()) : Optional.empty();
    }

    /**
     * A message that was sent to this session of another machine, as far as can be told: one that has another id there by now is taken
     * for the same.
     */
    static Optional<Envelope> sentTo(Peer target, MessageId message, PostOffice office) throws IOException {
        Optional<RemoteMail> mail = office.remoteMail();
        Optional<Sent> sent = mail.isPresent() ? mail.get().sent().find(message) : Optional.empty();
        if (sent.isEmpty() || !Optional.of(sent.get().host()).equals(target.host())) {
            return Optional.empty();
        }
        SessionId to = sent.get().envelope().to();
        return to.equals(target.id())
                        || known(sent.get().host(), to, target.project(), office)
                                .isEmpty()
                ? Optional.of(sent.get().envelope())
                : Optional.empty();
    }

    /** How far the work on a question is, wherever it went. */
    static Optional<Work> work(PendingAsk ask, LocalSession session) throws IOException, InterruptedException {
        Optional<Elsewhere> elsewhere = elsewhere(ask, session);
        return elsewhere.isPresent()
                ? elsewhere.get().work()
                : session.office().work(ask.to()).find(ask.messageId());
    }

    /** What is known of a question that went to another machine; empty of one within this machine. */
    static Optional<Elsewhere> elsewhere(PendingAsk ask, LocalSession session)
            throws IOException, InterruptedException {
        PostOffice office = session.office();
        return host(ask.messageId(), office).isPresent()
                ? office.tracker()
                        .status(ask.messageId(), session.current().id())
                        .elsewhere()
                : Optional.empty();
    }

    /**
     * A session on another machine; one of which nothing is known has no name but its id.
     *
     * @param project this session's
     */
    static Peer peer(HostName host, SessionId id, String project, PostOffice office) throws IOException {
        return known(host, id, project, office)
                .orElseGet(() -> Peer.elsewhere(
                        host, id, id.value(), UNKNOWN, Optional.empty(), Optional.empty(), project, Instant.EPOCH));
    }

    private static Optional<Peer> known(HostName host, SessionId id, String project, PostOffice office)
            throws IOException {
        return office.peers().elsewhere(project).stream()
                .map(RemotePeer::peer)
                .filter(peer ->
                        peer.host().equals(Optional.of(host)) && peer.id().equals(id))
                .findFirst();
    }

    /**
     * The session on another machine that sent a message, as far as it is known: whether it is still there is that machine's to
     * say.
     *
     * @param project the receiver's
     */
    static Peer sender(Envelope received, HostName host, SessionId from, String project, PostOffice office)
            throws IOException {
        return known(host, from, project, office)
                .orElseGet(() -> Peer.elsewhere(
                        host,
                        from,
                        received.fromName(),
                        UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        project,
                        received.sentAt()));
    }

    /** How the connection is over which a message to this peer goes; empty if it needs none. */
    static Optional<Link> link(Peer target, PostOffice office) throws IOException {
        Optional<RemoteMail> mail = target.host().isPresent() ? office.remoteMail() : Optional.empty();
        return mail.isPresent() ? Optional.of(mail.get().cards().link()) : Optional.empty();
    }

    /** What a peer is called, with its machine if that is another one. */
    static String name(Peer peer) {
        return peer.name() + peer.host().map(host -> "@" + host).orElse("");
    }

    /**
     * Refuses what is done within one machine only.
     *
     * @param otherwise what to do in its place
     */
    static void requireHere(Peer peer, String otherwise) throws ToolException {
        if (peer.host().isPresent()) {
            throw new ToolException(
                    "other-machine", peer.name() + " is on " + peer.host().get() + ", another machine: " + otherwise);
        }
    }
}
