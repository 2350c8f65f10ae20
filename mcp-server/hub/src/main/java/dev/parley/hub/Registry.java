package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.Wire.Beat;
import dev.parley.office.PostOffice;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * This machine's place in the bucket, its cards there, and what is kept here of the others'. A machine whose name another one has
 * neither sends nor receives: the two would take each other's mail. Belongs to one thread.
 */
final class Registry {

    private static final int KNOWN_BEATS = 15;

    private final PostOffice office;
    private final RemoteCards cards;
    private final Team team;
    private final Road road;

    private final OwnCards own;

    /** What is kept here of the others': nothing is written that is there already. */
    private final Map<Shelf, List<Card>> kept = new HashMap<>();

    private final Twins twins;

    /** The revisions of what was no card: each is told of once. */
    private final Map<String, Long> refused = new HashMap<>();

    /** The machines that had said at the last look that they are there, and so have written all their cards by now. */
    private Set<HostName> heard = Set.of();

    /** As kept last; empty before the first look: an earlier postman may have kept others. */
    private Optional<List<Host>> hosts = Optional.empty();

    private boolean isRead;

    Registry(PostOffice office, RemoteCards cards, Team team, Road road) {
        this.office = office;
        this.cards = cards;
        this.team = team;
        this.road = road;
        this.own = new OwnCards(office, team, road);
        this.twins = new Twins(office);
    }

    /** The hub has lost what it had, or may have: what is kept of a machine stays until that has said it again. */
    void startOver() {
        heard = Set.of();
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
        own.write(byKey);
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
        // And as many as are written until another one would be believed: the one on the hub stays among them if
        // writing fails.
        List<String> beats = new ArrayList<>(known.subList(Math.max(0, known.size() - KNOWN_BEATS), known.size()));
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

    /** Says who has begun or ceased to wait, and who still does. */
    void tellWaits() throws IOException {
        own.tellWaits();
    }

    private void read(List<Entry> entries, Instant now) throws IOException {
        if (!isRead) {
            // What an earlier postman left; it may be on the hub no more.
            for (Shelf shelf : cards.shelves()) {
                List<Card> left = cards.of(shelf.project()).stream()
                        .filter(card -> card.host().equals(shelf.host()))
                        .toList();
                kept.put(shelf, left);
                twins.knew(left);
            }
            isRead = true;
        }
        Map<Shelf, List<Card>> found = new HashMap<>();
        Set<HostName> present = new HashSet<>();
        List<Host> others = new ArrayList<>();
        refused.keySet().retainAll(entries.stream().map(Entry::key).collect(Collectors.toSet()));
        for (Entry entry : entries) {
            if (entry.key().indexOf('.') < 0) {
                host(entry, now).ifPresent(host -> {
                    others.add(host);
                    present.add(host.host());
                });
            } else if (!own.isOwn(entry)) {
                card(entry, now)
                        .filter(card -> team.projects().containsKey(card.project()))
                        .ifPresent(card -> found.computeIfAbsent(
                                        new Shelf(card.host(), card.project()), missing -> new ArrayList<>())
                                .add(card));
            }
        }
        // Before they are kept: whoever dies in between tells again.
        twins.look(found.values().stream().flatMap(List::stream).toList(), own.here());
        Set<Shelf> all = new HashSet<>(kept.keySet());
        all.addAll(found.keySet());
        for (Shelf shelf : all) {
            List<Card> next = found.getOrDefault(shelf, List.of());
            if (team.projects().containsKey(shelf.project()) && !isWhole(shelf.host(), present)) {
                next = withThoseBefore(next, kept.getOrDefault(shelf, List.of()));
                found.put(shelf, next);
            }
            if (!next.equals(kept.get(shelf)) || next.isEmpty()) {
                cards.keep(shelf.host(), shelf.project(), next);
            }
        }
        kept.clear();
        kept.putAll(found);
        heard = present;
        if (!hosts.equals(Optional.of(others))) {
            cards.keepHosts(others);
            hosts = Optional.of(others);
        }
    }

    /** Whether the hub has all that a machine says of itself: a hub that has lost it does not make the machine's sessions end. */
    private boolean isWhole(HostName host, Set<HostName> present) {
        return road.removed().contains(host.value()) || (heard.contains(host) && present.contains(host));
    }

    private static List<Card> withThoseBefore(List<Card> now, List<Card> before) {
        Map<SessionId, Card> all = new LinkedHashMap<>();
        before.forEach(card -> all.put(card.session(), card));
        now.forEach(card -> all.put(card.session(), card));
        return List.copyOf(all.values());
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
            if (!Objects.equals(refused.put(entry.key(), entry.revision()), entry.revision())) {
                office.trace()
                        .event(
                                Event.CARD_REFUSED,
                                Map.of("key", entry.key(), "reason", String.valueOf(e.getMessage())));
            }
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
