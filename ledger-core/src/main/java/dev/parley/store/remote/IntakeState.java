package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Receipt;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far the messages of a pair and epoch have come, as a file; its fields are in {@code docs/FORMAT.md}.
 *
 * @param pair whose messages it tells of
 * @param epoch within which their numbers count
 * @param number the last that was taken in; 0 if none was
 * @param last the message that has that number
 * @param stage the file beside it that is that message, as long as it is there; empty if it had come in another epoch
 * @param isWithdrawn whether its sender had taken that message back already
 */
record IntakeState(
        Pair pair, String epoch, long number, Optional<MessageId> last, Optional<String> stage, boolean isWithdrawn) {

    static final int MAX_BYTES = 2048;

    private static final Pattern STAGE = Pattern.compile("m-[0-9a-z]{16}\\.[0-9a-z]{16}");

    /** What is known of a pair and epoch of which nothing has come. */
    static IntakeState none(Pair pair, String epoch) {
        return new IntakeState(pair, epoch, 0, Optional.empty(), Optional.empty(), false);
    }

    static boolean isStage(String name) {
        return STAGE.matcher(name).matches();
    }

    Receipt receipt() {
        return new Receipt(pair, epoch, number, last, false);
    }

    /** The same, to a sender that knows of more. */
    Receipt lost() {
        return new Receipt(pair, epoch, number, last, true);
    }

    /** What it is once this parcel is taken in. */
    IntakeState with(Parcel parcel, Optional<String> staged) {
        return new IntakeState(
                pair, epoch, parcel.number(), Optional.of(parcel.envelope().id()), staged, parcel.isWithdrawn());
    }

    byte[] encode() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("host", pair.host());
        fields.put("from", pair.from());
        fields.put("to", pair.to());
        fields.put("epoch", epoch);
        fields.put("number", number);
        last.ifPresent(id -> fields.put("last", id));
        stage.ifPresent(name -> fields.put("stage", name));
        if (isWithdrawn) {
            fields.put("withdrawn", 1);
        }
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /** The reverse. Fields it does not know are ignored. */
    static IntakeState decode(Path file, byte[] content) throws DamagedPairException {
        try {
            Fields fields = Fields.of(file, content);
            IntakeState state = new IntakeState(
                    new Pair(new HostName(fields.text("host")), fields.text("from"), fields.text("to")),
                    fields.text("epoch"),
                    fields.number("number"),
                    Optional.of(new MessageId(fields.text("last"))),
                    fields.optional("stage"),
                    fields.optional("withdrawn").isPresent());
            if (!Parcel.isEpoch(state.epoch)
                    || state.number < 1
                    || !state.stage.stream().allMatch(IntakeState::isStage)) {
                throw new IllegalArgumentException("its fields do not fit");
            }
            return state;
        } catch (CorruptFileException e) {
            throw new DamagedPairException(file, e.what());
        } catch (IllegalArgumentException e) {
            throw new DamagedPairException(file, "it tells of no pair: " + e.getMessage());
        }
    }
}
