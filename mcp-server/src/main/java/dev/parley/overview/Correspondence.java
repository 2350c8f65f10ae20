package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.Position;
import dev.parley.office.PostOffice;
import dev.parley.overview.Threads.Place;
import dev.parley.overview.Threads.Placed;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Roster;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All messages that are kept of a project: what its sessions, also those that have ended, have received. Reading changes nothing
 * and takes no lock. What cannot be read is told, and hides nothing else.
 *
 * <p>Remembers of each message when it was sent and by whom, so that the second look costs less; never its text. Safe for use by
 * several threads.
 *
 * <pre>{@code
 * Correspondence letters = overview.correspondence(key);
 * letters.read(Selection.ALL.with(ann).newest(100), message -> show(message));
 * }</pre>
 */
public final class Correspondence {

    /** So much later than it was recorded a message may seem to be sent: a clock that was set back, the ticks of a file system. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    /** So many characters of bodies are held between finding and showing; what is more is read again. */
    private static final long HELD_CHARACTERS = 4_000_000;

    private final PostOffice office;
    private final String project;
    private final Map<MessageId, Known> known = new ConcurrentHashMap<>();

    /** Takes one message after the other. */
    public interface Reader {
        /** Takes the next. */
        void read(Message message) throws IOException;
    }

    /** What never changes of a recorded message. */
    private record Known(Link link, Optional<SessionId> from, Origin origin) {}

    /** That somewhere there is a message. */
    private record Entry(MessageId id, Peer receiver, ReceivedLedger.Listing listing) {}

    /** What a session has received, and a time after which none of it was sent. */
    private record Ledger(Peer receiver, Instant latest) {}

    /** A message that was looked for; its envelope unless that has to be read again. */
    private record Found(Entry entry, Link link, Optional<Envelope> envelope) {}

    private static final Comparator<Found> BY_TIME = Comparator.comparing(
                    (Found found) -> found.link().sentAt())
            .thenComparing(found -> found.entry().id());

    /** The newest of what is found, as many as are wanted. */
    private static final class Newest {

        private final Selection selection;
        private final PriorityQueue<Found> found = new PriorityQueue<>(BY_TIME);
        private final int limit;

        Newest(Selection selection) {
            this.selection = selection;
            this.limit = selection.newest().orElse(Integer.MAX_VALUE);
        }

        /** Whether nothing is wanted that was sent at this time, or before. */
        boolean isTooOld(Instant latest) {
            return selection.since().filter(latest::isBefore).isPresent()
                    || (found.size() == limit
                            && latest.isBefore(found.element().link().sentAt()));
        }

        void add(Found message) {
            found.add(message);
            if (found.size() > limit) {
                found.remove();
            }
        }

        List<Found> inOrder() {
            List<Found> all = new ArrayList<>(found);
            all.sort(BY_TIME);
            return all;
        }
    }

    Correspondence(PostOffice office, String project) {
        this.office = office;
        this.project = project;
    }

    /**
     * Gives the messages of a selection to a reader, each once, in the order of sending.
     *
     * @return what may be missing
     * @throws IOException if the sessions cannot be listed, or of the reader
     */
    public List<Unreadable> read(Selection selection, Reader reader) throws IOException {
        return select(selection).read(reader);
    }

    /**
     * Finds the messages of a selection, without giving them to anybody yet.
     *
     * @throws IOException if the sessions cannot be listed
     */
    public Excerpt select(Selection selection) throws IOException {
        Look look = new Look();
        return look.excerpt(look.select(selection));
    }

    /** The message of this id; empty if it is not kept in this project. */
    public Optional<Message> find(MessageId id) throws IOException {
        Look look = new Look();
        List<Message> shown = new ArrayList<>();
        var unused = look.excerpt(look.only(id)).read(shown::add);
        return shown.stream().findFirst();
    }

    /**
     * Gives a message and all that it is tied to: the question that it answers, its answers, and so on.
     *
     * @return what may be missing
     */
    public List<Unreadable> readThread(MessageId id, Reader reader) throws IOException {
        return thread(id).read(reader);
    }

