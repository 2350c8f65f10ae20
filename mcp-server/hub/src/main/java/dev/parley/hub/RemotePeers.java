package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import dev.parley.peer.Likeness;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Registration;
import dev.parley.peer.RemotePeer;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.peer.Roster;
import dev.parley.peer.WaitsFor;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The sessions of the machine, and beside them those of others. A name or an id means a session of this machine first: nothing that
 * another machine says can draw mail away from one. {@code name@host} means that host's.
 */
final class RemotePeers implements PeerDirectory {

    private final PeerDirectory local;
    private final RemoteCards cards;
    private final TeamSource team;
    private final InstantSource clock;

    RemotePeers(PeerDirectory local, RemoteCards cards, TeamSource team, InstantSource clock) {
        this.local = local;
        this.cards = cards;
        this.team = team;
        this.clock = clock;
    }

    @Override
    public List<RemotePeer> elsewhere(String project) throws IOException {
        Optional<String> token = team.now().flatMap(it -> it.token(project));
        if (token.isEmpty()) {
            return List.of();
        }
        boolean isUp = cards.link().isUp();
        Map<HostName, Boolean> away = new HashMap<>();
        for (Host host : cards.hosts()) {
            away.put(host.host(), host.isAway());
        }
        List<RemotePeer> found = new ArrayList<>();
        for (Card card : cards.of(token.get())) {
            found.add(remote(card, project, !isUp || away.getOrDefault(card.host(), true)));
        }
        found.sort(Comparator.comparing((RemotePeer each) -> each.peer().name())
                .thenComparing(each -> each.peer().host().orElseThrow()));
        return found;
    }

