package dev.parley.mailbox;

import dev.parley.store.Ids;
import java.util.Optional;

/**
 * The file name of a waiting message: {@code <micros>-<message id>[,re=<request id>][,r]}.
 *
 * <p>Names sort in the order of sending, and a waiter finds its answer by name.
 *
 * @param micros when it was sent, in microseconds since the epoch; rises with every message of one server
 * @param messageId the envelope's id
 * @param answers the request it answers
 * @param redelivered whether it has been handed over before, without proof that it arrived
 */
public record MessageName(long micros, String messageId, Optional<String> answers, boolean redelivered)
        implements Comparable<MessageName> {

    /** No sender ever stamps later than this, in the year 2255: what does is no time, and must not push others on. */
    static final long LATEST = 9_000_000_000_000_000L;

    private static final int DIGITS = 16;
    private static final String ANSWERS = ",re=";
    private static final String REDELIVERED = ",r";

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if the time has no 16 digits or an id is malformed
     */
    public MessageName {
        if (micros < 0
                || Long.toString(micros).length() > DIGITS
                || !Ids.isMessageId(messageId)
                || !answers.map(Ids::isRequestId).orElse(true)) {
            throw new IllegalArgumentException(
                    "not the name of a message: " + micros + ", " + messageId + ", " + answers);
        }
    }

    /** The name under which an envelope can be stored again when its own is not known any more. */
    public static MessageName redelivering(Envelope envelope) {
        long micros = Math.max(0, Math.min(LATEST, envelope.sentAt().toEpochMilli() * 1000));
        return new MessageName(micros, envelope.id(), envelope.replyTo(), true);
    }

    /** The reverse of {@link #toString}; empty if the name is not one of ours. */
    public static Optional<MessageName> parse(String name) {
        String rest = name;
        boolean redelivered = rest.endsWith(REDELIVERED);
        if (redelivered) {
            rest = rest.substring(0, rest.length() - REDELIVERED.length());
        }
        Optional<String> answers = Optional.empty();
        int at = rest.indexOf(ANSWERS);
        if (at >= 0) {
            answers = Optional.of(rest.substring(at + ANSWERS.length()));
            rest = rest.substring(0, at);
        }
        if (rest.length() <= DIGITS
                || rest.charAt(DIGITS) != '-'
                || !startsWithDigits(rest)
                || !Ids.isMessageId(rest.substring(DIGITS + 1))
                || !answers.map(Ids::isRequestId).orElse(true)) {
            return Optional.empty();
        }
        return Optional.of(new MessageName(
                Long.parseLong(rest.substring(0, DIGITS)), rest.substring(DIGITS + 1), answers, redelivered));
    }

    private static boolean startsWithDigits(String text) {
        for (int i = 0; i < DIGITS; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Whether this is a name for that envelope. */
    public boolean names(Envelope envelope) {
        return messageId.equals(envelope.id()) && answers.equals(envelope.replyTo());
    }

    /** The same message, handed over before. */
    public MessageName marked() {
        return new MessageName(micros, messageId, answers, true);
    }

    @Override
    public int compareTo(MessageName other) {
        int byTime = Long.compare(micros, other.micros);
        return byTime != 0 ? byTime : messageId.compareTo(other.messageId);
    }

    @Override
    public String toString() {
        String stamp = Long.toString(micros);
        return "0".repeat(DIGITS - stamp.length()) + stamp + "-" + messageId
                + answers.map(ANSWERS::concat).orElse("") + (redelivered ? REDELIVERED : "");
    }
}