    /** Finds a message and all that it is tied to, see {@link #readThread}, without giving them to anybody yet. */
    public Excerpt thread(MessageId id) throws IOException {
        Look look = new Look();
        List<Link> all = look.select(Selection.ALL).stream().map(Found::link).toList();
        Set<MessageId> chain =
                new Links(all).chain(id, all.stream().map(Link::id).toList());
        return look.excerpt(look.these(chain));
    }

    /** One look through everything. */
    private final class Look {

        private final Map<SessionId, Peer> sessions = new LinkedHashMap<>();
        private final List<Ledger> ledgers = new ArrayList<>();
        private final Map<SessionId, List<Entry>> listed = new HashMap<>();
        private final Map<MessageId, Entry> entries = new HashMap<>();
        private final Map<SessionId, Set<MessageId>> received = new HashMap<>();
        private final Map<SessionId, SessionId> present = new HashMap<>();
        /** What is read twice may be found damaged twice. */
        private final Set<Unreadable> unreadable = new LinkedHashSet<>();

        private long heldCharacters;

        Look() throws IOException {
            Roster roster = office.peers().roster(project);
            roster.unreadable().forEach((id, why) -> unreadable.add(new Unreadable(id, Optional.empty(), why)));
            for (Peer peer : roster.peers()) {
                sessions.put(peer.id(), peer);
                try {
                    ledgers.add(
                            new Ledger(peer, office.ledger(peer.id()).latest().plus(CLOCKS_DIFFER)));
                } catch (IOException e) {
                    cannotRead(peer.id(), Optional.empty(), e);
                }
            }
        }

        /** What a session has received, but for what another one, whose ledger was listed before, has as well. */
        private List<Entry> entries(Ledger ledger) {
            return listed.computeIfAbsent(ledger.receiver().id(), id -> {
                List<Entry> own = new ArrayList<>();
                try {
                    ReceivedLedger.Listing listing = office.ledger(id).listing();
                    for (MessageId message : listing.ids()) {
                        Entry entry = new Entry(message, ledger.receiver(), listing);
                        if (entries.putIfAbsent(message, entry) == null) {
                            own.add(entry);
                        }
                    }
                } catch (IOException e) {
                    cannotRead(id, Optional.empty(), e);
                }
                return own;
            });
        }

        private void cannotRead(SessionId session, Optional<MessageId> message, IOException e) {
            office.trace().event(Event.LEDGER_UNREADABLE, Map.of("session", session.value(), "reason", e.toString()));
            unreadable.add(new Unreadable(session, message, Why.of(e)));
        }

        /** The message of this id, if it is kept. */
        List<Found> only(MessageId id) {
            for (Ledger ledger : ledgers) {
                try {
                    if (office.ledger(ledger.receiver().id()).find(id).isPresent()) {
                        var unused = entries(ledger);
                        return these(Set.of(id));
                    }
                } catch (IOException e) {
                    cannotRead(ledger.receiver().id(), Optional.of(id), e);
                }
            }
            return List.of();
        }

        /** Those of these ids that stand in the ledgers that were listed. */
        List<Found> these(Set<MessageId> ids) {
            List<Found> found = new ArrayList<>();
            for (MessageId id : ids) {
                Optional.ofNullable(entries.get(id))
                        .flatMap(entry -> found(entry, Selection.ALL))
                        .ifPresent(found::add);
            }
            found.sort(BY_TIME);
            return found;
        }

        /** What is selected, in the order of sending. What is too old for it is not looked at, where times spare that. */
        List<Found> select(Selection selection) {
            Newest newest = new Newest(selection);
            ledgers.sort(Comparator.comparing(Ledger::latest).reversed());
            for (Ledger ledger : ledgers) {
                if (newest.isTooOld(ledger.latest())) {
                    break;
                }
                for (Recorded recorded : inOrder(ledger, selection)) {
                    if (newest.isTooOld(recorded.at())) {
                        break;
                    }
                    found(recorded.entry(), selection).ifPresent(newest::add);
                }
            }
            if (listed.size() == ledgers.size()) {
                known.keySet().retainAll(entries.keySet());
            }
            return newest.inOrder();
        }