    private RemotePeer remote(Card card, String project, boolean isAway) {
        Peer peer = Peer.elsewhere(
                card.host(),
                card.session(),
                card.name(),
                card.client(),
                card.purpose(),
                card.purposeSince(),
                project,
                card.registeredAt());
        Presence presence = isAway
                ? new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty())
                : new Presence(Life.LIVE, card.activity(), card.since());
        return new RemotePeer(peer, presence, isAway, isAway ? List.of() : waits(card));
    }

    private List<WaitsFor> waits(Card card) {
        boolean isOld = card.asOf()
                .map(at -> Duration.between(at, clock.instant()).abs().compareTo(RemoteCards.WAIT_IS_OLD) > 0)
                .orElse(true);
        Optional<HostName> here = team.now().map(Team::host);
        return isOld
                ? List.of()
                : card.waits().stream()
                        .map(wait -> new WaitsFor(
                                Optional.of(wait.host()).filter(host -> !here.equals(Optional.of(host))),
                                wait.session(),
                                wait.since()))
                        .toList();
    }

    @Override
    public Resolution resolve(String target, Peer caller) throws IOException {
        int at = target.lastIndexOf('@');
        if (at > 0 && HostName.isValid(target.substring(at + 1).toLowerCase(Locale.ROOT))) {
            String host = target.substring(at + 1).toLowerCase(Locale.ROOT);
            return team.now().filter(it -> it.host().value().equals(host)).isPresent()
                    ? local.resolve(target.substring(0, at), caller)
                    : resolve(target, target.substring(0, at), Optional.of(new HostName(host)), caller);
        }
        Resolution here = local.resolve(target, caller);
        return here instanceof NotFound none ? beside(none, resolve(target, target, Optional.empty(), caller)) : here;
    }

    /** Those of this machine are named as well where nobody is meant. */
    private static Resolution beside(NotFound here, Resolution there) {
        return there instanceof NotFound none
                ? new NotFound(
                        Stream.concat(here.names().stream(), none.names().stream())
                                .toList(),
                        here.nearest().isEmpty() ? none.nearest() : here.nearest())
                : there;
    }

    private Resolution resolve(String target, String called, Optional<HostName> host, Peer caller) throws IOException {
        List<Peer> all =
                elsewhere(caller.project()).stream().map(RemotePeer::peer).toList();
        List<Peer> there = all.stream()
                .filter(peer -> host.isEmpty() || peer.host().equals(host))
                .toList();
        String name = called.toLowerCase(Locale.ROOT);
        List<Peer> matches =
                there.stream().filter(peer -> peer.id().value().equals(called)).toList();
        if (matches.isEmpty()) {
            matches = there.stream().filter(peer -> peer.name().equals(name)).toList();
        }
        if (matches.isEmpty() && called.length() >= Names.ADDRESSABLE) {
            matches = there.stream()
                    .filter(peer -> peer.id().value().startsWith(called))
                    .toList();
        }
        if (matches.size() == 1) {
            return new Found(matches.get(0));
        }
        if (matches.size() > 1) {
            return new Ambiguous(matches);
        }
        List<String> names = all.stream().map(RemotePeers::address).toList();
        return new NotFound(names, Likeness.nearest(target, names));
    }

    private static String address(Peer peer) {
        return peer.name() + "@" + peer.host().orElseThrow();
    }

    @Override
    public Presence presence(Peer peer) throws IOException {
        if (peer.host().isEmpty()) {
            return local.presence(peer);
        }
        return elsewhere(peer.project()).stream()
                .filter(each ->
                        each.peer().id().equals(peer.id()) && each.peer().host().equals(peer.host()))
                .findFirst()
                .map(RemotePeer::presence)
                .orElse(new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty()));
    }

    @Override
    public Peer register(Registration registration) throws IOException, InterruptedException {
        return local.register(registration);
    }

    @Override
    public Optional<Peer> find(SessionId id) throws IOException {
        return local.find(id);
    }

    @Override
    public List<SessionId> ids() throws IOException {
        return local.ids();
    }

    @Override
    public boolean exists(SessionId id) throws IOException {
        return local.exists(id);
    }

    @Override
    public Optional<SessionId> movedTo(SessionId id) throws IOException {
        return local.movedTo(id);
    }

    @Override
    public SessionId current(SessionId id) throws IOException {
        return local.current(id);
    }

    @Override
    public List<Peer> peersOf(String project) throws IOException {
        return local.peersOf(project);
    }

    @Override
    public List<Peer> peersOf(String project, BiPredicate<String, SessionId> wanted) throws IOException {
        return local.peersOf(project, wanted);
    }

    @Override
    public Optional<Peer> holder(String project, String target) throws IOException {
        return local.holder(project, target);
    }

    @Override
    public Roster roster(String project) throws IOException {
        return local.roster(project);
    }

    @Override
    public Roster present(String project) throws IOException {
        return local.present(project);
    }

    @Override
    public Map<SessionId, List<String>> tmuxSessions(List<Peer> peers) {
        return local.tmuxSessions(peers);
    }

    @Override
    public Peer update(SessionId id, UnaryOperator<Peer> change) throws IOException, InterruptedException {
        return local.update(id, change);
    }

    @Override
    public Peer move(SessionId from, Registration to) throws IOException, InterruptedException {
        return local.move(from, to);
    }

    @Override
    public void settle(SessionId id) throws IOException {
        local.settle(id);
    }

    @Override
    public void ready(SessionId id, boolean hooked) throws IOException {
        local.ready(id, hooked);
    }

    @Override
    public void finishMove(SessionId id) throws IOException, InterruptedException {
        local.finishMove(id);
    }

    @Override
    public List<Peer> giveWay(Peer to) throws IOException, InterruptedException {
        return local.giveWay(to);
    }

    @Override
    public void give(SessionId address, SessionId to) throws IOException, InterruptedException {
        local.give(address, to);
    }

    @Override
    public Binding binding(Peer peer) throws IOException {
        return local.binding(peer);
    }

    @Override
    public Binding noted(Peer peer) throws IOException {
        return local.noted(peer);
    }
}
