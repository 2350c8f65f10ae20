package dev.parley.overview;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.RemotePeer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of a project at one moment.
 *
 * @param at when they were looked at
 * @param sessions all whose card can be read, by name; also those that have ended
 * @param elsewhere those of other machines, by name, as far as they are known here; also those that have ended
 * @param unreadable those that may be of this project but whose card cannot be read, each with the reason
 */
public record ProjectOverview(
        Instant at, List<SessionOverview> sessions, List<RemotePeer> elsewhere, Map<SessionId, String> unreadable) {

    /** Copies them. */
    public ProjectOverview {
        sessions = List.copyOf(sessions);
        elsewhere = List.copyOf(elsewhere);
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }

    /**
     * The sessions that somebody may mean: that of this name, else that of this address, else those whose address begins so.
     */
    public List<SessionOverview> called(String typed) {
        List<SessionOverview> named = sessions.stream()
                .filter(session -> session.peer().name().equals(typed))
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        List<SessionOverview> addressed = sessions.stream()
                .filter(session -> session.id().value().equals(typed))
                .toList();
        return addressed.isEmpty() && !typed.isEmpty()
                ? sessions.stream()
                        .filter(session -> session.id().value().startsWith(typed))
                        .toList()
                : addressed;
    }

    /** The same at another moment. */
    public ProjectOverview at(Instant moment) {
        return new ProjectOverview(moment, sessions, elsewhere, unreadable);
    }

    /** What a session of this machine is called; of one that is not among these, its address. */
    public String name(SessionId id) {
        return name(Who.here(id));
    }

    /** What a session is called: with its machine, if that is another one; of one that is not among these, its address. */
    public String name(Who who) {
        return who.local()
                .map(id -> session(id).map(SessionOverview::peer))
                .orElseGet(() -> elsewhere(who).map(RemotePeer::peer))
                .map(Peer::called)
                .orElse(who.target());
    }

    /** Whether a session runs, and what it does; empty if it is not among these. */
    public Optional<Presence> presence(Who who) {
        return who.local()
                .map(id -> session(id).map(SessionOverview::presence))
                .orElseGet(() -> elsewhere(who).map(RemotePeer::presence));
    }

    /** A session of another machine; empty if it is not among these, or of this one. */
    public Optional<RemotePeer> elsewhere(Who who) {
        return elsewhere.stream()
                .filter(each -> each.peer().host().isPresent()
                        && each.peer().host().equals(who.host())
                        && each.peer().id().equals(who.id()))
                .findFirst();
    }

    /** The session of this machine with this address; empty if it is not among these. */
    public Optional<SessionOverview> session(SessionId id) {
        return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
    }
}
