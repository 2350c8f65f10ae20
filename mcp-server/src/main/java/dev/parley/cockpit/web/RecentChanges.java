package dev.parley.cockpit.web;

import dev.parley.address.SessionId;
import dev.parley.overview.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What has changed in the project, numbered, for any number of streams: one thread looks, however many pages are open. A stream
 * that was away, or is slow, is told all that it missed at once; one that was away for longer than is remembered is told that
 * anything may have changed. Nothing grows while a stream is slow.
 */
final class RecentChanges implements AutoCloseable {

    private static final int REMEMBERED = 512;
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofMillis(200);
    private static final Duration REST_AFTER_TROUBLE = Duration.ofSeconds(1);

    /** Tells the numbers of one run from those of another. */
    private final String run;

    private final Feed feed;
    private final Thread thread = new Thread(this::look, "parley-web-changes");

    // Guarded by this.
    private final Deque<Change> remembered = new ArrayDeque<>();
    private long newest;
    private boolean isClosed;

    /**
     * What has changed up to a number.
     *
     * @param id of the newest change, for whoever comes back
     * @param sessions of which something may have changed; empty if it may be anything
     */
    record News(String id, Optional<Set<SessionId>> sessions) {}

    private record Change(long number, Optional<Set<SessionId>> sessions) {}

    /** Begins to look; ends the feed with itself. */
    RecentChanges(Feed feed, String run) {
        this.feed = feed;
        this.run = run;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void look() {
        try (feed) {
            while (!isClosed()) {
                try {
                    Set<SessionId> changed = feed.next(LOOK);
                    if (!changed.isEmpty()) {
                        publish(Optional.of(Set.copyOf(changed)));
                        TimeUnit.MILLISECONDS.sleep(REST.toMillis());
                    }
                } catch (IOException e) {
                    // Whoever asks now is told the same trouble.
                    publish(Optional.empty());
                    TimeUnit.MILLISECONDS.sleep(REST_AFTER_TROUBLE.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing will be told any more. */
    synchronized boolean isClosed() {
        return isClosed;
    }

    /** Tells of a change. */
    synchronized void publish(Optional<Set<SessionId>> sessions) {
        newest++;
        remembered.addLast(new Change(newest, sessions));
        if (remembered.size() > REMEMBERED) {
            remembered.removeFirst();
        }
        notifyAll();
    }

    /** That anything may have changed, with the number from which a stream goes on. */
    synchronized News everything() {
        return new News(run + "-" + newest, Optional.empty());
    }

    /**
     * Waits for what comes after a change.
     *
     * @param id as it was told; one that is not known, as of another run, is before all changes
     * @param limit how long at the most
     * @return empty if there is nothing new, or this was closed
     */
    synchronized Optional<News> after(String id, Duration limit) throws InterruptedException {
        Optional<Long> seen = number(id);
        if (seen.isEmpty()) {
            return Optional.of(everything());
        }
        long end = System.nanoTime() + limit.toNanos();
        while (newest == seen.get() && !isClosed) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return newest == seen.get() ? Optional.empty() : Optional.of(since(seen.get()));
    }

    private News since(long seen) {
        String id = run + "-" + newest;
        if (remembered.isEmpty() || remembered.getFirst().number() > seen + 1) {
            return new News(id, Optional.empty());
        }
        Set<SessionId> sessions = new HashSet<>();
        for (Change change : remembered) {
            if (change.number() > seen) {
                if (change.sessions().isEmpty()) {
                    return new News(id, Optional.empty());
                }
                sessions.addAll(change.sessions().get());
            }
        }
        return new News(id, Optional.of(sessions));
    }

    private Optional<Long> number(String id) {
        String prefix = run + "-";
        if (!id.startsWith(prefix) || !id.substring(prefix.length()).matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        long number = Long.parseLong(id.substring(prefix.length()));
        return number > newest ? Optional.empty() : Optional.of(number);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            notifyAll();
        }
        thread.interrupt();
    }
}