        /** A message, and a time that is not before it was sent. */
        private record Recorded(Entry entry, Instant at) {}

        /** What a session has received, the newest first where that spares reading. */
        private List<Recorded> inOrder(Ledger ledger, Selection selection) {
            boolean needsTimes = selection.since().isPresent()
                    || (selection.newest().isPresent() && selection.text().isEmpty());
            List<Recorded> recorded = new ArrayList<>();
            for (Entry entry : entries(ledger)) {
                Optional<Instant> at = needsTimes ? latest(entry) : Optional.of(Instant.MAX);
                at.ifPresent(time -> recorded.add(new Recorded(entry, time)));
            }
            if (needsTimes) {
                recorded.sort(Comparator.comparing(Recorded::at).reversed());
            }
            return recorded;
        }

        private Optional<Instant> latest(Entry entry) {
            Optional<Instant> sent = Optional.ofNullable(known.get(entry.id()))
                    .map(before -> before.link().sentAt());
            if (sent.isPresent()) {
                return sent;
            }
            try {
                return entry.listing().recordedAt(entry.id()).map(at -> at.plus(CLOCKS_DIFFER));
            } catch (IOException e) {
                cannotRead(entry.receiver().id(), Optional.of(entry.id()), e);
                return Optional.empty();
            }
        }

        /** A message, if it is selected. */
        private Optional<Found> found(Entry entry, Selection selection) {
            Known before = known.get(entry.id());
            if (before != null
                    && (!matches(entry, before, selection) || selection.text().isEmpty())) {
                return matches(entry, before, selection)
                        ? Optional.of(new Found(entry, before.link(), Optional.empty()))
                        : Optional.empty();
            }
            Optional<Envelope> envelope = envelope(entry);
            if (envelope.isEmpty()) {
                return Optional.empty();
            }
            Known now = new Known(
                    Link.of(envelope.get()),
                    envelope.get().localSender(),
                    envelope.get().origin());
            known.put(entry.id(), now);
            String body = envelope.get().body();
            if (!matches(entry, now, selection)
                    || selection.text().filter(text -> !text.isIn(body)).isPresent()) {
                return Optional.empty();
            }
            heldCharacters += body.length();
            return Optional.of(
                    new Found(entry, now.link(), envelope.filter(held -> heldCharacters <= HELD_CHARACTERS)));
        }

        private boolean matches(Entry entry, Known message, Selection selection) {
            boolean isWithThem = selection
                    .with()
                    .map(session -> entry.receiver().id().equals(session)
                            || message.from()
                                    .map(this::current)
                                    .filter(session::equals)
                                    .isPresent()
                            || isAnswerInsteadOf(session, message))
                    .orElse(true);
            return isWithThem
                    && (!selection.byOperator() || message.origin() == Origin.OPERATOR)
                    && selection
                            .since()
                            .filter(message.link().sentAt()::isBefore)
                            .isEmpty();
        }

        /**
         * Whether the operator has answered what that session was sent: it went to the one who wrote that, and belongs below it in
         * this conversation too.
         */
        private boolean isAnswerInsteadOf(SessionId session, Known message) {
            return message.origin() == Origin.OPERATOR
                    && message.link()
                            .source()
                            .filter(about -> received(session).contains(about))
                            .isPresent();
        }

        private Set<MessageId> received(SessionId session) {
            return received.computeIfAbsent(session, id -> {
                try {
                    return office.ledger(id).listing().ids();
                } catch (IOException e) {
                    cannotRead(id, Optional.empty(), e);
                    return Set.of();
                }
            });
        }

        private Optional<Envelope> envelope(Entry entry) {
            try {
                return entry.listing().find(entry.id());
            } catch (IOException e) {
                cannotRead(entry.receiver().id(), Optional.of(entry.id()), e);
                return Optional.empty();
            }
        }

        private SessionId current(SessionId id) {
            return present.computeIfAbsent(id, then -> {
                try {
                    return office.peers().current(then);
                } catch (IOException e) {
                    return then;
                }
            });
        }

