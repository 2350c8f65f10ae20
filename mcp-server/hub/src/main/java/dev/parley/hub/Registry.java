package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.Wire.Beat;
import dev.parley.office.PostOffice;
import dev.parley.peer.Apart;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Life;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Shelf;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * This machine's place in the bucket, its cards there, and what is kept here of the others'. A machine whose name another one has
 * neither sends nor receives: the two would take each other's mail. Belongs to one thread.
 */
final class Registry {

    private final PostOffice office;
    private final RemoteCards cards;
    private final Team team;
    private final Road road;

    /** What is kept here: nothing is written that is there already. */
    private final Map<Shelf, List<Card>> kept = new HashMap<>();

    private final Twins twins;

    /** The sessions that this machine has, with what stands for their projects. */
    private final Map<SessionId, String> here = new HashMap<>();

    private List<Host> hosts = List.of();
    private boolean isRead;

    Registry(PostOffice office, RemoteCards cards, Team team, Road road) {
        this.office = office;
        this.cards = cards;
        this.team = team;
        this.road = road;
        this.twins = new Twins(office);
    }

    /**
     * Says that this machine is there, writes its cards, and reads those of the others.
     *
     * @return why this machine may not act in its name; empty if it may
     */
    Optional<String> run() throws IOException {
        List<Entry> entries = road.entries();
        Instant now = road.now();
        Map<String, Entry> byKey = new HashMap<>();
        entries.forEach(entry -> byKey.put(entry.key(), entry));
        Optional<String> refusal =
                beat(Optional.ofNullable(byKey.get(team.host().value())), now);
        if (refusal.isPresent()) {
            return refusal;
        }
        write(byKey);
        read(entries, now);
        return Optional.empty();
    }

    private Optional<String> beat(Optional<Entry> present, Instant now) throws IOException {
        List<String> known = cards.beats();
        HostClaim claim = new HostClaim(team.host(), Optional.of(team.incarnation()), known);
        Optional<String> refusal = present.flatMap(entry -> claim.refusal(entry, now));
        if (refusal.isPresent()) {
            return refusal;
        }
        String next = Ids.random();
        // Before: one that was written and not known here would look like another machine's.
        List<String> beats = new ArrayList<>(known.subList(Math.max(0, known.size() - 1), known.size()));
        beats.add(next);
        cards.keepBeats(beats);
        try {
            var unused = road.put(
                    team.host().value(),
                    Wire.beat(new Beat(team.incarnation(), next)),
                    present.map(Entry::revision).orElse(Road.ABSENT));
            return Optional.empty();
        } catch (RoadException e) {
            if (e.kind() == RoadException.Kind.CONFLICT) {
                return Optional.of("another machine of the team has just written as " + team.host()
                        + "; it is looked at again in a few seconds");
            }
            throw e;
        }
    }

    private void write(Map<String, Entry> entries) throws IOException {
        Set<String> written = new HashSet<>();
        here.clear();
        for (Map.Entry<String, String> project : team.projects().entrySet()) {
            List<Peer> peers = office.peers().present(project.getValue()).peers();
            Set<SessionId> ids = new HashSet<>();
            peers.forEach(peer -> ids.add(peer.id()));
            for (Peer peer : peers) {
                Presence presence = office.peers().presence(peer);
                // A hook of its client may have opened its own id again, which another machine has.
                boolean isApart = ids.contains(Apart.address(team.host(), peer.id()));
                if (presence.life() != Life.GONE && Names.isValid(peer.name()) && !isApart) {
                    here.put(peer.id(), project.getKey());
                    write(card(project.getKey(), peer, presence), entries, written);
                }
            }
        }
        for (Entry entry : entries.values()) {
            if (entry.key().startsWith(team.host() + ".") && !written.contains(entry.key())) {
                orLater(() -> road.remove(entry.key(), entry.revision()));
            }
        }
    }

    private void write(Optional<Card> card, Map<String, Entry> entries, Set<String> written) throws IOException {
        if (card.isEmpty()) {
            return;
        }
        String key = Wire.key(card.get());
        written.add(key);
        byte[] content = Wire.card(card.get());
        Optional<Entry> present = Optional.ofNullable(entries.get(key));
        if (present.filter(entry -> Arrays.equals(entry.content(), content)).isEmpty()) {
            orLater(() -> {
                var unused = road.put(key, content, present.map(Entry::revision).orElse(Road.ABSENT));
            });
        }
    }

    private Optional<Card> card(String project, Peer peer, Presence presence) {
        try {
            return Optional.of(new Card(
                    team.host(),
                    project,
                    peer.id(),
                    peer.name(),
                    peer.client(),
                    peer.purpose(),
                    peer.purposeSince(),
                    presence.activity(),
                    presence.since(),
                    peer.registeredAt()));
        } catch (IllegalArgumentException e) {
            // A client may call itself anything; it stays on its machine then.
            office.trace()
                    .event(Event.CARD_NOT_SHARED, Map.of("session", peer.id().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /** One that has another revision by now is looked at with the next round. */
    private void orLater(Change change) throws IOException {
        try {
            change.make();
        } catch (RoadException e) {
            if (e.kind() != RoadException.Kind.CONFLICT) {
                throw e;
            }
        }
    }

    private void read(List<Entry> entries, Instant now) throws IOException {
        if (!isRead) {
            // What an earlier postman left and is on the hub no more.
            for (Shelf shelf : cards.shelves()) {
                kept.put(shelf, List.of());
                twins.knew(cards.of(shelf.project()));
            }
            isRead = true;
        }
        Map<Shelf, List<Card>> found = new HashMap<>();
        List<Host> others = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.key().indexOf('.') < 0) {
                host(entry, now).ifPresent(others::add);
            } else if (!entry.key().startsWith(team.host() + ".")) {
                card(entry)
                        .filter(card -> team.projects().containsKey(card.project()))
                        .ifPresent(card -> found.computeIfAbsent(
                                        new Shelf(card.host(), card.project()), missing -> new ArrayList<>())
                                .add(card));
            }
        }
        // Before they are kept: whoever dies in between tells again.
        twins.look(found.values().stream().flatMap(List::stream).toList(), here);
        Set<Shelf> all = new HashSet<>(kept.keySet());
        all.addAll(found.keySet());
        for (Shelf shelf : all) {
            List<Card> next = found.getOrDefault(shelf, List.of());
            if (!next.equals(kept.get(shelf)) || next.isEmpty()) {
                cards.keep(shelf.host(), shelf.project(), next);
            }
        }
        kept.clear();
        kept.putAll(found);
        if (!others.equals(hosts)) {
            cards.keepHosts(others);
            hosts = others;
        }
    }

    private Optional<Card> card(Entry entry) {
        try {
            return Optional.of(Wire.card(entry.key(), entry.content()));
        } catch (BadMailException e) {
            office.trace()
                    .event(Event.CARD_REFUSED, Map.of("key", entry.key(), "reason", String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Its age by the hub's clock, told by this machine's. */
    private Optional<Host> host(Entry entry, Instant now) {
        if (!HostName.isValid(entry.key()) || entry.key().equals(team.host().value())) {
            return Optional.empty();
        }
        Duration age = Duration.between(entry.stamp(), now);
        boolean isAway = age.compareTo(RemoteCards.SILENCE) > 0;
        return Optional.of(new Host(
                new HostName(entry.key()),
                office.clock().instant().minus(age).truncatedTo(ChronoUnit.SECONDS),
                isAway));
    }
}
