package dev.parley.store.mailbox;

import dev.parley.address.Ids;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.mailbox.Envelope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file name of a waiting message: {@code <micros>-<message id>[,re=<request id>][,r]}. Immutable.
 *
 * <p>Names sort in the order of sending, and a waiter finds its answer by name. Each keeps its text and is checked once:
 * a taker reads thousands.
 */
public final class MessageName implements Comparable<MessageName> {

    /** No sender ever stamps later than this, in the year 2255: what does is no time, and must not push others on. */
    static final long LATEST = 9_000_000_000_000_000L;

    private static final int DIGITS = 16;

    /** Where the id begins in a name: behind the time and a dash. */
    static final int ID = DIGITS + 1;

    private static final int ID_END = ID + Ids.CHARACTERS;
    private static final String ANSWERS = ",re=";
    private static final String REDELIVERED = ",r";

    private final String text;
    private final long micros;
    private final MessageId messageId;
    private final Optional<RequestId> answers;
    private final boolean redelivered;

    private MessageName(
            String text, long micros, MessageId messageId, Optional<RequestId> answers, boolean redelivered) {
        this.text = text;
        this.micros = micros;
        this.messageId = messageId;
        this.answers = answers;
        this.redelivered = redelivered;
    }

    /**
     * The name of a message that has not been handed over yet.
     *
     * @param micros when it was sent, in microseconds since the epoch; rises with every message of one server
     * @param messageId the envelope's id
     * @param answers the request it answers
     * @throws IllegalArgumentException if the time has more than 16 digits
     */
    public static MessageName of(long micros, MessageId messageId, Optional<RequestId> answers) {
        String stamp = Long.toString(micros);
        String text = "0".repeat(Math.max(0, DIGITS - stamp.length())) + stamp + "-" + messageId
                + answers.map(request -> ANSWERS + request).orElse("");
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not the name of a message: " + text));
    }

    /** The name under which an envelope can be stored again when its own is not known any more. */
    public static MessageName redelivering(Envelope envelope) {
        long micros = Math.max(0, Math.min(LATEST, envelope.sentAt().toEpochMilli() * 1000));
        return of(micros, envelope.id(), envelope.replyTo()).marked();
    }

    /** The reverse of {@link #toString}; empty if it is the name of no message. */
    public static Optional<MessageName> parse(String name) {
        if (name.length() < ID_END || name.charAt(DIGITS) != '-') {
            return Optional.empty();
        }
        long micros = micros(name);
        Optional<MessageId> id = MessageId.parse(name.substring(ID, ID_END));
        if (micros < 0 || id.isEmpty()) {
            return Optional.empty();
        }
        boolean redelivered = name.endsWith(REDELIVERED);
        int end = name.length() - (redelivered ? REDELIVERED.length() : 0);
        Optional<RequestId> answers = Optional.empty();
        if (end > ID_END) {
            if (!name.startsWith(ANSWERS, ID_END)) {
                return Optional.empty();
            }
            answers = RequestId.parse(name.substring(ID_END + ANSWERS.length(), end));
            if (answers.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(new MessageName(name, micros, id.get(), answers, redelivered));
    }

    /** The number that a name begins with; below zero if it does not begin with one. */
    private static long micros(String name) {
        long micros = 0;
        for (int i = 0; i < DIGITS; i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            micros = micros * 10 + (c - '0');
        }
        return micros;
    }

    /** When it was sent, in microseconds since the epoch. */
    public long micros() {
        return micros;
    }

    /** The envelope's id. */
    public MessageId messageId() {
        return messageId;
    }

    /** The sender of this message, as {@link #senderOf} tells it. */
    String sender() {
        return senderOf(messageId);
    }

    /**
     * What all messages of one sender have in common, and nobody else's: the beginning of the id. Ids that were made before
     * they told of the sender all differ here, and count as one sender each.
     */
    static String senderOf(MessageId messageId) {
        return messageId.value().substring(0, "m-".length() + Ids.SENDER_CHARACTERS);
    }

    /** The request it answers. */
    public Optional<RequestId> answers() {
        return answers;
    }

    /** Whether it has been handed over before, without proof that it arrived. */
    public boolean redelivered() {
        return redelivered;
    }

    /** Whether this is a name for that envelope. */
    public boolean names(Envelope envelope) {
        return messageId.equals(envelope.id()) && answers.equals(envelope.replyTo());
    }

    /** The same message, handed over before. */
    public MessageName marked() {
        return redelivered ? this : new MessageName(text + REDELIVERED, micros, messageId, answers, true);
    }

    @Override
    public int compareTo(MessageName other) {
        int byTime = Long.compare(micros, other.micros);
        return byTime != 0 ? byTime : messageId.compareTo(other.messageId);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageName name && name.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
