package dev.parley.remote;

import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A message on its way to another machine, with its place in the sequence of its pair.
 *
 * @param pair who sends to whom
 * @param epoch within which the number counts: {@code [0-9a-z]{16}}; another one begins when a sender's records were lost
 * @param number 1 and up, without a gap within an epoch
 * @param settled how far the sender knows its messages of this epoch to be stored; below the number
 * @param after the message that has the number before; empty for the first of an epoch
 * @param envelope the message
 * @param isWithdrawn whether its sender has taken it back already, by one that comes behind it: then nobody is to see it
 */
public record Parcel(
        Pair pair,
        String epoch,
        long number,
        long settled,
        Optional<MessageId> after,
        Envelope envelope,
        boolean isWithdrawn) {

    private static final Pattern EPOCH = Pattern.compile("[0-9a-z]{16}");

    /**
     * Checks that the parts belong together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public Parcel {
        require(isEpoch(epoch), "an epoch has 16 characters of 0-9 and a-z");
        require(number >= 1, "numbers begin at 1");
        require(settled >= 0 && settled < number, "a message that is on its way is not settled");
        require(after.isEmpty() == (number == 1), "each message but the first names the one before it");
        require(!after.equals(Optional.of(envelope.id())), "a message does not come behind itself");
        require(Pair.of(pair.host(), envelope).equals(pair), "the message belongs to another pair");
    }

    /** One that its sender stands by. */
    public Parcel(Pair pair, String epoch, long number, long settled, Optional<MessageId> after, Envelope envelope) {
        this(pair, epoch, number, settled, after, envelope, false);
    }

    /** The same, taken back by its sender. */
    public Parcel withdrawn() {
        return new Parcel(pair, epoch, number, settled, after, envelope, true);
    }

    /** Whether a text can be an epoch. */
    public static boolean isEpoch(String text) {
        return EPOCH.matcher(text).matches();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
