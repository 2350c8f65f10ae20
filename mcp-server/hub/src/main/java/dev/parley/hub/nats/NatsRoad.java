package dev.parley.hub.nats;

import dev.parley.address.Ids;
import dev.parley.hub.Membership;
import dev.parley.hub.Road;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.mailbox.PlainText;
import dev.parley.trace.Trace;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The hub as a nats-server with JetStream. */
public final class NatsRoad implements Road {

    /** How long one question may take. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** How long the hub is given to refuse what it has to refuse. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Beside what a message holds: its headers. */
    private static final int HEADERS = 1024;

    private final Membership membership;
    private final Map<String, String> environment;
    private final Trace trace;
    private final Duration limit;
    private final Names names;

    /** Told apart from another process's tries: the hub takes a repeated id for done, for two minutes. */
    private final String process = Ids.random();

    private final Object opening = new Object();
    private volatile Line line;
    private volatile boolean isClosed;

    /** When it was opened last, or tried to be. Guarded by {@link #opening}. */
    private long opened = System.nanoTime();

    private NatsRoad(Membership membership, Map<String, String> environment, Trace trace, Duration limit)
            throws RoadException {
        this.membership = membership;
        this.environment = Map.copyOf(environment);
        this.trace = trace;
        this.limit = limit;
        this.names = new Names(membership.team());
        this.line = connected();
    }

    /** One connection and what asks over it. */
    private record Line(Wire wire, Streams streams, Bucket bucket, Inbox inbox, HubClock clock) {}

    /**
     * Connects. What is missing at the hub is not made: see {@link #restore}.
     *
     * @param environment where a password may be
     * @throws RoadException if that does not work; there is no connection then, and nothing goes on trying
     */
    public static NatsRoad open(Membership membership, Map<String, String> environment, Trace trace)
            throws RoadException {
        return open(membership, environment, trace, LIMIT);
    }

    /** The same with another limit for one question. */
    static NatsRoad open(Membership membership, Map<String, String> environment, Trace trace, Duration limit)
            throws RoadException {
        return new NatsRoad(membership, environment, trace, limit);
    }

    private Line connected() throws RoadException {
        Wire wire = Connecting.connect(membership, environment, limit);
        Streams streams = new Streams(wire, names, membership.host());
        Bucket bucket = new Bucket(wire, names, streams, Bucket.MOST, Bucket.MOST_OF_ONE);
        return new Line(
                wire,
                streams,
                bucket,
                new Inbox(wire, names, membership.host(), trace),
                new HubClock(() -> bucket.stamp(Names.clockOf(membership.host()))));
    }

    /** The client library gives up where a login is refused twice. Its secret may be another by now, so it is read again. */
    private Line line() throws RoadException {
        Line now = line;
        if (isClosed || !now.wire().isOver()) {
            return now;
        }
        synchronized (opening) {
            if (line.wire().isOver()) {
                if (System.nanoTime() - opened < limit.multipliedBy(2).toNanos()) {
                    throw line.wire().lost(null);
                }
                opened = System.nanoTime();
                line = connected();
                if (isClosed) {
                    line.wire().close();
                }
            }
            return line;
        }
    }

    @Override
    public Published publish(Address address, int attempt, byte[] content) throws RoadException {
        Headers headers = new Headers()
                .put(Publishing.EXPECTED, "0")
                .put(Publishing.ID, address.id() + "." + process + "." + attempt);
        try {
            PublishAck ack = send(address, headers, content);
            return ack.isDuplicate() ? Published.THERE_ALREADY : Published.STORED;
        } catch (RoadException e) {
            if (e.kind() == Kind.CONFLICT) {
                return Published.THERE_ALREADY;
            }
            throw e;
        }
    }

    @Override
    public void replace(Address address, byte[] content) throws RoadException {
        var unused = send(address, new Headers(), content);
    }

    private PublishAck send(Address address, Headers headers, byte[] content) throws RoadException {
        Wire wire = line().wire();
        long most = wire.connection().getMaxPayload();
        if (most > 0 && content.length > most - HEADERS) {
            throw new RoadException(
                    Kind.TOO_LARGE,
                    "a message of " + content.length + " bytes is more than the hub " + wire.place()
                            + " takes, which is " + most + "; whoever runs it can raise max_payload");
        }
        return Publishing.acknowledgement(wire, wire.ask(names.subject(address), headers, content));
    }

    @Override
    public List<Arrival> fetch(int most, Duration limit) throws RoadException, InterruptedException {
        return line().inbox().fetch(most, limit);
    }

    @Override
    public Ledger ledger() throws RoadException {
        return line().streams().ledger();
    }

    @Override
    public void restore() throws RoadException {
        line().streams().restore();
    }

    @Override
    public List<Entry> entries() throws RoadException {
        return line().bucket().entries();
    }

    @Override
    public Set<String> removed() {
        return line.bucket().removed();
    }

    @Override
    public long put(String key, byte[] content, long expectedRevision) throws RoadException {
        return line().bucket().put(key, content, expectedRevision);
    }

    @Override
    public void remove(String key, long expectedRevision) throws RoadException {
        line().bucket().remove(key, expectedRevision);
    }

    @Override
    public Instant now() throws RoadException {
        return line().clock().now();
    }

    @Override
    public Duration roundTrip() throws RoadException {
        return line().wire().roundTrip();
    }

    /** The version of the nats-server. */
    public String serverVersion() {
        return PlainText.line(line.wire().connection().getServerInfo().getVersion());
    }

    /** Whether this user may listen to everybody's mail: then the hub proves of no message who sent it. */
    public boolean isOpen() throws RoadException {
        return line().wire().mayHear(names.allMail(), PATIENCE);
    }

    /**
     * Tries whether mail can be sent and taken, without doing either.
     *
     * @throws RoadException {@code NOT_ALLOWED} if the hub's permissions forbid it
     */
    public void checkPermissions() throws RoadException {
        Line now = line();
        Address own = new Address(Names.NO_PROJECT, membership.host(), membership.host(), "probe");
        try {
            var unused = Publishing.acknowledgement(
                    now.wire(),
                    now.wire()
                            .ask(
                                    names.subject(own),
                                    new Headers().put(Publishing.EXPECTED_STREAM, "none"),
                                    new byte[0]));
        } catch (RoadException e) {
            // It was to be refused, and by the stream.
            if (e.kind() != Kind.ODD) {
                throw e;
            }
        }
        now.inbox().checkPermission();
    }

    /** How many messages wait at the hub for this machine, also those that were given and not settled. */
    public long waiting() throws RoadException {
        ConsumerInfo inbox = line().streams().inbox();
        return inbox.getNumPending() + inbox.getNumAckPending();
    }

    @Override
    public boolean isConnected() {
        return line.wire().isConnected();
    }

    @Override
    public void close() {
        isClosed = true;
        line.wire().close();
    }
}
