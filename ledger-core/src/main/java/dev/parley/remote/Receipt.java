package dev.parley.remote;

import dev.parley.address.MessageId;
import java.util.Optional;

/**
 * How far the messages of a pair have come: the receiver's machine has stored them all up to this number. A later one says all
 * that an earlier one says, so receipts may be lost, repeated and out of order.
 *
 * @param pair who sends to whom
 * @param epoch within which the number counts
 * @param number the last that is stored; 0 if none is
 * @param last the message that has that number; empty if none is stored
 * @param isLost whether the receiver's machine has lost records of this epoch, so that nothing more can come in it
 */
public record Receipt(Pair pair, String epoch, long number, Optional<MessageId> last, boolean isLost) {

    /**
     * Checks that the parts belong together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public Receipt {
        if (!Parcel.isEpoch(epoch) || number < 0 || last.isEmpty() != (number == 0)) {
            throw new IllegalArgumentException("a receipt names its epoch, a number and the message that has it");
        }
    }
}
