package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.Wire.Beat;
import dev.parley.office.PostOffice;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This machine's place in the bucket, its cards there, and what is kept here of the others'. A machine whose name another one has
 * neither sends nor receives: the two would take each other's mail. Belongs to one thread.
 */
final class Registry {

    /** For so long the others are told that a session has ended. */
    static final Duration ENDED_IS_TOLD = Duration.ofHours(24);

    /** Who has ended by {@code /clear} goes on under another id within this time. */
    private static final Duration END_IS_CERTAIN = Duration.ofSeconds(3);

    /** Of so many that have ended the others are told. */
    private static final int MOST_ENDED = 200;

    private final PostOffice office;
    private final RemoteCards cards;
    private final Team team;
    private final Road road;

    /** The cards of this machine that were written last: a hub that loses them is given them again. */
    private final Map<String, Card> own = new HashMap<>();

    /** What is kept here of the others': nothing is written that is there already. */
    private final Map<Shelf, List<Card>> kept = new HashMap<>();

    private List<Host> hosts = List.of();
    private boolean isRead;

    Registry(PostOffice office, RemoteCards cards, Team team, Road road) {
        this.office = office;
        this.cards = cards;
        this.team = team;
        this.road = road;
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
        Set<String> written = new HashSet<>();
        for (Map.Entry<String, String> project : team.projects().entrySet()) {
            for (Peer peer : office.peers().present(project.getValue()).peers()) {
                Presence presence = office.peers().presence(peer);
                if (presence.life() != Life.GONE && Names.isValid(peer.name())) {
                    write(card(project.getKey(), peer, presence), entries, written);
                }
            }
        }
        Map<String, Card> ended = ended(entries, written);
        for (Card card : ended.values()) {
            write(Optional.of(card), entries, written);
        }
        for (Entry entry : entries.values()) {
            if (isOwn(entry) && !written.contains(entry.key())) {
                orLater(() -> road.remove(entry.key(), entry.revision()));
            }
        }
        own.keySet().retainAll(written);
    }

    private boolean isOwn(Entry entry) {
        return entry.key().startsWith(team.host() + ".");
    }

    /** The cards of those that had one and have ended: for a while the others are told so, the newest of them. */
    private Map<String, Card> ended(Map<String, Entry> entries, Set<String> written) throws IOException {
        Map<String, Card> before = new HashMap<>(own);
        for (Entry entry : entries.values()) {
            if (isOwn(entry) && !before.containsKey(entry.key())) {
                card(entry).ifPresent(card -> before.put(entry.key(), card));
            }
        }
        before.keySet().removeAll(written);
        List<Card> ended = new ArrayList<>();
        for (Card card : before.values()) {
            ended(card).ifPresent(ended::add);
        }
        ended.sort(Comparator.comparing(card -> card.since().orElse(Instant.EPOCH)));
        Map<String, Card> newest = new HashMap<>();
        ended.subList(Math.max(0, ended.size() - MOST_ENDED), ended.size())
                .forEach(card -> newest.put(Wire.key(card), card));
        return newest;
    }

    /** The card that says that a session has ended, or the last one, while that is not certain; empty if it is to say no more. */
    private Optional<Card> ended(Card last) throws IOException {
        Instant now = office.clock().instant();
        @Nullable String project = team.projects().get(last.project());
        if (project == null) {
            return Optional.empty();
        }
        if (last.activity() == Activity.ENDED) {
            return Optional.of(last)
                    .filter(card -> card.since()
                            .orElse(Instant.EPOCH)
                            .plus(ENDED_IS_TOLD)
                            .isAfter(now));
        }
        Optional<Peer> peer =
                office.peers().find(last.session()).filter(it -> it.project().equals(project));
        if (peer.isEmpty() || !office.peers().current(last.session()).equals(last.session())) {
            return Optional.empty();
        }
        Presence presence = office.peers().presence(peer.get());
        if (presence.life() != Life.GONE) {
            return Optional.empty();
        }
        Optional<Instant> said = presence.since().filter(at -> presence.activity() == Activity.ENDED);
        return said.filter(at -> at.plus(END_IS_CERTAIN).isAfter(now)).isPresent()
                ? Optional.of(last)
                : card(
                        last.project(),
                        peer.get(),
                        new Presence(Life.GONE, Activity.ENDED, said.or(() -> Optional.of(now))));
    }

    private void write(Optional<Card> card, Map<String, Entry> entries, Set<String> written) throws IOException {
        if (card.isEmpty()) {
            return;
        }
        String key = Wire.key(card.get());
        written.add(key);
        own.put(key, card.get());
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
                    peer.groups(),
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
            cards.shelves().forEach(shelf -> kept.put(shelf, List.of()));
            isRead = true;
        }
        Map<Shelf, List<Card>> found = new HashMap<>();
        List<Host> others = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.key().indexOf('.') < 0) {
                host(entry, now).ifPresent(others::add);
            } else if (!isOwn(entry)) {
                card(entry)
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
