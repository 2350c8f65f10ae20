package dev.parley.hub.nats;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the hub and their answers. Each ends within the limit, and one that the hub's permissions forbid ends when the hub
 * says so. Safe for use by several threads.
 */
final class Wire {

    /** The hub tells of a violation apart from the question, and never answers that. */
    private static final Pattern VIOLATION =
            Pattern.compile("(?is).*permissions violation for (publish|subscription) to \"([^\"]+)\".*");

    /** What JetStream listens to, where there is one, whether or not there is the stream or the consumer that is named behind it. */
    private static final String INTERFACE = "$JS.API.";

    private static final int LOOK_MILLIS = 10;
    private static final int MOST_FORBIDDEN = 100;

    private final Duration limit;
    private final String place;
    private final String answers;

    /** Questions that wait, by their subject. */
    private final Map<String, CompletableFuture<Message>> asked = new ConcurrentHashMap<>();

    /** Subjects that were forbidden to publish to, the newest of them. */
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    /** Subscriptions that were forbidden. */
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();

    private volatile Optional<Exception> lastTrouble = Optional.empty();
    private volatile Optional<String> lastRefusal = Optional.empty();
    private @Nullable Connection connection;

    /**
     * Before there is a connection.
     *
     * @param place the hub's address, for errors
     * @param answers what the subjects of answers begin with
     * @param limit how long one question may take
     */
    Wire(String place, String answers, Duration limit) {
        this.place = place;
        this.answers = answers;
        this.limit = limit;
    }

    /** What the connection has to tell of errors. */
    ErrorListener listener() {
        return new ErrorListener() {
            @Override
            public void errorOccurred(Connection from, String error) {
                heard(error);
            }

            @Override
            public void exceptionOccurred(Connection from, Exception trouble) {
                lastTrouble = Optional.of(trouble);
            }
        };
    }

    private void heard(String error) {
        Matcher matcher = VIOLATION.matcher(error);
        if (!matcher.matches()) {
            if (Refusals.isOne(error)) {
                lastRefusal = Optional.of(error);
            }
            return;
        }
        String subject = matcher.group(2);
        if (matcher.group(1).equalsIgnoreCase("subscription")) {
            if (unheard.size() < MOST_FORBIDDEN) {
                unheard.add(subject);
            }
            return;
        }
        CompletableFuture<Message> waiting = asked.get(subject);
        if (waiting != null) {
            waiting.completeExceptionally(notAllowed(subject));
        } else if (forbidden.size() < MOST_FORBIDDEN) {
            forbidden.add(subject);
        }
    }

    private RoadException notAllowed(String subject) {
        return new RoadException(
                Kind.NOT_ALLOWED,
                "the permissions of the hub " + place + " forbid this host to publish to " + subject
                        + "; compare them with those that 'parley hub config' prints");
    }

    /**
     * Sends what has no single answer.
     *
     * @throws RoadException {@code NOT_ALLOWED} if the last one was forbidden
     */
    void send(String subject, String replyTo, byte[] body) throws RoadException {
        ensureConnected();
        if (forbidden.remove(subject)) {
            throw notAllowed(subject);
        }
        try {
            connection().publish(subject, replyTo, body);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw translated(e);
        }
    }

    /** What the connection has to tell of itself. */
    void changed(Connection from, ConnectionListener.Events event) {
        if (event == ConnectionListener.Events.CONNECTED || event == ConnectionListener.Events.RECONNECTED) {
            lastRefusal = Optional.empty();
        }
    }

    /** From now on this is asked. */
    void use(Connection made) {
        connection = made;
    }

    /** The hub's address, for errors. */
    String place() {
        return place;
    }

    /** What is asked. */
    Connection connection() {
        if (connection == null) {
            throw new IllegalStateException("there is no connection yet");
        }
        return connection;
    }

    /** What the connection told last of a failure of its own, such as an untrusted certificate. */
    Optional<Exception> lastTrouble() {
        return lastTrouble;
    }

    /** What the hub said last that was about no subject: a login that is refused or has expired. */
    Optional<String> lastRefusal() {
        return lastRefusal;
    }

    /**
     * Asks.
     *
     * @throws RoadException {@code UNREACHABLE} if no answer came in time: whether it was done is not known; {@code MISSING} if
     *     nobody listens to that subject; {@code NOT_ALLOWED} if it is forbidden
     */
    Message ask(String subject, @Nullable Headers headers, byte[] body) throws RoadException {
        return ask(subject, headers, List.of(body)).get(0);
    }

