package dev.parley.hub;

import dev.parley.hub.Road.Ledger;
import dev.parley.office.PostOffice;
import dev.parley.remote.Outbox;
import dev.parley.remote.Pair;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteMail;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Carries mail between this machine and the hub: publishes what waits, takes in what comes, tells how far that is, and notices when
 * the hub has lost something. Of all processes of a machine one does it ({@link Duty}); that another does it too for a while,
 * because it stalled, costs repeats and nothing else.
 *
 * <p>Three threads use it: one calls {@link #keep}, one {@link #send}, one {@link #receive}. None of them does anything else while
 * {@link #keep} has not found the hub as it should be.
 */
final class Postman implements AutoCloseable {

    /** How often the hub is asked about losses, and told that this machine is there. */
    static final Duration ROUND = Duration.ofSeconds(5);

    /**
     * So long after something was put it is looked what else was. Whoever put it still has an answer to give: on a machine of few
     * processors it would wait for what begins here.
     */
    static final Duration GATHERING = Duration.ofMillis(5);

    /** How often all that can wait, and all that is followed, is looked at, whatever told of it. */
    private static final int ROUNDS_OF_A_WHOLE_LOOK = 12;

    private final PostOffice office;
    private final RemoteMail mail;
    private final Road road;
    private final Ticks ticks;
    private final Dispatch dispatch;
    private final Reports reports;
    private final Reception reception;
    private final Registry registry;
    private final Outbox.Puts puts;

    /** Whether mail may be carried now. */
    private volatile boolean isOpen;

    /** Why the hub took nothing when something was last published. */
    private volatile Optional<String> unsent = Optional.empty();

    private Optional<Ledger> ledger = Optional.empty();
    private Optional<Link> link = Optional.empty();
    private Optional<Long> lastRound = Optional.empty();
    private int rounds;

    Postman(PostOffice office, RemoteMail mail, Team team, Road road, Ticks ticks, RandomGenerator random)
            throws IOException, InterruptedException {
        this.office = office;
        this.mail = mail;
        this.road = road;
        this.ticks = ticks;
        this.dispatch = new Dispatch(office, mail, team, road, ticks, random);
        this.reports = new Reports(office, mail.followed(), team, road);
        this.reception = new Reception(office, mail, team, road, ticks, dispatch, reports);
        this.registry = new Registry(office, mail.cards(), team, road);
        // What a process began that has died: every receipt that it gave is true only then.
        finishIntake();
        dispatch.lookAtAll();
        this.puts = mail.outbox().puts();
    }

    private void finishIntake() throws InterruptedException {
        try {
            var unused = mail.intake().finish();
        } catch (IOException e) {
            // Each pair of which something cannot be finished is held up by itself, and says so.
            trace("intake", e);
        }
    }

    /** Looks after the connection, this machine's place on the hub, and what is told of mail; called every second. */
    void keep() throws IOException, InterruptedException {
        try {
            long now = ticks.nanos();
            if (lastRound.isEmpty() || now - lastRound.get() >= ROUND.toNanos() || !isOpen) {
                lastRound = Optional.of(now);
                Optional<String> trouble = round();
                isOpen = trouble.isEmpty();
                note(trouble);
            }
            if (isOpen) {
                registry.tellWaits();
                var unused = reports.run();
            }
        } catch (RoadException e) {
            isOpen = false;
            note(Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private Optional<String> round() throws IOException {
        Optional<String> difference = lookForLosses();
        if (difference.isPresent()) {
            return Optional.of("the hub is not as Parley makes it, and nothing is sent to it: " + difference.get());
        }
        Optional<String> refusal = registry.run();
        if (refusal.isPresent()) {
            return refusal;
        }
        if (rounds++ % ROUNDS_OF_A_WHOLE_LOOK == 0) {
            reports.lookAtAll();
            var unused = mail.sent().prune();
        }
        dispatch.lookAtAll();
        return Optional.empty();
    }

    /**
     * Asks for what tells of a loss.
     *
     * @return in what the hub is not as it should be
     */
    private Optional<String> lookForLosses() throws IOException {
        Ledger now;
        try {
            now = road.ledger();
        } catch (RoadException e) {
            if (e.kind() != RoadException.Kind.MISSING) {
                throw e;
            }
            road.restore();
            now = road.ledger();
        }
        if (now.difference().isPresent()) {
            return now.difference();
        }
        Ledger before = ledger.orElse(now);
        if (!before.created().equals(now.created()) || now.lastSequence() < before.lastSequence()) {
            office.trace()
                    .event(Event.HUB_LOST_MAIL, Map.of("created", now.created().toString()));
            dispatch.startOver();
            reports.startOver();
            registry.startOver();
        }
        ledger = Optional.of(now);
        return Optional.empty();
    }

    private void note(Optional<String> trouble) throws IOException {
        boolean isUp = trouble.isEmpty();
        Instant now = office.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        Instant since =
                link.filter(last -> last.isUp() == isUp).map(Link::since).orElse(now);
        Link next = new Link(isUp, since, trouble.or(() -> unsent));
        if (trouble.isPresent() && link.filter(next::equals).isEmpty()) {
            office.trace().event(Event.HUB_OUT_OF_REACH, Map.of("reason", trouble.get()));
        }
        link = Optional.of(next);
        mail.cards().keepLink(next);
    }

    /**
     * Publishes what waits.
     *
     * @param limit how long to wait for something that is put
     * @return how many messages were published
     */
    int send(Duration limit) throws IOException, InterruptedException {
        Set<Pair> put = puts.await(limit);
        dispatch.look(put);
        if (!put.isEmpty() && !limit.isZero()) {
            TimeUnit.NANOSECONDS.sleep(GATHERING.toNanos());
            dispatch.look(puts.await(Duration.ZERO));
        }
        if (!isOpen) {
            return 0;
        }
        try {
            int published = dispatch.run();
            unsent = published > 0 ? Optional.empty() : unsent;
            return published;
        } catch (RoadException e) {
            unsent = Optional.of(String.valueOf(e.getMessage()));
            trace("send", e);
            return 0;
        }
    }

    /**
     * Takes in what has come.
     *
     * @param limit how long to wait for it
     * @return how much has come
     */
    int receive(Duration limit) throws IOException, InterruptedException {
        if (!isOpen) {
            return 0;
        }
        try {
            return reception.run(limit);
        } catch (RoadException e) {
            trace("receive", e);
            return 0;
        }
    }

    /** Whether mail is carried now. */
    boolean isOpen() {
        return isOpen;
    }

    private void trace(String what, IOException why) {
        office.trace().event(Event.HUB_OUT_OF_REACH, Map.of("at", what, "reason", why.toString()));
    }

    @Override
    public void close() {
        isOpen = false;
        puts.close();
    }
}
