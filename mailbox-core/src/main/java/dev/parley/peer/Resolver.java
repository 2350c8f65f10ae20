package dev.parley.peer;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds whom a caller means: an id, then a name, then the beginning of an id, then a tmux session.
 *
 * <p>An id comes first because it is an address: nobody may draw away another's mail by taking his id for a name.
 */
public final class Resolver {

    /** Tells which ids led to a session before. */
    @FunctionalInterface
    public interface OlderIds {
        /** The ids whose mail this one has now, the latest first. */
        List<SessionId> of(SessionId id) throws IOException;
    }

    private final PeerDirectory peers;
    private final OlderIds olderIds;

    /** Finds within these cards. */
    public Resolver(PeerDirectory peers, OlderIds olderIds) {
        this.peers = peers;
        this.olderIds = olderIds;
    }

    /** See {@link PeerDirectory#resolve}. */
    public Resolution resolve(String target, Peer caller) throws IOException {
        if (Groups.isMeantBy(target)) {
            return new Resolution.Group();
        }
        if (SessionId.isValid(target)) {
            // An exact id is one look-up, however many sessions there are.
            Optional<Peer> exact = peers.find(peers.current(new SessionId(target)));
            if (exact.isPresent() && exact.get().project().equals(caller.project())) {
                return exact.get().id().equals(caller.id()) ? new Resolution.Self() : new Resolution.Found(exact.get());
            }
            if (exact.isPresent()) {
                // Somebody elsewhere must not hide a name of this project by taking it for his id.
                Resolution here = amongNames(target, caller);
                return here instanceof Resolution.NotFound ? new Resolution.CrossProject() : here;
            }
        }
        return amongNames(target, caller);
    }

    private Resolution amongNames(String target, Peer caller) throws IOException {
        Optional<Peer> holder = peers.holder(caller.project(), target);
        if (holder.isPresent() && !holder.get().id().equals(caller.id())) {
            return new Resolution.Found(holder.get());
        }
        String name = target.toLowerCase(Locale.ROOT);
        boolean mayBeginAnId = target.length() >= Names.ADDRESSABLE;
        Resolution found = among(
                target,
                caller,
                peers.peersOf(
                        caller.project(),
                        (its, id) ->
                                its.equals(name) || (mayBeginAnId && id.value().startsWith(target))),
                false);
        // Who is called so no more, and whom nobody is called like: both are told of all.
        return found instanceof Resolution.NotFound
                ? among(target, caller, peers.peersOf(caller.project()), true)
                : found;
    }

    /** @param areAll whether these are all sessions of the project, also those that have ended */
    private Resolution among(String target, Peer caller, List<Peer> all, boolean areAll) throws IOException {
        String name = target.toLowerCase(Locale.ROOT);
        List<Peer> matches =
                all.stream().filter(peer -> peer.name().equals(name)).toList();
        if (target.length() >= Names.ADDRESSABLE) {
            List<Peer> byId = all.stream()
                    .filter(peer -> peer.id().value().startsWith(target))
                    .toList();
            if (matches.isEmpty()) {
                matches = byId;
            } else if (!matches.containsAll(byId)) {
                // Whoever calls himself by the beginning of another one's id draws nothing away.
                return new Resolution.Ambiguous(Stream.concat(matches.stream(), byId.stream())
                        .distinct()
                        .toList());
            }
        }
        if (matches.isEmpty() && !areAll) {
            return new Resolution.NotFound(List.of(), List.of());
        }
        if (matches.isEmpty()) {
            matches = formerly(name, all);
        }
        if (matches.isEmpty()) {
            Map<SessionId, List<String>> names = peers.tmuxSessions(all);
            matches = all.stream()
                    .filter(peer -> names.getOrDefault(peer.id(), List.of()).contains(target))
                    .toList();
        }
        return among(target, matches, all, caller);
    }

    /** Whose address was that of a session with this name, which has been re-identified and had no time to take it along. */
    private List<Peer> formerly(String name, List<Peer> all) throws IOException {
        List<Peer> matches = new ArrayList<>();
        if (!Names.isValid(name)) {
            return matches;
        }
        for (Peer peer : all) {
            for (SessionId older : olderIds.of(peer.id())) {
                if (peers.find(older)
                        .filter(card ->
                                card.name().equals(name) && card.project().equals(peer.project()))
                        .isPresent()) {
                    matches.add(peer);
                    break;
                }
            }
        }
        return matches;
    }

    private Resolution among(String target, List<Peer> matches, List<Peer> all, Peer caller) throws IOException {
        List<Peer> others = others(matches, caller);
        if (others.size() == 1) {
            return new Resolution.Found(others.get(0));
        }
        if (others.size() > 1) {
            List<Peer> live = notGone(others);
            return live.size() == 1 ? new Resolution.Found(live.get(0)) : new Resolution.Ambiguous(others);
        }
        if (!matches.isEmpty()) {
            return new Resolution.Self();
        }
        List<Peer> everybodyElse = others(all, caller);
        return new Resolution.NotFound(
                notGone(everybodyElse).stream().map(Peer::name).toList(),
                Likeness.nearest(target, everybodyElse.stream().map(Peer::name).toList()));
    }

    private static List<Peer> others(List<Peer> all, Peer caller) {
        return all.stream().filter(peer -> !peer.id().equals(caller.id())).toList();
    }

    private List<Peer> notGone(List<Peer> all) throws IOException {
        List<Peer> rest = new ArrayList<>();
        for (Peer peer : all) {
            if (peers.presence(peer).life() != Presence.Life.GONE) {
                rest.add(peer);
            }
        }
        return rest;
    }
}
