package dev.parley.overview;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.office.PostOffice;
import dev.parley.office.PresentWaits;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Roster;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import dev.parley.wake.Reach;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the sessions of a post office. Looking registers nobody, makes, moves and removes nothing, and takes no lock. What
 * cannot be read is said to be so, and hides nothing else. Each verb looks at what it tells and at no more, so that a view pays
 * for what it shows. Safe for use by several threads.
 *
 * <pre>{@code
 * Overview overview = new Overview(office);
 * ProjectOverview project = overview.of(key);
 * project.sessions().forEach(session -> show(session, overview.unread(session)));
 * }</pre>
 */
public final class Overview {

    private final PostOffice office;
    private final PresentWaits waits;

    /** Over this office. */
    public Overview(PostOffice office) {
        this.office = office;
        this.waits = new PresentWaits(office);
    }

    /**
     * Who is in a project, and what they do.
     *
     * @param project see {@link dev.parley.peer.Project#key}
     * @throws IOException if the sessions cannot be listed
     */
    public ProjectOverview of(String project) throws IOException {
        return of(project, office.peers().roster(project));
    }

    /**
     * The same, without those that are known to have ended; some of them may be told of all the same.
     *
     * @throws IOException if the sessions cannot be listed
     */
    public ProjectOverview present(String project) throws IOException {
        return of(project, office.peers().present(project));
    }

    private ProjectOverview of(String project, Roster roster) throws IOException {
        return new ProjectOverview(
                office.clock().instant(),
                roster.peers().stream()
                        .map(peer -> new SessionOverview(peer, presence(peer)))
                        .toList(),
                office.peers().elsewhere(project),
                roster.unreadable());
    }

    /** The same session, looked at again. One that has ended does not come back without a word that a post office tells of. */
    SessionOverview again(SessionOverview session) {
        return session.isGone() ? session : new SessionOverview(session.peer(), presence(session.peer()));
    }

    /**
     * All messages that are kept of a project.
     *
     * @param project see {@link dev.parley.peer.Project#key}
     */
    public Correspondence correspondence(String project) {
        return new Correspondence(office, project);
    }

    /**
     * Begins to watch a project for whatever a view shows.
     *
     * @param project see {@link dev.parley.peer.Project#key}
     * @throws IOException if the sessions cannot be listed
     */
    public Feed feed(String project) throws IOException {
        return new Feed(office, this, project);
    }

