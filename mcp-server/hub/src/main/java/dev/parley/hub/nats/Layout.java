package dev.parley.hub.nats;

import dev.parley.address.HostName;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.ReplayPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JsonValue;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How stream, bucket and consumer are made, and in what those that are there differ. */
final class Layout {

    /** How long the hub waits before it gives a message again that was not acknowledged. */
    static final Duration GIVEN_AGAIN = Duration.ofSeconds(30);

    /** The longest message: far longer than Parley's are. Whoever fetches holds several of them. */
    static final int MAX_MESSAGE = 512 * 1024;

    /** More than a card and its headers have: many are read at once. */
    private static final int MAX_KEY = 8 * 1024;

    /**
     * What may be otherwise, since it changes neither who gets what nor what is kept of a message: how much there is room for, how many
     * copies there are and where, and what is written beside it.
     */
    private static final Set<String> FREE = Set.of(
            "description",
            "metadata",
            "num_replicas",
            "placement",
            "max_msgs",
            "max_bytes",
            "max_msg_size",
            "max_consumers",
            "duplicate_window",
            "compression",
            "ack_wait",
            "max_ack_pending",
            "max_waiting",
            "max_batch",
            "max_expires");

    /** Later servers name settings that nobody has made. */
    private static final Set<String> NOTHING = Set.of("null", "{}", "[]", "false");

    private Layout() {}

    /** The stream of the team's mail. */
    static StreamConfiguration mail(Names names) {
        return StreamConfiguration.builder()
                .name(names.stream())
                .subjects(names.allMail())
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .storageType(StorageType.File)
                .discardPolicy(DiscardPolicy.New)
                .maxMessagesPerSubject(1)
                .maximumMessageSize(MAX_MESSAGE)
                .replicas(1)
                .build();
    }

    /**
     * The stream that is the bucket of cards and leases. A bucket as other tools make it lets a writer of one key purge all of them (roll
     * up): this one does not.
     */
    static StreamConfiguration bucket(Names names) {
        return StreamConfiguration.builder()
                .name(names.bucketStream())
                .subjects(names.bucketPrefix() + ">")
                .retentionPolicy(RetentionPolicy.Limits)
                .storageType(StorageType.File)
                .discardPolicy(DiscardPolicy.New)
                .maxMessagesPerSubject(1)
                .allowDirect(true)
                .denyDelete(true)
                .maximumMessageSize(MAX_KEY)
                .replicas(1)
                .build();
    }

    /** The consumer of a host's mail. */
    static ConsumerConfiguration inbox(Names names, HostName host) {
        return ConsumerConfiguration.builder()
                .durable(host.value())
                .name(host.value())
                .filterSubject(names.inboxOf(host))
                .deliverPolicy(DeliverPolicy.All)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(GIVEN_AGAIN)
                .replayPolicy(ReplayPolicy.Instant)
                .build();
    }

    /** The first thing in which what is there is not as it should be; empty if there is none. */
    static Optional<String> difference(String what, JsonSerializable should, JsonSerializable is) {
        Map<String, JsonValue> expected = fields(should);
        Map<String, JsonValue> found = fields(is);
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        names.removeAll(FREE);
        return names.stream()
                .filter(name -> !Objects.equals(text(expected, name), text(found, name)))
                .findFirst()
                .map(name -> what + " has " + name + " = " + text(found, name) + ", not " + text(expected, name));
    }

    private static Map<String, JsonValue> fields(JsonSerializable configuration) {
        return JsonParser.parseUnchecked(configuration.toJson()).map;
    }

    private static String text(Map<String, JsonValue> fields, String name) {
        JsonValue value = fields.get(name);
        String json = value == null ? "null" : value.toJson();
        return NOTHING.contains(json) ? "nothing" : json;
    }
}
