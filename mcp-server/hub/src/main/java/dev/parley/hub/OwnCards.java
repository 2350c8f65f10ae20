package dev.parley.hub;

import dev.parley.address.SessionId;
import dev.parley.hub.Road.Entry;
import dev.parley.office.PostOffice;
import dev.parley.office.PresentWaits;
import dev.parley.peer.Apart;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Waiting;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
 * The cards of this machine's sessions on the hub: of those that run in shared projects, and for a while of those that have ended. Belongs
 * to one thread.
 */
final class OwnCards {

    /** For so long the others are told that a session has ended. */
    static final Duration ENDED_IS_TOLD = Duration.ofHours(24);

    /** Who has ended by {@code /clear} goes on under another id within this time. */
    private static final Duration END_IS_CERTAIN = Duration.ofSeconds(3);

    /** Of so many that have ended the others are told. */
    private static final int MOST_ENDED = 200;

    /** Of so many waits the others are told: a card has its size. */
    private static final int MOST_WAITS = 8;

    /** How often it is said that somebody still waits. */
    private static final Duration SAID_AGAIN = Duration.ofSeconds(2);

    private final PostOffice office;
    private final Team team;
    private final Road road;
    private final PresentWaits waits;

    /** Those that were written last, by their keys: a hub that loses them is given them again. */
    private final Map<String, Own> own = new HashMap<>();

    /**
     * A card of this machine's on the hub.
     *
     * @param revision the key's
     * @param written when, by this machine's clock
     */
    private record Own(Card card, long revision, Instant written) {}

    OwnCards(PostOffice office, Team team, Road road) {
        this.office = office;
        this.team = team;
        this.road = road;
        this.waits = new PresentWaits(office);
    }

    /** Whether that is a card of this machine's. */
    boolean isOwn(Entry entry) {
        return entry.key().startsWith(team.host() + ".");
    }

    /** The sessions that run here, with what stands for their projects. */
    Map<SessionId, String> here() {
        Map<SessionId, String> here = new HashMap<>();
        for (Own last : own.values()) {
            if (last.card().activity() != Activity.ENDED) {
                here.put(last.card().session(), last.card().project());
            }
        }
        return here;
    }

    /** Writes those that the hub has not, or otherwise, and takes back what it should not have. */
    void write(Map<String, Entry> entries) throws IOException {
        Map<String, Card> before = before(entries);
        own.clear();
        for (Card card : present()) {
            write(card, entries);
        }
        before.keySet().removeAll(own.keySet());
        for (Card card : ended(before.values())) {
            write(card, entries);
        }
        for (Entry entry : entries.values()) {
            if (isOwn(entry) && !own.containsKey(entry.key())) {
                orLater(() -> road.remove(entry.key(), entry.revision()));
            }
        }
    }

    /** What this machine said last, also by another postman of it. */
    private Map<String, Card> before(Map<String, Entry> entries) {
        Map<String, Card> before = new HashMap<>();
        for (Entry entry : entries.values()) {
            if (isOwn(entry)) {
                try {
                    before.put(entry.key(), Wire.card(entry.key(), entry.content()));
                } catch (BadMailException e) {
                    // Of another version; it is taken back.
                }
            }
        }
        own.forEach((key, last) -> before.put(key, last.card()));
        return before;
    }

    private void write(Card card, Map<String, Entry> entries) throws IOException {
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

    /**
     * Says who has begun or ceased to wait since the cards were last written, and that who waits still does: a wait counts as long only
     * as that was said a moment ago. Looks at the open questions and at nothing else of a session: it is called every second, and
     * mostly nobody waits.
     */
    void tellWaits() throws IOException {
        for (Map.Entry<String, Own> each : List.copyOf(own.entrySet())) {
            Card last = each.getValue().card();
            if (last.activity() == Activity.ENDED) {
                continue;
            }
            List<Waiting> now = waits(last.session());
            boolean isOld = each.getValue()
                    .written()
                    .plus(SAID_AGAIN)
                    .isBefore(office.clock().instant());
            if (!now.equals(last.waits()) || (!now.isEmpty() && isOld)) {
                write(each.getKey(), last.waiting(now, Optional.empty()));
            }
        }
    }

    /** The cards of those that run here. */
    private List<Card> present() throws IOException {
        List<Card> all = new ArrayList<>();
        for (Map.Entry<String, String> project : team.projects().entrySet()) {
            List<Peer> peers = office.peers().present(project.getValue()).peers();
            Set<SessionId> ids = new HashSet<>();
            peers.forEach(peer -> ids.add(peer.id()));
            for (Peer peer : peers) {
                Presence presence = office.peers().presence(peer);
                // A hook of its client may have opened its own id again, which another machine has.
                boolean isApart = ids.contains(Apart.address(team.host(), peer.id()));
                if (presence.life() != Life.GONE && Names.isValid(peer.name()) && !isApart) {
                    card(project.getKey(), peer, presence)
                            .map(card -> card.waiting(waits(peer.id()), Optional.empty()))
                            .ifPresent(all::add);
                }
            }
        }
        return all;
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

    private List<Waiting> waits(SessionId asker) {
        try {
            return waits.of(asker).stream()
                    .limit(MOST_WAITS)
                    .map(wait ->
                            new Waiting(wait.host().orElse(team.host()), wait.session(), wait.since(), wait.question()))
                    .toList();
        } catch (IOException e) {
            office.trace().event(Event.ASKS_UNREADABLE, Map.of("session", asker.value(), "reason", e.toString()));
            return List.of();
        }
    }

    /** The cards of those that had one and have ended, the newest of them. */
    private List<Card> ended(Iterable<Card> before) throws IOException {
        List<Card> ended = new ArrayList<>();
        for (Card card : before) {
            ended(card).ifPresent(ended::add);
        }
        ended.sort(Comparator.comparing(card -> card.since().orElse(Instant.EPOCH)));
        return ended.subList(Math.max(0, ended.size() - MOST_ENDED), ended.size());
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
                ? Optional.of(last.waiting(List.of(), Optional.empty()))
                : card(
                        last.project(),
                        peer.get(),
                        new Presence(Life.GONE, Activity.ENDED, said.or(() -> Optional.of(now))));
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
}