    /**
     * Asks several questions at once, and waits for all answers, together no longer than for one.
     *
     * @return the answers, in the order of the questions
     * @throws RoadException as for one, if one of them was not answered
     */
    List<Message> ask(String subject, @Nullable Headers headers, List<byte[]> bodies) throws RoadException {
        ensureConnected();
        long end = System.nanoTime() + limit.toNanos();
        CompletableFuture<Message> refusal = new CompletableFuture<>();
        // Of two callers that ask one subject at once, one hears of a violation, and the other runs out of time.
        asked.put(subject, refusal);
        try {
            List<CompletableFuture<Object>> answers = new ArrayList<>();
            for (byte[] body : bodies) {
                answers.add(CompletableFuture.anyOf(
                        refusal, connection().requestWithTimeout(subject, headers, body, limit)));
            }
            List<Message> all = new ArrayList<>();
            for (CompletableFuture<Object> answer : answers) {
                all.add((Message) answer.get(Math.max(0, end - System.nanoTime()), NANOSECONDS));
            }
            return all;
        } catch (TimeoutException | CancellationException e) {
            throw unanswered(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof JetStreamStatusException none
                            && none.getStatus().isNoResponders()
                    ? nobodyListens(subject)
                    : translated(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RoadException(Kind.ODD, "interrupted while the hub was asked", e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw translated(e);
        } finally {
            asked.remove(subject, refusal);
        }
    }

    /** What it means that the hub has nobody for a subject. */
    RoadException nobodyListens(String subject) {
        return subject.startsWith(INTERFACE)
                ? new RoadException(
                        Kind.NO_JETSTREAM,
                        "the hub " + place + " has no JetStream for this user; whoever runs it has to turn it on, see"
                                + " 'parley hub config'")
                : new RoadException(
                        Kind.MISSING,
                        "nobody at the hub " + place + " listens to " + subject + ": it has lost what was there");
    }

    /** What a failure of the library's means. */
    RoadException translated(Throwable cause) {

        if (cause instanceof RoadException known) {
            return new RoadException(known.kind(), String.valueOf(known.getMessage()), known);
        }
        if (cause instanceof TimeoutException || cause instanceof CancellationException) {
            return unanswered(cause);
        }
        if (!isConnected()) {
            return lost(cause);
        }
        return new RoadException(Kind.ODD, "the hub " + place + " could not be asked: " + cause, cause);
    }

    private RoadException unanswered(Throwable cause) {
        return unheard.stream()
                .filter(subject -> subject.startsWith(answers))
                .findFirst()
                .map(subject -> new RoadException(
                        Kind.NOT_ALLOWED,
                        "the permissions of the hub " + place + " forbid this host to hear its answers, on " + subject
                                + "; compare them with those that 'parley hub config' prints",
                        cause))
                .orElseGet(() -> new RoadException(
                        Kind.UNREACHABLE,
                        "the hub " + place + " gave no answer within " + limit.toMillis() + " ms",
                        cause));
    }

    /** Whether there is a connection, as far as is known. */
    boolean isConnected() {
        return connection != null && connection.getStatus() == Connection.Status.CONNECTED;
    }

    /** Whether there is none, and none is tried any more. */
    boolean isOver() {
        return connection != null && connection.getStatus() == Connection.Status.CLOSED;
    }

    /** A question is not kept for later: whoever asks has been told that it failed. */
    private void ensureConnected() throws RoadException {
        if (!isConnected()) {
            throw lost(null);
        }
    }

    /** What is said where there is no connection. */
    RoadException lost(@Nullable Throwable cause) {
        Optional<String> refusal = lastRefusal;
        return refusal.isPresent()
                ? new RoadException(Kind.REFUSED_LOGIN, Refusals.message(place, refusal.get()), cause)
                : new RoadException(
                        Kind.UNREACHABLE,
                        "the connection to the hub " + place + " is lost, and is tried again by itself",
                        cause);
    }

    /**
     * Whether the hub lets this host listen to a subject. Found out by trying; takes a while if it does.
     *
     * @param patience how long the hub is given to refuse it
     */
    boolean mayHear(String subject, Duration patience) throws RoadException {
        ensureConnected();
        unheard.remove(subject);
        try {
            Subscription tried = connection().subscribe(subject);
            long end = System.nanoTime() + patience.toNanos();
            connection().flush(limit);
            // The refusal is told by another thread.
            while (!unheard.contains(subject) && System.nanoTime() < end) {
                MILLISECONDS.sleep(LOOK_MILLIS);
            }
            tried.unsubscribe();
            return !unheard.contains(subject);
        } catch (TimeoutException | IllegalStateException e) {
            throw translated(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RoadException(Kind.ODD, "interrupted while the hub was asked", e);
        }
    }

    /** How long a ping and its answer take. */
    Duration roundTrip() throws RoadException {
        ensureConnected();
        try {
            return connection().RTT();
        } catch (IOException | IllegalStateException e) {
            throw translated(e);
        }
    }

    /** Ends the connection, and all that waits. */
    void close() {
        try {
            connection().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
