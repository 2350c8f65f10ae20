package dev.parley.hub;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Address;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.office.Changes;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.remote.Followed;
import dev.parley.remote.Followed.Item;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the senders on other machines how far their messages are here: rung for, handed over, shown, answered, and what is said of
 * requests. Only what has changed is told. Safe for use by several threads.
 */
final class Reports {

    /** So many are followed; the oldest of more are no longer. */
    static final int CAPACITY = 10_000;

    /** So long a message is followed on that nothing more is expected of: its sender may have to be told again after a loss. */
    static final Duration AFTERWARDS = Duration.ofHours(24);

    /** So long it tells at a time: the same thread says that the machine is there, and who takes in waits for it. */
    private static final Duration SLICE = Duration.ofSeconds(2);

    private final PostOffice office;
    private final Followed followed;
    private final Team team;
    private final Road road;
    private final Map<MessageId, Item> items = new LinkedHashMap<>();
    private final Set<MessageId> again = new HashSet<>();
    private final Map<String, Changes> changes = new HashMap<>();

    /** The receivers that are to be looked at, by the id that their messages were addressed to. */
    private final Set<SessionId> due = new HashSet<>();

    private boolean isRead;

    Reports(PostOffice office, Followed followed, Team team, Road road) {
        this.office = office;
        this.followed = followed;
        this.team = team;
        this.road = road;
    }

    /** Begins to follow a message that has come. */
    synchronized void follow(Item item) throws IOException {
        read();
        if (items.putIfAbsent(item.message(), item) == null) {
            followed.note(item);
        }
        due.add(item.to());
        while (items.size() > CAPACITY) {
            MessageId oldest = items.keySet().iterator().next();
            items.remove(oldest);
            followed.end(oldest);
        }
    }

    private void read() throws IOException {
        if (!isRead) {
            List<Item> kept = new ArrayList<>(followed.all());
            kept.sort(Comparator.comparing(item -> item.message().value()));
            kept.forEach(item -> items.put(item.message(), item));
            isRead = true;
        }
    }

    /** The hub has lost what it had, or may have: all senders are told again. */
    synchronized void startOver() throws IOException {
        read();
        again.addAll(items.keySet());
        lookAtAll();
    }

    /** All are looked at: what ends with a process is no change in a store. */
    synchronized void lookAtAll() throws IOException {
        read();
        items.values().forEach(item -> due.add(item.to()));
    }

    /** The receivers of which something has changed. */
    private void lookForChanges() throws IOException, InterruptedException {
        Set<SessionId> changed = new HashSet<>();
        for (String project : team.projects().values()) {
            Changes known = changes.get(project);
            if (known == null) {
                known = office.changes(project);
                changes.put(project, known);
            }
            changed.addAll(known.await(Duration.ZERO));
        }
        if (!changed.isEmpty()) {
            Set<SessionId> addressed = new HashSet<>();
            items.values().forEach(item -> addressed.add(item.to()));
            for (SessionId id : addressed) {
                if (changed.contains(id) || changed.contains(office.peers().current(id))) {
                    due.add(id);
                }
            }
        }
    }

    /**
     * Tells what has changed.
     *
     * @return how many messages were told of
     */
    synchronized int run() throws IOException, InterruptedException {
        Instant end = office.clock().instant().plus(SLICE);
        read();
        lookForChanges();
        Map<SessionId, List<Item>> receivers = new HashMap<>();
        items.values().stream()
                .filter(item -> due.contains(item.to()))
                .forEach(item -> receivers
                        .computeIfAbsent(item.to(), missing -> new ArrayList<>())
                        .add(item));
        due.retainAll(receivers.keySet());
        int told = 0;
        for (Map.Entry<SessionId, List<Item>> each : receivers.entrySet()) {
            try {
                told += run(each.getKey(), each.getValue(), end);
                if (isOver(end)) {
                    // The others, and what is left of this one, stay due.
                    return told;
                }
                due.remove(each.getKey());
            } catch (RoadException e) {
                throw e;
            } catch (IOException e) {
                // Another session's damage hides nothing of this one's. It is looked at again when all are.
                due.remove(each.getKey());
                office.trace()
                        .event(
                                Event.STATE_UNKNOWN,
                                Map.of("session", each.getKey().value(), "reason", e.toString()));
            }
        }
        return told;
    }

    private boolean isOver(Instant end) {
        return office.clock().instant().isAfter(end);
    }

