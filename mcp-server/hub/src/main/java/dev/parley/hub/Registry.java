package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.Wire.Beat;
import dev.parley.office.PostOffice;
import dev.parley.office.PresentWaits;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Life;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Shelf;
import dev.parley.remote.RemoteCards.Waiting;
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

    /** How often it is said that somebody still waits. */
    private static final Duration SAID_AGAIN = Duration.ofSeconds(2);

    private final PostOffice office;
    private final RemoteCards cards;
    private final Team team;
    private final Road road;

    /** What is kept here: nothing is written that is there already. */
    private final Map<Shelf, List<Card>> kept = new HashMap<>();

    /** What this machine has on the hub. */
    private final Map<String, Own> own = new HashMap<>();

    private final PresentWaits waits;
    private List<Host> hosts = List.of();
    private boolean isRead;

    /**
     * A card of this machine's on the hub.
     *
     * @param revision the key's
     * @param written when, by this machine's clock
     */
    private record Own(Card card, long revision, Instant written) {}

    Registry(PostOffice office, RemoteCards cards, Team team, Road road) {
        this.office = office;
        this.cards = cards;
        this.team = team;
        this.road = road;
        this.waits = new PresentWaits(office);
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
        if (present.isPresent() && !isOurs(present.get(), known)) {
            Duration age = Duration.between(present.get().stamp(), now);
            if (age.compareTo(RemoteCards.SILENCE) < 0) {
                return Optional.of(taken(present.get()));
            }
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

    private boolean isOurs(Entry entry, List<String> known) {
        try {
            return known.contains(Wire.beat(entry.content()).beat());
        } catch (BadMailException e) {
            return false;
        }
    }

    private String taken(Entry entry) {
        String name = team.host().value();
        try {
            if (Wire.beat(entry.content()).incarnation().equals(team.incarnation())) {
                return "a copy of this store is in use on another machine, as " + name
                        + ": mail of the two would be mixed up. On one of them run parley hub leave, and join under another name";
            }
        } catch (BadMailException e) {
            // Then nothing is known of who wrote it.
        }
        return "another machine of the team is called " + name
                + ": run parley hub leave here, and join under another name";
    }

    private void write(Map<String, Entry> entries) throws IOException {
        own.clear();
        for (Card card : cards()) {
            String key = Wire.key(card);
            Optional<Entry> present = Optional.ofNullable(entries.get(key));
            boolean isThere = present.filter(entry -> Arrays.equals(entry.content(), Wire.card(card)))
                    .isPresent();
            own.put(
                    key,
                    new Own(
                            card,
                            present.map(Entry::revision).orElse(Road.ABSENT),
                            office.clock().instant()));
            if (!isThere || !card.waits().isEmpty()) {
                write(key, card);
            }
        }
        for (Entry entry : entries.values()) {
            if (entry.key().startsWith(team.host() + ".") && !own.containsKey(entry.key())) {
                orLater(() -> road.remove(entry.key(), entry.revision()));
            }
        }
    }

    /**
     * Says who has begun or ceased to wait since the cards were last written, and that who waits still does: a wait counts as long only
     * as that was said a moment ago.
     */
    void tellWaits() throws IOException {
        for (Card card : own.isEmpty() ? List.<Card>of() : cards()) {
            String key = Wire.key(card);
            Own last = own.get(key);
            boolean isDue = last != null
                    && (!last.card().waits().equals(card.waits())
                            || (!card.waits().isEmpty()
                                    && last.written()
                                            .plus(SAID_AGAIN)
                                            .isBefore(office.clock().instant())));
            if (isDue) {
                write(key, card);
            }
        }
    }

    private void write(String key, Card card) throws IOException {
        Own last = own.get(key);
        if (last != null) {
            long before = last.revision();
            orLater(() -> {
                long revision = road.put(key, Wire.card(card), before);
                own.put(key, new Own(card, revision, office.clock().instant()));
            });
        }
    }

    private List<Card> cards() throws IOException {
        List<Card> all = new ArrayList<>();
        for (Map.Entry<String, String> project : team.projects().entrySet()) {
            for (Peer peer : office.peers().present(project.getValue()).peers()) {
                Presence presence = office.peers().presence(peer);
                if (presence.life() != Life.GONE && Names.isValid(peer.name())) {
                    card(project.getKey(), peer, presence).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private Optional<Card> card(String project, Peer peer, Presence presence) {
        try {
            Card card = new Card(
                    team.host(),
                    project,
                    peer.id(),
                    peer.name(),
                    peer.client(),
                    peer.purpose(),
                    peer.purposeSince(),
                    presence.activity(),
                    presence.since(),
                    peer.registeredAt());
            return Optional.of(card.waiting(waits(peer), Optional.empty()));
        } catch (IllegalArgumentException e) {
            // A client may call itself anything; it stays on its machine then.
            office.trace()
                    .event(Event.CARD_NOT_SHARED, Map.of("session", peer.id().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    private List<Waiting> waits(Peer peer) {
        try {
            return waits.of(peer.id()).stream()
                    .limit(Card.MOST_WAITS)
                    .map(wait -> new Waiting(wait.host().orElse(team.host()), wait.session(), wait.since()))
                    .toList();
        } catch (IOException e) {
            office.trace()
                    .event(Event.ASKS_UNREADABLE, Map.of("session", peer.id().value(), "reason", e.toString()));
            return List.of();
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
            cards.shelves().forEach(shelf -> kept.put(shelf, List.of()));
            isRead = true;
        }
        Map<Shelf, List<Card>> found = new HashMap<>();
        List<Host> others = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.key().indexOf('.') < 0) {
                host(entry, now).ifPresent(others::add);
            } else if (!entry.key().startsWith(team.host() + ".")) {
                card(entry, now)
                        .filter(card -> team.projects().containsKey(card.project()))
                        .ifPresent(card -> found.computeIfAbsent(
                                        new Shelf(card.host(), card.project()), missing -> new ArrayList<>())
                                .add(card));
            }
        }
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

    private Optional<Card> card(Entry entry, Instant now) {
        try {
            Card card = Wire.card(entry.key(), entry.content());
            Instant asOf = office.clock().instant().minus(Duration.between(entry.stamp(), now));
            return Optional.of(
                    card.waits().isEmpty()
                            ? card
                            : card.waiting(card.waits(), Optional.of(asOf.truncatedTo(ChronoUnit.MILLIS))));
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
