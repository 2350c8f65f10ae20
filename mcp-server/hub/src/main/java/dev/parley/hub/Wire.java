package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Address;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import dev.parley.mailbox.Utf8;
import dev.parley.peer.Names;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.remote.Receipt;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.remote.ProgressFields;
import dev.parley.store.remote.WaitsField;
import dev.parley.trace.Why;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the hub, as bytes: a JSON object on a line, of mail the envelope on a second one, and a checksum. The fields are
 * in {@code docs/HUB.md}. Who sent it is in its address, which the hub has proven; what claims to be of another machine is no mail.
 */
final class Wire {

    /** The longest of all, in bytes: a body of which each byte is written as six characters, and the rest. */
    static final int MAX_BYTES = 1 << 16;

    /** So many replies no chain has; one more can be counted behind it. */
    static final int MAX_HOPS = 1_000_000;

    /** The times that people write with four digits of a year: whoever reckons with others runs out of numbers. */
    private static final Instant FIRST = Instant.EPOCH;

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final String VERSION = "1";

    /** Stands in errors where a file would. */
    private static final Path NOWHERE = Path.of("mail");

    private Wire() {}

    /** The last part of the address of a receipt. */
    static String idOf(Receipt receipt) {
        return "r-" + receipt.pair().key();
    }

    /** The last part of the address of what is told of a message. */
    static String idOf(Progress progress) {
        return "s-" + progress.message();
    }

    /** Mail. */
    static byte[] mail(Parcel parcel, HostName from) {
        Map<String, Object> fields = begun("mail", from);
        fields.put("epoch", parcel.epoch());
        fields.put("number", parcel.number());
        fields.put("settled", parcel.settled());
        parcel.after().ifPresent(after -> fields.put("after", after));
        if (parcel.isWithdrawn()) {
            fields.put("withdrawn", 1);
        }
        return Checksummed.encode(FlatJson.write(fields) + "\n" + EnvelopeCodec.line(parcel.envelope()) + "\n");
    }

    /** The reverse, as the receiver's machine sees it. */
    static Parcel mail(Address address, byte[] content) throws BadMailException {
        List<String> lines = lines(content, 2);
        Values values = values(lines.get(0), "mail", address);
        try {
            Envelope envelope = EnvelopeCodec.ofLine(lines.get(1));
            if (!envelope.id().value().equals(address.id())) {
                throw new BadMailException("it is another message than its address says");
            }
            if (envelope.host().isPresent() && !envelope.host().get().equals(address.from())) {
                throw new BadMailException("it says that it is from another machine than the one that sent it");
            }
            if (envelope.origin() == Origin.OPERATOR) {
                requireOperators(envelope);
            }
            // A name that could be read as more than a name must not stand beside the name of a machine.
            if (envelope.origin() == Origin.PEER && !Names.isValid(envelope.fromName())) {
                throw new BadMailException("the name of its sender is none");
            }
            require(envelope.hops() <= MAX_HOPS, "no chain of replies is that long");
            requireTime(Optional.of(envelope.sentAt()));
            requireTime(envelope.due());
            return new Parcel(
                    Pair.of(address.from(), envelope),
                    values.text("epoch"),
                    values.number("number"),
                    values.number("settled"),
                    values.optional("after").map(MessageId::new),
                    envelope,
                    values.optional("withdrawn").equals(Optional.of("1")));
        } catch (IllegalArgumentException e) {
            throw new BadMailException("it is no message: " + reason(e));
        }
    }

    /**
     * A person speaks as the operator of his machine and as nobody else: what he writes asks nothing, answers nothing in a
     * session's place, and has no other name.
     */
    private static void requireOperators(Envelope envelope) throws BadMailException {
        if (!envelope.fromName().equals(Envelope.OPERATOR)
                || envelope.from().isPresent()
                || envelope.requestId().isPresent()
                || envelope.replyTo().isPresent()
                || envelope.supersedes().isPresent()) {
            throw new BadMailException(
                    "an operator of another machine is called operator, asks nothing, and answers no request");
        }
    }

