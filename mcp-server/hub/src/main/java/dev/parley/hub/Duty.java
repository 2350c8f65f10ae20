package dev.parley.hub;

import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.PostOffice;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteMail;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that one process of a machine carries its mail. That one holds the place, and the only connection; another stands by and
 * takes over when it is gone, and all others only look whether somebody stands by.
 *
 * <p>Whoever holds the place says so every second. One that stalled past its lease loses the place; what it still does is harmless,
 * since whoever receives is safe against repeats.
 */
public final class Duty {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** How often a process that does not stand by looks whether anybody does. */
    private static final Duration REST = Duration.ofSeconds(5);

    /** How long one wait for mail lasts. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    private static final long STACK_BYTES = 256 * 1024;
    private static final long END_MILLIS = 3_000;

    /** Connects to the hub. */
    public interface Connection {

        /**
         * Opens the road.
         *
         * @throws RoadException if that does not work now; it is tried again
         */
        Road open() throws RoadException;
    }

    private final PostOffice office;
    private final RemoteMail mail;
    private final TeamSource source;
    private final Connection connection;
    private volatile boolean isCarrying;

    /** The duty of a process that has this office. */
    public Duty(PostOffice office, TeamSource team, Connection connection) {
        this.office = office;
        this.mail =
                office.remoteMail().orElseThrow(() -> new IllegalArgumentException(office.place() + " has no outbox"));
        this.source = team;
        this.connection = connection;
    }

    /** Does it until the thread is interrupted; on return this process holds neither place nor connection. */
    public void run() throws InterruptedException {
        while (true) {
            try {
                Optional<Team> team = source.now();
                if (team.isEmpty()) {
                    sleep(REST);
                    continue;
                }
                Optional<RenewableLease> mine = standBy(team.get());
                if (mine.isPresent()) {
                    try (RenewableLease lease = mine.get()) {
                        carry(lease, team.get());
                    }
                }
            } catch (IOException e) {
                trace("duty", e);
                sleep(REST);
            }
        }
    }

    /** Whether this process carries the mail. */
    boolean isCarrying() {
        return isCarrying;
    }

    /**
     * Waits for the place of the one that stands by, and in that for the place itself.
     *
     * @return the place; empty if the other was lost before
     */
    private Optional<RenewableLease> standBy(Team team) throws IOException, InterruptedException {
        RenewableLock place = office.leases().renewable("postman." + team.name(), LEASE);
        RenewableLock next = office.leases().renewable("postman." + team.name() + ".next", LEASE);
        Optional<RenewableLease> waiting = Optional.empty();
        while (waiting.isEmpty()) {
            waiting = next.tryAcquire() instanceof Taken taken ? Optional.of(taken.lease()) : Optional.empty();
            if (waiting.isEmpty()) {
                sleep(REST);
                if (!isStill(team)) {
                    return Optional.empty();
                }
            }
        }
        try (RenewableLease lease = waiting.get()) {
            while (isStill(team) && lease.renew()) {
                if (place.tryAcquire() instanceof Taken taken) {
                    return Optional.of(taken.lease());
                }
                sleep(BEAT);
            }
        }
        return Optional.empty();
    }

    /** Whoever carries for a team that has changed begins again. */
    private boolean isStill(Team team) {
        return source.now().equals(Optional.of(team));
    }

    private void carry(RenewableLease lease, Team team) throws IOException, InterruptedException {
        Optional<Road> opened = connect(lease, team);
        if (opened.isEmpty()) {
            return;
        }
        try (Road road = opened.get();
                Postman postman = new Postman(office, mail, team, road, System::nanoTime, new SplittableRandom())) {
            List<Thread> threads = List.of(
                    begin("parley-hub-keep", () -> {
                        postman.keep();
                        sleep(BEAT);
                    }),
                    begin("parley-hub-send", () -> {
                        var unused = postman.send(WAIT);
                    }),
                    begin("parley-hub-take", () -> {
                        if (postman.isOpen()) {
                            var unused = postman.receive(WAIT);
                        } else {
                            sleep(Duration.ofMillis(100));
                        }
                    }));
            isCarrying = true;
            try {
                while (threads.stream().allMatch(Thread::isAlive) && isStill(team) && lease.renew()) {
                    sleep(BEAT);
                }
            } finally {
                isCarrying = false;
                threads.forEach(Thread::interrupt);
                // Nobody waits for one that hangs: what it does late is a repeat.
                for (Thread thread : threads) {
                    join(thread);
                }
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries until it is connected; empty if the place is lost before. */
    private Optional<Road> connect(RenewableLease lease, Team team) throws IOException, InterruptedException {
        Optional<Link> said = Optional.empty();
        while (isStill(team) && lease.renew()) {
            try {
                return Optional.of(connection.open());
            } catch (RoadException e) {
                Link down = new Link(
                        false,
                        said.map(Link::since).orElse(office.clock().instant().truncatedTo(ChronoUnit.MILLIS)),
                        Optional.of(String.valueOf(e.getMessage())));
                if (said.filter(down::equals).isEmpty()) {
                    trace("connect", e);
                }
                said = Optional.of(down);
                mail.cards().keepLink(down);
                sleep(BEAT);
            }
        }
        return Optional.empty();
    }

    private interface Work {
        void once() throws IOException, InterruptedException;
    }

    private Thread begin(String name, Work work) {
        Thread thread = new Thread(null, () -> repeat(work), name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void repeat(Work work) {
        try {
            while (true) {
                try {
                    work.once();
                } catch (IOException e) {
                    trace("postman", e);
                    sleep(BEAT);
                }
                if (Thread.interrupted()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trace(String what, IOException why) {
        office.trace().event(Event.HUB_OUT_OF_REACH, Map.of("at", what, "reason", why.toString()));
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
