package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Why;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code head} of a pair in the outbox; its fields are in {@code docs/FORMAT.md}.
 *
 * @param pair whose messages lie beside it
 * @param epoch within which their numbers count
 * @param base the number of the file before the first of this epoch; a message's number is its file's less this
 * @param settled the number of the last file that the receiver's machine has stored
 * @param last the message that it was; empty if none was
 */
public record OutboxHead(Pair pair, String epoch, long base, long settled, Optional<MessageId> last) {

    /** How long its file is at the most. */
    public static final int MAX_BYTES = 2048;

    byte[] encode() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("host", pair.host());
        fields.put("from", pair.from());
        fields.put("to", pair.to());
        fields.put("epoch", epoch);
        fields.put("base", base);
        fields.put("settled", settled);
        last.ifPresent(id -> fields.put("last", id));
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /**
     * The reverse. Fields it does not know are ignored.
     *
     * @throws DamagedException if it is none
     */
    public static OutboxHead decode(Path file, byte[] content) throws DamagedException {
        try {
            Fields fields = Fields.of(file, content);
            OutboxHead head = new OutboxHead(
                    new Pair(new HostName(fields.text("host")), fields.text("from"), fields.text("to")),
                    fields.text("epoch"),
                    fields.number("base"),
                    fields.number("settled"),
                    fields.optional("last").map(MessageId::new));
            if (!Parcel.isEpoch(head.epoch)
                    || head.base < 0
                    || head.settled < head.base
                    || head.last.isEmpty() != (head.settled == 0)) {
                throw new IllegalArgumentException("its numbers do not fit");
            }
            return head;
        } catch (CorruptFileException e) {
            throw new DamagedPairException(file, e.what());
        } catch (IllegalArgumentException e) {
            throw new DamagedPairException(file, "it tells of no pair: " + Why.of(e));
        }
    }
}
