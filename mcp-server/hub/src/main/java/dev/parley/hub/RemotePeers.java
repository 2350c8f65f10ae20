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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The sessions of the machine, and beside them those of others. A name or an id means a session of this machine first: nothing that
 * another machine says can draw mail away from one. {@code name@host} means that host's.
 */
final class RemotePeers implements PeerDirectory {

    /**
     * For so long it is believed that what names a session on another machine is no former name and no tmux session here: looking for
     * those reads all cards and the whole process table.
     */
    static final Duration BELIEVED = Duration.ofSeconds(5);

    private static final int MOST_BELIEVED = 1_000;

    private final PeerDirectory local;
    private final RemoteCards cards;
    private final TeamSource team;
    private final Ticks ticks;
    private final InstantSource clock;

    /** When nobody here was called so, by project and target. */
    private final Map<String, Long> unknownHere = new ConcurrentHashMap<>();

    RemotePeers(PeerDirectory local, RemoteCards cards, TeamSource team, Ticks ticks, InstantSource clock) {
        this.local = local;
        this.cards = cards;
        this.team = team;
        this.ticks = ticks;
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
                        card.registeredAt())
                .withGroups(card.groups());
        return new RemotePeer(peer, presence(card, isAway), isAway, isAway ? List.of() : waits(card));
    }

    /** Away is not ended; and what has ended before its machine fell silent has ended. */
    private static Presence presence(Card card, boolean isAway) {
        if (card.activity() == Activity.ENDED) {
            return new Presence(Life.GONE, Activity.ENDED, card.since());
        }
        return isAway
                ? new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty())
                : new Presence(Life.LIVE, card.activity(), card.since());
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
                                wait.since(),
                                wait.question()))
                        .toList();
    }

    @Override
    public Resolution resolve(String target, Peer caller) throws IOException {
        int at = target.lastIndexOf('@');
        String host = target.substring(at + 1).toLowerCase(Locale.ROOT);
        Optional<Team> now = team.now();
        if (at > 0 && now.isPresent() && HostName.isValid(host)) {
            String called = target.substring(0, at);
            if (now.get().host().value().equals(host)) {
                return local.resolve(called, caller);
            }
            return isKnown(new HostName(host))
                    ? resolve(target, called, Optional.of(new HostName(host)), caller)
                    : onNoMachine(host, local.resolve(target, caller), now.get());
        }
        String key = caller.project() + "\n" + target;
        Long since = unknownHere.get(key);
        if (since != null && ticks.nanos() - since < BELIEVED.toNanos() && !isCalledSoHere(target, caller)) {
            Resolution there = resolve(target, target, Optional.empty(), caller);
            if (there instanceof Found) {
                return there;
            }
        }
        return resolveAnywhere(target, caller, key);
    }

    private Resolution resolveAnywhere(String target, Peer caller, String key) throws IOException {
        Resolution here = local.resolve(target, caller);
        if (!(here instanceof NotFound none)) {
            return here;
        }
        Resolution there = resolve(target, target, Optional.empty(), caller);
        if (there instanceof Found) {
            if (unknownHere.size() >= MOST_BELIEVED) {
                unknownHere.clear();
            }
            unknownHere.put(key, ticks.nanos());
        }
        return beside(none, there);
    }

    /** Whether a session of this machine has this name or id, or an id that begins so. */
    private boolean isCalledSoHere(String target, Peer caller) throws IOException {
        if (SessionId.isValid(target)
                && local.find(local.current(new SessionId(target))).isPresent()) {
            return true;
        }
        String name = target.toLowerCase(Locale.ROOT);
        boolean mayBeginAnId = target.length() >= Names.ADDRESSABLE;
        BiPredicate<String, SessionId> isCalledSo =
                (its, id) -> its.equals(name) || (mayBeginAnId && id.value().startsWith(target));
        return local.peersOf(caller.project(), isCalledSo).stream()
                .anyMatch(peer -> isCalledSo.test(peer.name(), peer.id()));
    }

    private boolean isKnown(HostName host) throws IOException {
        return cards.hosts().stream().anyMatch(each -> each.host().equals(host))
                || cards.shelves().stream().anyMatch(each -> each.host().equals(host));
    }

    /** A tmux session may be called like anything. */
    private Resolution onNoMachine(String host, Resolution here, Team now) throws IOException {
        if (!(here instanceof NotFound none)) {
            return here;
        }
        List<String> hosts = Stream.concat(
                        Stream.of(now.host() + " (this one)"),
                        cards.hosts().stream().map(each -> each.host().value()).sorted())
                .toList();
        return new NotFound(
                none.names(),
                List.of(),
                Optional.of("no machine of the team is called " + host + "; there are " + String.join(", ", hosts)));
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

    /** As at home: an id, then a name, then the beginning of an id; of several the one that has not ended. */
    private Resolution resolve(String target, String called, Optional<HostName> host, Peer caller) throws IOException {
        List<RemotePeer> all = elsewhere(caller.project());
        List<RemotePeer> there = all.stream()
                .filter(each -> host.isEmpty() || each.peer().host().equals(host))
                .toList();
        String name = called.toLowerCase(Locale.ROOT);
        List<RemotePeer> matches = those(there, peer -> peer.id().value().equals(called));
        if (matches.isEmpty()) {
            List<RemotePeer> byName = those(there, peer -> peer.name().equals(name));
            List<RemotePeer> byId = called.length() < Names.ADDRESSABLE
                    ? List.of()
                    : those(there, peer -> peer.id().value().startsWith(called));
            if (!byName.isEmpty() && !byName.containsAll(byId)) {
                // Whoever calls himself by the beginning of another one's id draws nothing away.
                return new Ambiguous(Stream.concat(byName.stream(), byId.stream())
                        .distinct()
                        .map(RemotePeer::peer)
                        .toList());
            }
            matches = byName.isEmpty() ? byId : byName;
        }
        List<RemotePeer> running =
                matches.stream().filter(each -> !each.isGone()).toList();
        if (matches.size() == 1 || running.size() == 1) {
            return new Found((running.isEmpty() ? matches : running).get(0).peer());
        }
        if (matches.size() > 1) {
            return new Ambiguous(matches.stream().map(RemotePeer::peer).toList());
        }
        return new NotFound(
                all.stream()
                        .filter(each -> !each.isGone())
                        .map(each -> each.peer().called())
                        .toList(),
                Likeness.nearest(
                        target, all.stream().map(each -> each.peer().called()).toList()));
    }

    private static List<RemotePeer> those(List<RemotePeer> all, Predicate<Peer> wanted) {
        return all.stream().filter(each -> wanted.test(each.peer())).toList();
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
