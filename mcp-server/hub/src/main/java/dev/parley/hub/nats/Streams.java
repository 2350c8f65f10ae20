package dev.parley.hub.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import dev.parley.hub.Road.Ledger;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import io.nats.client.api.AccountStatistics;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.util.Optional;

/** Stream, bucket and consumer: looked at, and made where they are missing. */
final class Streams {

    private static final byte[] NOTHING = new byte[0];

    private final Wire wire;
    private final Names names;
    private final HostName host;

    Streams(Wire wire, Names names, HostName host) {
        this.wire = wire;
        this.names = names;
        this.host = host;
    }

    /** What tells of a loss. */
    Ledger ledger() throws RoadException {
        StreamInfo mail = info(names.stream());
        StreamInfo bucket = info(names.bucketStream());
        ConsumerInfo inbox = inbox();
        Optional<String> difference = Layout.difference(
                        "the stream " + names.stream(), Layout.mail(names), mail.getConfiguration())
                .or(() -> Layout.difference(
                        "the bucket " + names.bucketStream(), Layout.bucket(names), bucket.getConfiguration()))
                .or(() -> Layout.difference(
                        "the consumer " + host, Layout.inbox(names, host), inbox.getConsumerConfiguration()));
        return new Ledger(
                mail.getCreateTime().toInstant(), mail.getStreamState().getLastSequence(), difference);
    }

    /** What is known of a stream. */
    StreamInfo info(String stream) throws RoadException {
        return Answers.good(wire.place(), new StreamInfo(wire.ask("$JS.API.STREAM.INFO." + stream, null, NOTHING)));
    }

    /** What is known of this host's consumer. */
    ConsumerInfo inbox() throws RoadException {
        return Answers.good(
                wire.place(),
                new ConsumerInfo(wire.ask("$JS.API.CONSUMER.INFO." + names.stream() + "." + host, null, NOTHING)));
    }

    /** What the account has and may have. */
    AccountStatistics account() throws RoadException {
        return Answers.good(wire.place(), new AccountStatistics(wire.ask("$JS.API.INFO", null, NOTHING)));
    }

    /** Makes what is missing. */
    void restore() throws RoadException {
        make(Layout.mail(names));
        make(Layout.bucket(names));
        ConsumerConfiguration wanted = Layout.inbox(names, host);
        if (!isInboxAsWanted(wanted)) {
            ask(
                    "$JS.API.CONSUMER.CREATE." + names.stream() + "." + host + "." + names.inboxOf(host),
                    new ConsumerCreateRequest(names.stream(), wanted).toJson(),
                    "consumer " + host);
        }
    }

    private boolean isInboxAsWanted(ConsumerConfiguration wanted) throws RoadException {
        try {
            return Layout.difference("", wanted, inbox().getConsumerConfiguration())
                    .isEmpty();
        } catch (RoadException e) {
            if (e.kind() == Kind.MISSING) {
                return false;
            }
            throw e;
        }
    }

    private void make(StreamConfiguration wanted) throws RoadException {
        try {
            var unused = info(wanted.getName());
        } catch (RoadException e) {
            if (e.kind() != Kind.MISSING) {
                throw e;
            }
            ask("$JS.API.STREAM.CREATE." + wanted.getName(), wanted.toJson(), "stream " + wanted.getName());
        }
    }

    private void ask(String subject, String body, String what) throws RoadException {
        try {
            var unused = Answers.good(wire.place(), new Made(wire.ask(subject, null, body.getBytes(UTF_8))));
        } catch (RoadException e) {
            if (e.kind() == Kind.NOT_ALLOWED) {
                throw new RoadException(
                        Kind.MISSING,
                        "the hub " + wire.place() + " has no " + what
                                + ", and this host may not make it; whoever runs the"
                                + " hub has to make it, or to allow that as 'parley hub config' shows",
                        e);
            }
            throw e;
        }
    }
}
