package dev.parley.hub.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bucket of cards and leases. It is read without a consumer: whoever may make one on it may have the hub deliver to any subject.
 *
 * <p>Guarded by itself.
 */
final class Bucket {

    /** More than a card can have. What is longer was not written by Parley, and is left out. */
    static final int MAX_BYTES = 4096;

    /** Of so many cards all are known; and of each machine that says that it is there, whatever cards there are. */
    static final int MOST = 10_000;

    /** So many no host has. What it has more hides nothing of the others. */
    static final int MOST_OF_ONE = 1_000;

    /** As other tools mark what was removed. */
    private static final String OPERATION = "KV-Operation";

    private static final String REMOVED = "DEL";

    private final Wire wire;
    private final Names names;
    private final Streams streams;
    private final int most;
    private final int mostOfOne;

    private final Reading<MessageInfo> reading =
            new Reading<>(this::atOrBehind, MessageInfo::getSeq, message -> message.getData().length);

    private final Map<String, Entry> cards = new HashMap<>();

    /** Apart from them: however many cards there are, it is known which machines there are. */
    private final Map<String, Entry> leases = new HashMap<>();

    /** Of hosts only: sessions come and go. */
    private final Set<String> removed = new HashSet<>();
    /** How many cards there are of each host. */
    private final Map<String, Integer> ofHosts = new HashMap<>();

    private long read;
    private @Nullable Instant created;

    /**
     * Over a connection.
     *
     * @param most how many cards are known at the most, and how many hosts; more are left out
     * @param mostOfOne how many cards of one host
     */
    Bucket(Wire wire, Names names, Streams streams, int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.wire = wire;
        this.names = names;
        this.streams = streams;
    }

    /** All keys; only what changed since the last call is asked for. */
    synchronized List<Entry> entries() throws RoadException {
        StreamInfo info = streams.info(names.bucketStream());
        Instant made = info.getCreateTime().toInstant();
        long last = info.getStreamState().getLastSequence();
        if (!made.equals(created) || last < read) {
            cards.clear();
            leases.clear();
            removed.clear();
            ofHosts.clear();
            read = 0;
            created = made;
        }
        reading.read(read + 1, last, this::take);
        read = last;
        List<Entry> all = new ArrayList<>(leases.values());
        all.addAll(cards.values());
        return all;
    }

    /** The keys of hosts that were removed. */
    synchronized Set<String> removed() {
        return Set.copyOf(removed);
    }

    private void take(MessageInfo message) {
        Optional<String> key = names.key(message.getSubject());
        if (key.isEmpty() || Names.isClock(key.get())) {
            return;
        }
        boolean isLease = key.get().indexOf('.') < 0;
        Map<String, Entry> kind = isLease ? leases : cards;
        if (isRemoved(message) || message.getData().length > MAX_BYTES) {
            if (kind.remove(key.get()) != null && !isLease) {
                ofHosts.merge(host(key.get()), -1, Integer::sum);
            }
            if (isRemoved(message) && HostName.isValid(key.get()) && removed.size() < most) {
                removed.add(key.get());
            }
        } else if (kind.containsKey(key.get()) || (kind.size() < most && (isLease || isRoomFor(host(key.get()))))) {
            if (kind.put(key.get(), entry(key.get(), message)) == null && !isLease) {
                ofHosts.merge(host(key.get()), 1, Integer::sum);
            }
            removed.remove(key.get());
        }
    }

    private boolean isRoomFor(String host) {
        return ofHosts.getOrDefault(host, 0) < mostOfOne;
    }

    /** Whose card it is: nobody else may write it. */
    private static String host(String key) {
        return key.substring(0, key.indexOf('.'));
    }

    private static Entry entry(String key, MessageInfo message) {
        return new Entry(
                key, message.getData(), message.getSeq(), message.getTime().toInstant());
    }

    private static boolean isRemoved(MessageInfo message) {
        Headers headers = message.getHeaders();
        return headers != null && headers.containsKey(OPERATION);
    }

    /** Writes a key that has this revision. */
    long put(String key, byte[] content, long expected) throws RoadException {
        if (content.length > MAX_BYTES) {
            throw new RoadException(
                    Kind.TOO_LARGE,
                    "a key of the hub's bucket holds up to " + MAX_BYTES + " bytes, not " + content.length);
        }
        try {
            return write(key, new Headers(), content, expected);
        } catch (RoadException e) {
            // What was removed has left a mark, which has a revision.
            Optional<Long> mark = e.kind() == Kind.CONFLICT && expected == 0 ? removed(key) : Optional.empty();
            if (mark.isEmpty()) {
                throw e;
            }
            return write(key, new Headers(), content, mark.get());
        }
    }

    /** Removes a key that has this revision. */
    void remove(String key, long expected) throws RoadException {
        write(key, new Headers().put(OPERATION, REMOVED), new byte[0], expected);
    }

    /** Writes a key, whatever it holds, and tells when that was by the hub's clock. */
    Instant stamp(String key) throws RoadException {
        Message answer = wire.ask(names.keySubject(key), null, new byte[0]);
        PublishAck ack = Publishing.acknowledgement(wire, answer);
        return get("{\"seq\":" + ack.getSeqno() + "}")
                .orElseThrow(() -> new RoadException(Kind.ODD, "the hub has forgotten what was just written"))
                .getTime()
                .toInstant();
    }

    private long write(String key, Headers headers, byte[] content, long expected) throws RoadException {
        headers.put(Publishing.EXPECTED, Long.toString(expected));
        return Publishing.acknowledgement(wire, wire.ask(names.keySubject(key), headers, content))
                .getSeqno();
    }

    private Optional<Long> removed(String key) throws RoadException {
        return get("{\"last_by_subj\":" + quoted(names.keySubject(key)) + "}")
                .filter(Bucket::isRemoved)
                .map(MessageInfo::getSeq);
    }

    private Optional<MessageInfo> get(String request) throws RoadException {
        return get(List.of(request)).get(0);
    }

    private List<Optional<MessageInfo>> atOrBehind(List<Long> sequences) throws RoadException {
        return get(sequences.stream()
                .map(each -> "{\"seq\":" + each + ",\"next_by_subj\":" + quoted(names.bucketPrefix() + ">") + "}")
                .toList());
    }

    private List<Optional<MessageInfo>> get(List<String> requests) throws RoadException {
        List<Optional<MessageInfo>> found = new ArrayList<>();
        for (Message answer : wire.ask(
                "$JS.API.DIRECT.GET." + names.bucketStream(),
                null,
                requests.stream().map(request -> request.getBytes(UTF_8)).toList())) {
            MessageInfo info = new MessageInfo(answer, names.bucketStream(), true);
            if (info.isStatus() && info.getStatus().getCode() != NOT_FOUND) {
                throw new RoadException(
                        Kind.ODD,
                        "the hub's bucket cannot be read: " + info.getStatus().getMessageWithCode());
            }
            found.add(info.isStatus() ? Optional.empty() : Optional.of(info));
        }
        return found;
    }

    private static final int NOT_FOUND = 404;

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