    /** A receipt. */
    static byte[] receipt(Receipt receipt, HostName from) {
        Map<String, Object> fields = begun("receipt", from);
        fields.put("sender", receipt.pair().from());
        fields.put("receiver", receipt.pair().to());
        fields.put("epoch", receipt.epoch());
        fields.put("number", receipt.number());
        receipt.last().ifPresent(last -> fields.put("last", last));
        fields.put("lost", receipt.isLost() ? 1 : 0);
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /** The reverse, as the sender's machine sees it. */
    static Receipt receipt(Address address, byte[] content) throws BadMailException {
        Values values = values(lines(content, 1).get(0), "receipt", address);
        try {
            String sender = values.text("sender");
            require(Pair.isSender(sender), "its sender is no session");
            require(SessionId.isValid(values.text("receiver")), "its receiver is no session");
            Receipt receipt = new Receipt(
                    new Pair(address.from(), sender, values.text("receiver")),
                    values.text("epoch"),
                    values.number("number"),
                    values.optional("last").map(MessageId::new),
                    values.number("lost") != 0);
            // The sender of the mail has made its address from the same pair, as the other machine sees it.
            if (!address.id()
                    .equals("r-"
                            + new Pair(
                                            address.to(),
                                            receipt.pair().from(),
                                            receipt.pair().to())
                                    .key())) {
                throw new BadMailException("it is the receipt of other sessions than its address says");
            }
            return receipt;
        } catch (IllegalArgumentException e) {
            throw new BadMailException("it is no receipt: " + reason(e));
        }
    }

    /** What is told of a message. */
    static byte[] progress(Progress progress, HostName from) {
        Map<String, Object> fields = begun("progress", from);
        ProgressFields.put(fields, progress);
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /** The reverse. */
    static Progress progress(Address address, byte[] content) throws BadMailException {
        Values values = values(lines(content, 1).get(0), "progress", address);
        try {
            Progress progress = ProgressFields.read(values.all());
            requireTime(progress.rung().map(Rung::at));
            requireTime(progress.handed());
            requireTime(progress.shown());
            requireTime(progress.answered());
            requireTime(progress.work().map(WorkDone::since));
            if (!address.id().equals(idOf(progress))) {
                throw new BadMailException("it tells of another message than its address says");
            }
            return progress;
        } catch (IllegalArgumentException e) {
            throw new BadMailException("it tells nothing of a message: " + reason(e));
        }
    }

    /** The key of a card in the bucket. A dot, which an id may hold anywhere, would end a part of the key. */
    static String key(Card card) {
        return card.host() + "." + card.project() + "." + card.session().value().replace('.', '=');
    }

    /** A card: nothing of the session's files and processes. */
    static byte[] card(Card card) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("name", card.name());
        fields.put("client", card.client());
        card.purpose().ifPresent(purpose -> fields.put("purpose", purpose));
        card.purposeSince().ifPresent(at -> fields.put("purpose_ms", at.toEpochMilli()));
        if (!card.groups().isEmpty()) {
            fields.put("groups", String.join(" ", card.groups()));
        }
        fields.put("activity", card.activity().name().toLowerCase(Locale.ROOT));
        card.since().ifPresent(at -> fields.put("since_ms", at.toEpochMilli()));
        fields.put("registered_ms", card.registeredAt().toEpochMilli());
        if (!card.waits().isEmpty()) {
            fields.put(WaitsField.NAME, WaitsField.of(card.waits()));
        }
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /** The reverse. */
    static Card card(String key, byte[] content) throws BadMailException {
        String[] parts = key.split("\\.", -1);
        if (parts.length != 3 || !HostName.isValid(parts[0])) {
            throw new BadMailException("its key is none of a card");
        }
        Values values = new Values(fields(lines(content, 1).get(0)));
        try {
            Card card = new Card(
                    new HostName(parts[0]),
                    parts[1],
                    new SessionId(parts[2].replace('=', '.')),
                    values.text("name"),
                    values.text("client"),
                    values.optional("purpose"),
                    values.time("purpose_ms"),
                    values.optional("groups")
                            .map(names -> List.of(names.split(" ", -1)))
                            .orElse(List.of()),
                    Activity.valueOf(values.text("activity").toUpperCase(Locale.ROOT)),
                    values.time("since_ms"),
                    values.time("registered_ms").orElseThrow(() -> new IllegalArgumentException("it has no time")));
            return card.waiting(WaitsField.read(values.optional(WaitsField.NAME).orElse("")), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new BadMailException("it is no card: " + reason(e));
        }
    }

    /**
     * That a machine is there.
     *
     * @param incarnation tells machines of one name apart
     * @param beat tells a machine from one that runs on a copy of its store
     */
    record Beat(String incarnation, String beat) {}

    /** That a machine is there. */
    static byte[] beat(Beat beat) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("incarnation", beat.incarnation());
        fields.put("beat", beat.beat());
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /** The reverse. */
    static Beat beat(byte[] content) throws BadMailException {
        Values values = new Values(fields(lines(content, 1).get(0)));
        try {
            return new Beat(values.text("incarnation"), values.text("beat"));
        } catch (IllegalArgumentException e) {
            throw new BadMailException("it is no sign of a machine: " + reason(e));
        }
    }

    private static Map<String, Object> begun(String kind, HostName from) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("kind", kind);
        fields.put("from_host", from);
        return fields;
    }

    private static List<String> lines(byte[] content, int count) throws BadMailException {
        if (content.length > MAX_BYTES) {
            throw new BadMailException("it has " + content.length + " bytes, and no mail has more than " + MAX_BYTES);
        }
        try {
            List<String> lines = Checksummed.decode(NOWHERE, content).lines().toList();
            if (lines.size() != count) {
                throw new BadMailException("it has " + lines.size() + " lines in place of " + count);
            }
            return lines;
        } catch (CorruptFileException e) {
            throw new BadMailException("it is damaged, or no mail at all: " + e.what());
        }
    }

    private static Map<String, String> fields(String line) throws BadMailException {
        Map<String, String> fields;
        try {
            fields = FlatJson.read(line);
        } catch (IllegalArgumentException e) {
            throw new BadMailException("it begins with no JSON object");
        }
        try {
            fields.values().forEach(Utf8::length);
        } catch (IllegalArgumentException e) {
            throw new BadMailException("a text in it is none: " + reason(e));
        }
        @Nullable String version = fields.get("v");
        if (!VERSION.equals(version)) {
            throw new BadMailException(
                    "it is of a version that is not known here; update Parley on the machine that is behind");
        }
        return fields;
    }

    private static Values values(String line, String kind, Address address) throws BadMailException {
        Values values = new Values(fields(line));
        if (!values.optional("kind").equals(Optional.of(kind))) {
            throw new BadMailException("it is no " + kind + ", as its address says");
        }
        if (!values.optional("from_host").equals(Optional.of(address.from().value()))) {
            throw new BadMailException("it says that it is from another machine than the one that sent it");
        }
        return values;
    }

    /** Without what it quotes: the message is shown to people, and what was sent may be meant for a terminal. */
    private static String reason(IllegalArgumentException e) {
        return PlainText.quoted(Why.of(e), 200);
    }

    private static void requireTime(Optional<Instant> time) {
        require(
                time.filter(at -> at.isBefore(FIRST) || at.isAfter(LAST)).isEmpty(),
                "a time in it is none that a clock shows");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private record Values(Map<String, String> all) {

        Optional<String> optional(String name) {
            @Nullable String value = all.get(name);
            return Optional.ofNullable(value);
        }

        String text(String name) {
            return optional(name).orElseThrow(() -> new IllegalArgumentException("it has no " + name));
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }

        Optional<Instant> time(String name) {
            Optional<Instant> time = optional(name).map(Long::parseLong).map(Instant::ofEpochMilli);
            requireTime(time);
            return time;
        }
    }
}
