package dev.parley.hub.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The mail for this host, pulled from its consumer. Of several threads one pulls at a time. */
final class Inbox {

    /** How long an answer of the hub that is on its way may take. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** The same for a message of which the hub said that it comes. */
    private static final Duration NEXT = Duration.ofMillis(100);

    /** So much is held at once: four of the longest messages, where there is no longer one. */
    private static final int MOST_BYTES = 4 * (Layout.MAX_MESSAGE + 1024);

    private final ReentrantLock pulling = new ReentrantLock();
    private final Wire wire;
    private final Names names;
    private final String consumer;
    private final Trace trace;
    private final String inbox;
    private final Subscription subscription;
    private long pulls;

    Inbox(Wire wire, Names names, HostName host, Trace trace) {
        this.wire = wire;
        this.names = names;
        this.consumer = "$JS.API.CONSUMER.MSG.NEXT." + names.stream() + "." + host;
        this.trace = trace;
        this.inbox = wire.connection().createInbox();
        this.subscription = wire.connection().subscribe(inbox + ".*");
    }

    /** What is there, waiting up to the limit for the first. */
    List<Arrival> fetch(int most, Duration limit) throws RoadException, InterruptedException {
        pulling.lockInterruptibly();
        try {
            List<Arrival> arrived = new ArrayList<>();
            take(
                    pull("{\"batch\":" + most + ",\"max_bytes\":" + MOST_BYTES + ",\"no_wait\":true}"),
                    most,
                    SLACK,
                    arrived);
            if (arrived.isEmpty() && limit.toMillis() > 0) {
                take(pull("{\"batch\":1,\"expires\":" + limit.toNanos() + "}"), 1, limit.plus(SLACK), arrived);
            }
            return arrived;
        } finally {
            pulling.unlock();
        }
    }

    /** Asks for mail in a way that the consumer does not understand. A refusal is told at once; no answer is none. */
    void checkPermission() throws RoadException {
        try {
            var unused = wire.ask(consumer, null, "{\"batch\":\"none\"}".getBytes(UTF_8));
        } catch (RoadException e) {
            if (e.kind() != Kind.UNREACHABLE) {
                throw e;
            }
        }
    }

    private String pull(String request) throws RoadException {
        pulls++;
        String answer = inbox + "." + pulls;
        wire.send(consumer, answer, request.getBytes(UTF_8));
        return answer;
    }

    /** Takes until the hub says that there is no more, or has nothing more to say. */
    private void take(String pull, int most, Duration first, List<Arrival> arrived)
            throws RoadException, InterruptedException {
        Duration wait = first;
        while (arrived.size() < most) {
            Message message = next(wait);
            if (message == null) {
                return;
            }
            if (message.isStatusMessage()) {
                // One of an earlier pull has nothing to say to this one.
                if (message.getSubject().equals(pull)) {
                    ensureThere(message.getStatus());
                    return;
                }
                continue;
            }
            add(message, arrived);
            if (message.metaData().pendingCount() == 0) {
                return;
            }
            wait = NEXT;
        }
    }

    private @org.jspecify.annotations.Nullable Message next(Duration wait) throws RoadException, InterruptedException {
        try {
            return subscription.nextMessage(wait);
        } catch (IllegalStateException e) {
            throw wire.translated(e);
        }
    }

    private void ensureThere(Status status) throws RoadException {
        if (status.isNoResponders()) {
            // Newer servers say so; older ones say nothing.
            throw new RoadException(
                    Kind.MISSING,
                    "the hub " + wire.place()
                            + " has no mail for this machine to ask for: stream or consumer are missing, or"
                            + " JetStream is");
        }
    }

    /** One with an odd token is passed on under an id that nothing has; if it tells no sender, it is let go, or it would come for ever. */
    private void add(Message message, List<Arrival> arrived) {
        String subject = message.getSubject();
        Optional<Address> address = names.address(subject);
        if (address.isEmpty()) {
            trace.event(Event.REMOTE_SUBJECT_REFUSED, Map.of("subject", subject));
        }
        address.or(() -> names.oddAddress(subject))
                .ifPresentOrElse(from -> arrived.add(new Given(from, message)), message::term);
    }

    /** A message of the consumer's. */
    private record Given(Address address, Message message) implements Arrival {

        @Override
        public byte[] content() {
            return message.getData();
        }

        @Override
        public void done() throws IOException {
            settle(message::ack);
        }

        @Override
        public void later(Duration delay) throws IOException {
            settle(() -> message.nakWithDelay(delay));
        }

        private static void settle(Runnable step) throws IOException {
            try {
                step.run();
            } catch (IllegalStateException | IllegalArgumentException e) {
                throw new IOException("the hub could not be told of what became of a message; it gives it again", e);
            }
        }
    }
}