        Excerpt excerpt(List<Found> messages) {
            return new Excerpt() {
                @Override
                public int size() {
                    return messages.size();
                }

                @Override
                public Excerpt newest(int count) {
                    return excerpt(messages.subList(Math.max(0, messages.size() - count), messages.size()));
                }

                @Override
                public List<Unreadable> read(Reader reader) throws IOException {
                    Showing showing = new Showing(messages);
                    for (Found found : messages) {
                        Optional<Message> message = showing.message(found);
                        if (message.isPresent()) {
                            reader.read(message.get());
                        }
                    }
                    return List.copyOf(unreadable);
                }

                @Override
                public List<Unreadable> readThreads(PlacedReader reader) throws IOException {
                    Showing showing = new Showing(messages);
                    for (Place<Found> place : Threads.arranged(messages, Found::link)) {
                        Optional<Message> message = showing.message(place.item());
                        if (message.isPresent()) {
                            reader.read(new Placed(message.get(), place.depth()));
                        }
                    }
                    return List.copyOf(unreadable);
                }
            };
        }

        /** Reads messages one after the other, and how far each has come. */
        private final class Showing {

            private final Map<SessionId, Set<MessageId>> wanted = new HashMap<>();
            private final Map<SessionId, Optional<Map<MessageId, Position>>> positions = new HashMap<>();
            private final Map<SessionId, Boolean> absent = new HashMap<>();

            Showing(List<Found> messages) {
                for (Found message : messages) {
                    wanted.computeIfAbsent(message.entry().receiver().id(), id -> new HashSet<>())
                            .add(message.entry().id());
                }
            }

            /** A message; empty if it was forgotten since it was found, or cannot be read. */
            Optional<Message> message(Found found) {
                SessionId receiver = found.entry().receiver().id();
                return found.envelope().or(() -> envelope(found.entry())).map(envelope -> {
                    Optional<Map<MessageId, Position>> where = positions.computeIfAbsent(
                            receiver, id -> Look.this.positions(id, wanted.getOrDefault(id, Set.of())));
                    return Look.this.message(found.entry(), envelope, status(found.entry(), envelope, where, absent));
                });
            }
        }

        private Optional<Map<MessageId, Position>> positions(SessionId receiver, Set<MessageId> ids) {
            try {
                return Optional.of(office.mailbox(receiver).locate(ids));
            } catch (IOException e) {
                cannotRead(receiver, Optional.empty(), e);
                return Optional.empty();
            }
        }

        private MessageStatus status(
                Entry entry,
                Envelope envelope,
                Optional<Map<MessageId, Position>> positions,
                Map<SessionId, Boolean> absent) {
            SessionId receiver = entry.receiver().id();
            try {
                if (positions.isPresent()) {
                    return MessageStatus.of(
                            envelope,
                            receiver,
                            Optional.ofNullable(positions.get().get(entry.id())),
                            entry.listing().rung(entry.id()),
                            entry.listing().answeredAt(entry.id()),
                            entry.listing().isWithdrawn(entry.id()),
                            () -> absent.computeIfAbsent(receiver, id -> isGone(entry.receiver())));
                }
            } catch (IOException e) {
                cannotRead(receiver, Optional.of(entry.id()), e);
            }
            return new MessageStatus(
                    MessageState.UNKNOWN,
                    Optional.of(receiver),
                    Optional.of(envelope.sentAt()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** Whether nobody will ever come for what waits there; not, if that cannot be told. */
        private boolean isGone(Peer receiver) {
            try {
                return receiver.endsForGood()
                        && office.peers().presence(receiver).life() == Life.GONE;
            } catch (IOException e) {
                return false;
            }
        }

        private Message message(Entry entry, Envelope envelope, MessageStatus status) {
            Optional<SessionId> sender = envelope.localSender().map(this::current);
            return new Message(
                    envelope,
                    sender,
                    sender.flatMap(id -> Optional.ofNullable(sessions.get(id)))
                            .map(Peer::name)
                            .orElseGet(envelope::sender),
                    entry.receiver().id(),
                    entry.receiver().name(),
                    status);
        }
    }
}
