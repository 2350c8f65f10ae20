package dev.parley.work;

import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.PendingAsks.IdleSign;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sees to it that a session is told once of what becomes of its open questions, and reminded once of what it owes.
 *
 * <p>Runs nothing while nothing is open. A thread runs as long as a question to somebody who lives is unanswered, or a deadline
 * lies ahead: it looks when a sign comes, when a deadline has come, and for owners that died without a sign every
 * {@link #OWNERS}. Safe for use by several threads, and by several processes of one session.
 */
public final class Reminders {

    /** How often those are looked at who may have been killed. */
    public static final Duration OWNERS = Duration.ofSeconds(15);

    /** Calls that follow each other faster than this are one. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Of the time between two looks at all that calls bring, the first takes at most one in so many parts. */
    private static final int SHARE = 20;

    /** A received request is found at the latest this long after it came, if the session makes a call then. */
    private static final Duration RECEIVED = Duration.ofMinutes(1);

    /** It waits, and looks through a few directories now and then. */
    private static final long STACK_BYTES = 256 * 1024;

    private final PostOffice office;
    private final Supplier<Optional<Peer>> session;
    private final Questions questions;
    private final Duties duties;

    /** Guards the looks, which remember what they saw. */
    private final Object looking = new Object();

    /** When the received requests were last looked at, and what was ahead then; guarded by {@link #looking}. */
    private Optional<Instant> receivedAt = Optional.empty();

    private Ahead received = Ahead.NOTHING;

    /** The thread that watches, while one does; guarded by this. */
    private Optional<Thread> watcher = Optional.empty();

    /** Whether a call was made since the last look; guarded by this. */
    private boolean isCalled;

    /** Whether the server ends; guarded by this. */
    private boolean isStopped;

    /**
     * The reminders of one session.
     *
     * @param session who it is, as far as that is known
     */
    public Reminders(PostOffice office, Notices notices, Supplier<Optional<Peer>> session) {
        this.office = office;
        this.session = session;
        Deadlines deadlines = new Deadlines(office, notices);
        this.questions = new Questions(office, notices, deadlines);
        this.duties = new Duties(office, deadlines);
    }

    /**
     * Has everything looked at that is open, on a thread of its own, since the session has made a call. Where nothing is open
     * it costs a look into a directory or two. What fails is traced, and tried again.
     */
    public void look() {
        if (!isWatched() && isAnythingOpen()) {
            watch();
        }
    }

    private boolean isAnythingOpen() {
        synchronized (looking) {
            try {
                Optional<SessionId> self = self();
                return self.isPresent() && (questions.areOpen(self.get()) || isAnythingDue(self.get()));
            } catch (IOException e) {
                office.trace().event(Event.OPEN_WORK_UNOBSERVED, Map.of("reason", e.toString()));
                return false;
            }
        }
    }

    private boolean isAnythingDue(SessionId self) throws IOException {
        Instant now = office.clock().instant();
        if (receivedAt.filter(at -> at.plus(RECEIVED).isAfter(now)).isPresent()) {
            return !received.isNothing();
        }
        boolean isDue = duties.areDue(self);
        receivedAt = isDue ? Optional.empty() : Optional.of(now);
        received = Ahead.NOTHING;
        return isDue;
    }

    /** Whether somebody watches, who now knows of the call. */
    private synchronized boolean isWatched() {
        isCalled = watcher.isPresent();
        notifyAll();
        return isCalled;
    }

    private synchronized void watch() {
        if (!isStopped && watcher.isEmpty()) {
            Thread thread = new Thread(null, this::keepWatch, "parley-work", STACK_BYTES);
            thread.setDaemon(true);
            watcher = Optional.of(thread);
            thread.start();
        }
    }

    /** Ends the watch: the server ends. */
    public synchronized void stop() {
        isStopped = true;
        watcher.ifPresent(Thread::interrupt);
    }

    /** One look at all there is. */
    Ahead lookOnce() throws InterruptedException {
        return look(questions::look);
    }

    /** One look at what a call may have brought; says what lies ahead of all there is. */
    Ahead lookAtNew() throws InterruptedException {
        return look(questions::lookAtNew);
    }

    @FunctionalInterface
    private interface Look {
        Ahead look(SessionId self) throws IOException, InterruptedException;
    }

    private Ahead look(Look atQuestions) throws InterruptedException {
        synchronized (looking) {
            try {
                Optional<SessionId> self = self();
                return self.isEmpty()
                        ? Ahead.NOTHING
                        : atQuestions.look(self.get()).and(received(self.get()));
            } catch (IOException e) {
                office.trace().event(Event.OPEN_WORK_UNOBSERVED, Map.of("reason", e.toString()));
                return Ahead.at(office.clock().instant().plus(OWNERS));
            }
        }
    }

    private Optional<SessionId> self() throws IOException {
        Optional<Peer> known = session.get();
        return known.isPresent()
                ? Optional.of(office.peers().current(known.get().id()))
                : Optional.empty();
    }

    private Ahead received(SessionId self) throws IOException, InterruptedException {
        Instant now = office.clock().instant();
        boolean isDue =
                received.deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
        if (isDue || receivedAt.filter(at -> at.plus(RECEIVED).isAfter(now)).isEmpty()) {
            received = duties.look(self);
            receivedAt = Optional.of(now);
        }
        return received;
    }

    private void keepWatch() {
        try (Watching watching = new Watching()) {
            Ahead ahead = watching.lookAtAll();
            while (isGoingOn(ahead)) {
                boolean isOnlyCalled = watching.await(ahead);
                noteLook();
                ahead = isOnlyCalled && watching.isTooSoon() ? watching.lookAtNew() : watching.lookAtAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                watcher = watcher.filter(thread -> !thread.equals(Thread.currentThread()));
            }
        }
    }

    /** Whoever makes a call from now on finds that nobody watches. */
    private synchronized boolean isGoingOn(Ahead ahead) {
        boolean goesOn = !isStopped && (isCalled || !ahead.isNothing());
        if (!goesOn) {
            watcher = Optional.empty();
        }
        return goesOn;
    }

    /** Calls from now on are news. */
    private synchronized void noteLook() {
        isCalled = false;
    }

    private synchronized boolean isCalled() {
        return isCalled;
    }

    /** Waits until there is something to look at. Used by one thread. */
    private final class Watching implements AutoCloseable {

        private Optional<SessionId> watched = Optional.empty();
        private Optional<PendingAsks.Watch> watch = Optional.empty();
        /** The signs that were there before the last look. */
        private List<IdleSign> before = List.of();
        /** When the last look began. */
        private long looked;
        /** When the last look at all began, and what it took. */
        private long lookedAtAll;

        private long tookNanos;
        /** Whether a call came too soon after it for another: that comes as soon as it may. */
        private boolean isLeft;

        Ahead lookAtAll() throws InterruptedException {
            looked = System.nanoTime();
            Ahead ahead = lookOnce();
            lookedAtAll = looked;
            tookNanos = System.nanoTime() - looked;
            isLeft = false;
            return ahead;
        }

        Ahead lookAtNew() throws InterruptedException {
            looked = System.nanoTime();
            isLeft = true;
            return Reminders.this.lookAtNew();
        }

        /** Whether another look at all would make them take more than their share of the time. */
        boolean isTooSoon() {
            return System.nanoTime() - lookedAtAll < tookNanos * SHARE;
        }

        /**
         * Waits for a call, a new sign, or until everything has to be looked at again; and in any case until the last look is a
         * while ago.
         *
         * @return whether there was a call and nothing else
         */
        boolean await(Ahead ahead) throws InterruptedException {
            boolean isOnlyCalled = awaitNews(ahead);
            TimeUnit.NANOSECONDS.sleep(
                    PAUSE.minusNanos(System.nanoTime() - looked).toNanos());
            return isOnlyCalled;
        }

        private boolean awaitNews(Ahead ahead) throws InterruptedException {
            long end = end(ahead);
            if (!ahead.isWatched()) {
                close();
                return awaitCall(end);
            }
            try {
                return awaitSign(end);
            } catch (IOException e) {
                office.trace().event(Event.OPEN_WORK_UNOBSERVED, Map.of("reason", e.toString()));
                close();
                return awaitCall(end);
            }
        }

        private long end(Ahead ahead) {
            long now = System.nanoTime();
            Duration most = (ahead.isWatched() ? soonest() : Duration.ofDays(1)).minusNanos(now - lookedAtAll);
            return now
                    + ahead.deadline()
                            .map(deadline -> Duration.between(office.clock().instant(), deadline))
                            .filter(left -> left.compareTo(most) < 0)
                            .orElse(most)
                            .toNanos();
        }

        private Duration soonest() {
            Duration share = Duration.ofNanos(tookNanos * SHARE);
            return isLeft && share.compareTo(OWNERS) < 0 ? share : OWNERS;
        }

        private boolean awaitCall(long end) throws InterruptedException {
            synchronized (Reminders.this) {
                while (!isCalled && isAhead(end)) {
                    Reminders.this.wait(Math.max(1, left(end).toMillis()));
                }
                return isAhead(end);
            }
        }

        /** Sees a call within a second. */
        private boolean awaitSign(long end) throws IOException, InterruptedException {
            Optional<SessionId> self = self();
            if (self.isEmpty()) {
                return awaitCall(end);
            }
            if (watch.isEmpty() || !watched.equals(self)) {
                close();
                watch = Optional.of(office.asks(self.get()).watch());
                watched = self;
            }
            // What a look could do nothing with stays, and is no news.
            Set<IdleSign> known = new HashSet<>(before);
            known.retainAll(signs(self.get()));
            while (isAhead(end) && !isCalled() && known.containsAll(signs(self.get()))) {
                Duration left = left(end);
                watch.get().await(left.compareTo(PAUSE) < 0 ? left : PAUSE);
            }
            before = signs(self.get());
            return isAhead(end) && known.containsAll(before);
        }

        private List<IdleSign> signs(SessionId self) throws IOException {
            return office.asks(self).idleSigns();
        }

        private static Duration left(long end) {
            return Duration.ofNanos(end - System.nanoTime());
        }

        private static boolean isAhead(long end) {
            return end - System.nanoTime() > 0;
        }

        @Override
        public void close() {
            watch.ifPresent(PendingAsks.Watch::close);
            watch = Optional.empty();
        }
    }
}
