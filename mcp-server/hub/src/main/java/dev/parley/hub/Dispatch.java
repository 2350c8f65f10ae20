package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Address;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.remote.Outbox;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteMail;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what waits in the outbox. What has no receipt is published again, after twice as long each time, until it has one.
 * Each pair is on its own: one that cannot go on holds up no other. Safe for use by several threads, none of which waits for
 * another's publishing.
 */
final class Dispatch {

    /** So much of a pair is on its way at once. */
    static final int WINDOW = 64;

    static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    static final Duration LAST_RETRY = Duration.ofSeconds(60);

    /** The first is any below this, so that the hub does not take it for a try of another postman's. */
    private static final int ATTEMPTS = 1 << 30;

    private final PostOffice office;
    private final RemoteMail mail;
    private final Team team;
    private final Road road;
    private final Ticks ticks;
    private final RandomGenerator random;
    private final Map<Pair, Course> courses = new HashMap<>();
    private final Set<Pair> due = new LinkedHashSet<>();

    /** How far the messages of a pair have been published. */
    private static final class Course {
        private final Map<MessageId, Try> tries = new HashMap<>();
        private boolean isRefused;

        /** Whether as much as may be is on its way: then there is nothing to look for before a receipt comes, or a try is due. */
        private boolean isFull;

        boolean isDue(long now) {
            return tries.values().stream().anyMatch(last -> last.again() - now <= 0);
        }
    }

    /** The last try of a message. */
    private record Try(int attempt, int count, long again) {}

    Dispatch(PostOffice office, RemoteMail mail, Team team, Road road, Ticks ticks, RandomGenerator random) {
        this.office = office;
        this.mail = mail;
        this.team = team;
        this.road = road;
        this.ticks = ticks;
        this.random = random;
    }

    /** Something of these pairs may wait that was not published. */
    synchronized void look(Set<Pair> pairs) {
        due.addAll(pairs);
    }

    /** The same of all pairs. */
    synchronized void lookAtAll() throws IOException {
        due.addAll(mail.outbox().pairs());
    }

    /** The hub has lost what it had, or may have: all that has no receipt is published again at once. */
    synchronized void startOver() throws IOException {
        for (Course course : courses.values()) {
            course.tries.replaceAll((message, last) -> new Try(last.attempt(), 0, ticks.nanos()));
        }
        lookAtAll();
    }

    /** A receipt has come: what it names has left, and what is behind it may go. */
    synchronized void settled(Pair pair, Outbox.Settled settled) {
        Course course = courses.get(pair);
        if (course != null && settled != Outbox.Settled.KNOWN) {
            course.isFull = false;
            course.isRefused = false;
            if (settled == Outbox.Settled.ASTRAY) {
                // Numbered anew: what is on its way is of no use any more.
                course.tries.replaceAll((message, last) -> new Try(last.attempt(), 0, ticks.nanos()));
            }
        }
        if (settled != Outbox.Settled.KNOWN) {
            due.add(pair);
        }
    }

    /** The receiver's machine takes nothing of this pair at present: only its first message is sent on, with the usual pauses. */
    synchronized void refused(Pair pair) {
        Course course = courses.get(pair);
        if (course != null) {
            course.isRefused = true;
            course.isFull = false;
        }
    }

    /**
     * Publishes what is due. Called by one thread at a time.
     *
     * @return how many messages
     * @throws RoadException if the hub takes nothing now; what was not published stays due
     */
    int run() throws IOException {
        long now = ticks.nanos();
        int published = 0;
        for (Pair pair : due(now)) {
            try {
                published += run(pair, now);
            } catch (RoadException e) {
                if (e.kind() != RoadException.Kind.TOO_LARGE) {
                    look(Set.of(pair));
                    throw e;
                }
                passOver(pair, e);
            } catch (IOException e) {
                passOver(pair, e);
            }
        }
        return published;
    }

    private synchronized List<Pair> due(long now) {
        courses.forEach((pair, course) -> {
            if (course.isDue(now)) {
                due.add(pair);
            }
        });
        return List.copyOf(due);
    }