    private int run(SessionId addressed, List<Item> all, Instant end) throws IOException {
        List<Item> of = new ArrayList<>();
        for (Item item : all) {
            if (isSettled(item) && !again.contains(item.message())) {
                endIfOver(item);
            } else {
                of.add(item);
            }
        }
        if (of.isEmpty()) {
            return 0;
        }
        SessionId receiver = office.peers().current(addressed);
        Set<MessageId> ids = new HashSet<>();
        of.forEach(item -> ids.add(item.message()));
        Map<MessageId, Position> positions = office.mailbox(receiver).locate(ids);
        ReceivedLedger.Listing ledger = office.ledger(receiver).listing();
        Optional<Peer> peer = office.peers().find(receiver);
        int told = 0;
        for (Item item : of) {
            if (isOver(end)) {
                break;
            }
            // Of what came from elsewhere another machine is told nothing, whatever it claims to have taken back.
            Optional<Envelope> envelope =
                    ledger.find(item.message()).filter(record -> record.host().equals(Optional.of(item.host())));
            if (envelope.isEmpty()) {
                end(item);
                continue;
            }
            MessageStatus status = MessageStatus.of(
                    envelope.get(),
                    receiver,
                    Optional.ofNullable(positions.get(item.message())),
                    ledger.rung(item.message()),
                    ledger.answeredAt(item.message()),
                    ledger.isWithdrawn(item.message()),
                    () -> peer.isEmpty()
                            || (peer.get().endsForGood()
                                    && office.peers().presence(peer.get()).life() == Life.GONE));
            boolean isPlaced = positions.containsKey(item.message());
            told += tell(item, isPlaced ? status : remembered(item, status), work(receiver, envelope.get())) ? 1 : 0;
        }
        return told;
    }

    /** A position that a mailbox no longer knows is not unlearned. */
    private static MessageStatus remembered(Item item, MessageStatus status) {
        return new MessageStatus(
                status.state(),
                status.receiver(),
                status.stored(),
                status.rung(),
                item.told().flatMap(Progress::handed),
                item.told().flatMap(Progress::shown),
                status.answered());
    }

    private Optional<Work> work(SessionId receiver, Envelope envelope) throws IOException {
        return envelope.requestId().isPresent() ? office.work(receiver).find(envelope.id()) : Optional.empty();
    }

    private boolean tell(Item item, MessageStatus status, Optional<Work> work) throws IOException {
        long revision = Math.max(
                item.told().map(Progress::revision).orElse(0L) + 1,
                office.clock().millis());
        Optional<Progress> before = item.told();
        Progress now = new Progress(
                item.message(),
                revision,
                status.state(),
                status.rung(),
                status.handed(),
                status.shown(),
                status.answered(),
                Optional.empty(),
                work.map(Reports::done));
        boolean isNew = !before.map(told -> told.withRevision(revision)).equals(Optional.of(now));
        if (!isNew && !again.contains(item.message())) {
            endIfOver(item);
            return false;
        }
        road.replace(
                new Address(item.project(), item.host(), team.host(), Wire.idOf(now)), Wire.progress(now, team.host()));
        again.remove(item.message());
        Item next = item.told(now);
        items.put(item.message(), next);
        followed.note(next);
        return true;
    }

    private static WorkDone done(Work work) {
        return new WorkDone(work.state(), work.revision(), work.since(), work.note(), work.needs());
    }

    /** Nothing more can come of it. */
    private static boolean isSettled(Item item) {
        return item.told()
                .filter(told -> told.state() == MessageState.ANSWERED || told.state() == MessageState.WITHDRAWN)
                .filter(told ->
                        told.work().filter(work -> !work.state().isTerminal()).isEmpty())
                .isPresent();
    }

    /** Nothing more is expected of it, and its sender has had the time to be told. */
    private void endIfOver(Item item) throws IOException {
        Progress told = item.told().orElseThrow();
        boolean isOver = switch (told.state()) {
            case ANSWERED, SHOWN, WITHDRAWN, GONE, UNKNOWN -> true;
            case STORED, RUNG, HANDED -> false;
        };
        boolean isDone = told.work().filter(work -> !work.state().isTerminal()).isEmpty();
        Instant since = Instant.ofEpochMilli(told.revision());
        if (isOver && isDone && since.plus(AFTERWARDS).isBefore(office.clock().instant())) {
            end(item);
        }
    }

    private void end(Item item) throws IOException {
        items.remove(item.message());
        followed.end(item.message());
    }

    /** Tells a sender that its message is not taken in at present. */
    void refuse(Address mail, MessageId message, String reason) throws IOException {
        Progress refused = Progress.refused(message, Math.max(1, office.clock().millis()), reason);
        road.replace(
                new Address(mail.project(), mail.from(), team.host(), Wire.idOf(refused)),
                Wire.progress(refused, team.host()));
    }
}