    /** What is known of its life: nothing, if that cannot be read. */
    private Presence presence(Peer peer) {
        try {
            return office.peers().presence(peer);
        } catch (IOException e) {
            trace(Event.PRESENCE_UNKNOWN, peer.id(), e);
            return new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty());
        }
    }

    /** How much mail waits for a session. */
    public UnreadMail unread(SessionOverview session) {
        try {
            return UnreadMail.of(office.mailbox(session.id()).waiting());
        } catch (IOException e) {
            trace(Event.MAILBOX_UNREADABLE, session.id(), e);
            return UnreadMail.hidden(Why.of(e));
        }
    }

    /** By which ways a session can be reached, see {@link Reach#of}. */
    public List<String> ways(SessionOverview session) {
        return Reach.of(session.peer(), session.presence(), office.processes());
    }

    /** The tmux sessions in which these sessions are seen at this moment; those that are seen in none are left out. */
    public Map<SessionId, List<String>> tmuxSessions(List<SessionOverview> sessions) {
        return office.peers()
                .tmuxSessions(sessions.stream().map(SessionOverview::peer).toList());
    }

    /**
     * Who waits for whom: the open questions of these sessions. A session that has ended waits for nobody. A question that was
     * answered by mail, or whose work has ended otherwise, is not waited for, though it stays open until it runs out.
     */
    public Waits waits(ProjectOverview project) {
        return waits(project, Set.of());
    }

    /**
     * The same, for whoever knows what is open.
     *
     * @param open requests that are known to be unfinished: of these nothing more is looked at
     */
    Waits waits(ProjectOverview project, Set<MessageId> open) {
        List<Wait> waits = new ArrayList<>();
        Map<SessionId, String> unreadable = new LinkedHashMap<>();
        for (SessionOverview asker : project.sessions()) {
            if (asker.isGone()) {
                continue;
            }
            try {
                waits.addAll(waits(asker.id(), open));
            } catch (IOException e) {
                trace(Event.ASKS_UNREADABLE, asker.id(), e);
                unreadable.put(asker.id(), Why.of(e));
            }
        }
        waits.sort(Comparator.comparing(Wait::since));
        return new Waits(waits, unreadable);
    }

    /**
     * The circle of waits that hold up everybody in it, closed by one that begins, and begun with it; empty if it closes none.
     * Looks only at those for whom somebody on the way waits. Whose questions cannot be read is taken to wait for nobody.
     *
     * @param asker who is about to do nothing but wait
     */
    public Optional<WaitCycle> cycleClosedBy(SessionId asker, PendingAsk question) {
        return WaitGraph.lookedUp(this::holdUps)
                .closedBy(new Wait(asker, Who.here(current(question.to())), question, true));
    }

    /** The circles of waits that hold up everybody in them, see {@link WaitGraph#cycles}. */
    public List<WaitCycle> cycles(ProjectOverview project) {
        return WaitGraph.cycles(project.sessions().stream()
                .filter(asker -> !asker.isGone())
                .flatMap(asker -> holdUps(asker.id()).stream())
                .toList());
    }

    /** For what a session waits at this moment: an answer that is there already holds it up no more. */
    private List<Wait> holdUps(SessionId asker) {
        try {
            PendingAsks asks = office.asks(asker);
            Set<RequestId> awaited = asks.awaited();
            // Mostly a session waits for nothing, and then its questions need not be read.
            List<PendingAsk> open = awaited.isEmpty() ? List.of() : asks.all();
            return open.stream()
                    .filter(question -> awaited.contains(question.requestId()))
                    .flatMap(question ->
                            askedAndOpen(question).map(who -> new Wait(asker, who, question, true)).stream())
                    .toList();
        } catch (IOException e) {
            trace(Event.ASKS_UNREADABLE, asker, e);
            return List.of();
        }
    }

    private List<Wait> waits(SessionId asker, Set<MessageId> unfinished) throws IOException {
        PendingAsks asks = office.asks(asker);
        List<PendingAsk> open = asks.all();
        List<Wait> waits = new ArrayList<>();
        if (open.isEmpty()) {
            return waits;
        }
        Set<RequestId> awaited = asks.awaited();
        for (PendingAsk question : open) {
            boolean isAtThisMoment = awaited.contains(question.requestId());
            Optional<Who> asked = unfinished.contains(question.messageId())
                    ? Optional.of(Who.here(current(question.to())))
                    : isAtThisMoment ? Optional.of(asked(question)) : askedAndOpen(question);
            asked.ifPresent(who -> waits.add(new Wait(asker, who, question, isAtThisMoment)));
        }
        return waits;
    }

    /** Whom a question is for, wherever that is; empty if it was answered, or its work has ended otherwise. */
    private Optional<Who> askedAndOpen(PendingAsk question) {
        try {
            return waits.of(question).map(wait -> new Who(wait.host(), wait.session()));
        } catch (IOException e) {
            // Nobody is forgotten who may wait.
            trace(Event.LEDGER_UNREADABLE, question.to(), e);
            return Optional.of(Who.here(current(question.to())));
        }
    }

    /** Whom a question is for, whether or not it is open. */
    private Who asked(PendingAsk question) {
        try {
            Optional<HostName> host = waits.host(question.messageId());
            if (host.isPresent()) {
                return new Who(host, question.to());
            }
        } catch (IOException e) {
            trace(Event.STATE_UNKNOWN, question.to(), e);
        }
        return Who.here(current(question.to()));
    }

    private SessionId current(SessionId id) {
        try {
            return office.peers().current(id);
        } catch (IOException e) {
            trace(Event.MOVED_TO_UNREADABLE, id, e);
            return id;
        }
    }

    private void trace(Event event, SessionId session, IOException e) {
        office.trace().event(event, Map.of("session", session.value(), "reason", e.toString()));
    }
}