    /** All pairs are looked at every few seconds, so this one is, too. */
    private void passOver(Pair pair, IOException why) {
        office.trace()
                .event(
                        Event.NOT_CARRIED,
                        Map.of(
                                "host",
                                pair.host().value(),
                                "from",
                                pair.from(),
                                "to",
                                pair.to(),
                                "reason",
                                why.toString()));
    }

    private int run(Pair pair, long now) throws IOException {
        int most = begin(pair, now);
        if (most == 0) {
            return 0;
        }
        // All that may be on its way: what takes back the first may be among it.
        List<Parcel> all = mail.outbox().waiting(pair, WINDOW);
        List<Parcel> waiting = all.subList(0, Math.min(most, all.size()));
        if (!note(pair, waiting)) {
            return 0;
        }
        Optional<String> project = project(pair);
        if (project.isEmpty()) {
            throw new IOException("neither session is known to be of a project that is shared; its mail waits");
        }
        int published = 0;
        for (Parcel parcel : waiting) {
            MessageId id = parcel.envelope().id();
            Optional<Try> next = next(pair, id, now);
            if (next.isPresent()) {
                Address address = new Address(project.get(), pair.host(), team.host(), id.value());
                var unused = road.publish(address, next.get().attempt(), Wire.mail(parcel, team.host()));
                published++;
            }
        }
        return published;
    }

    /** How many messages of a pair to look at. What is told of it from now on makes it due again. */
    private synchronized int begin(Pair pair, long now) {
        due.remove(pair);
        Course course = courses.computeIfAbsent(pair, missing -> new Course());
        if (course.isFull && !course.isDue(now)) {
            return 0;
        }
        course.isFull = false;
        return course.isRefused ? 1 : WINDOW;
    }

    /** Notes which messages wait; false if none does. */
    private synchronized boolean note(Pair pair, List<Parcel> waiting) {
        if (waiting.isEmpty()) {
            courses.remove(pair);
            return false;
        }
        Course course = courses.computeIfAbsent(pair, missing -> new Course());
        Set<MessageId> ids = new HashSet<>();
        waiting.forEach(parcel -> ids.add(parcel.envelope().id()));
        course.tries.keySet().retainAll(ids);
        // A receipt may have come since they were read.
        course.isFull = waiting.size() == WINDOW && !due.contains(pair);
        return true;
    }

    /** The try of a message that is due now; noted before it is made, since whoever is told of a failure does not know its outcome. */
    private synchronized Optional<Try> next(Pair pair, MessageId id, long now) {
        Course course = courses.computeIfAbsent(pair, missing -> new Course());
        Try last = course.tries.get(id);
        if (last != null && last.again() - now > 0) {
            return Optional.empty();
        }
        // From now, and not from when this round began, which may be long ago.
        Try next = next(last, ticks.nanos());
        course.tries.put(id, next);
        return Optional.of(next);
    }

    /** The next try of a message, and when the one after it is due. */
    private Try next(@Nullable Try last, long now) {
        int count = last == null ? 1 : last.count() + 1;
        int attempt = last == null ? random.nextInt(ATTEMPTS) : last.attempt() + 1;
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, 5));
        Duration bounded = pause.compareTo(LAST_RETRY) < 0 ? pause : LAST_RETRY;
        return new Try(attempt, count, now + bounded.toNanos());
    }

    /** What stands for the project of two sessions. */
    private Optional<String> project(Pair pair) throws IOException {
        if (SessionId.isValid(pair.from())) {
            Optional<Peer> sender = office.peers().find(office.peers().current(new SessionId(pair.from())));
            Optional<String> token = sender.flatMap(peer -> team.token(peer.project()));
            if (token.isPresent()) {
                return token;
            }
        }
        return card(pair.host(), pair.to()).map(Card::project);
    }

    private Optional<Card> card(HostName host, String session) throws IOException {
        for (String token : team.projects().keySet()) {
            for (Card card : mail.cards().of(token)) {
                if (card.host().equals(host) && card.session().value().equals(session)) {
                    return Optional.of(card);
                }
            }
        }
        return Optional.empty();
    }
}
