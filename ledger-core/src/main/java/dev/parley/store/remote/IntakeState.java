package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Receipt;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Why;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far the messages of a pair and epoch have come, as a file; its fields are in {@code docs/FORMAT.md}.
 *
 * @param pair whose messages it tells of
 * @param epoch within which their numbers count
 * @param number the last that was taken in; 0 if none was
 * @param last the message that has that number
 * @param stages the files beside it that are the last messages, in their order, each as long as it is there; none of a message that
 *     had come in another epoch
 * @param withdrawn those of them whose sender had taken the message back already
 */
public record IntakeState(
        Pair pair, String epoch, long number, Optional<MessageId> last, List<String> stages, Set<String> withdrawn) {

    /** How long its file is at the most. */
    public static final int MAX_BYTES = 2048;

    private static final Pattern STAGE = Pattern.compile("m-[0-9a-z]{16}\\.[0-9a-z]{16}");

    /** What is known of a pair and epoch of which nothing has come. */
    static IntakeState none(Pair pair, String epoch) {
        return new IntakeState(pair, epoch, 0, Optional.empty(), List.of(), Set.of());
    }

    /** Whether that is the name of a stage. */
    public static boolean isStage(String name) {
        return STAGE.matcher(name).matches();
    }

    Receipt receipt() {
        return new Receipt(pair, epoch, number, last, false);
    }

    /** The same, to a sender that knows of more. */
    Receipt lost() {
        return new Receipt(pair, epoch, number, last, true);
    }

    /** What it is once its stages are visible. */
    IntakeState finished() {
        return new IntakeState(pair, epoch, number, last, List.of(), Set.of());
    }

    /** What it is once this parcel is taken in as well. */
    IntakeState with(Parcel parcel, Optional<String> staged) {
        return new IntakeState(
                pair,
                epoch,
                parcel.number(),
                Optional.of(parcel.envelope().id()),
                Stream.concat(stages.stream(), staged.stream()).toList(),
                Stream.concat(withdrawn.stream(), staged.filter(name -> parcel.isWithdrawn()).stream())
                        .collect(Collectors.toSet()));
    }

    private static List<String> names(Optional<String> field) {
        return field.map(names -> List.of(names.split(" ", -1))).orElse(List.of());
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
        if (!stages.isEmpty()) {
            fields.put("stages", String.join(" ", stages));
        }
        if (!withdrawn.isEmpty()) {
            fields.put("withdrawn", stages.stream().filter(withdrawn::contains).collect(Collectors.joining(" ")));
        }
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /**
     * The reverse. Fields it does not know are ignored.
     *
     * @throws DamagedException if it is none
     */
    public static IntakeState decode(Path file, byte[] content) throws DamagedException {
        try {
            Fields fields = Fields.of(file, content);
            IntakeState state = new IntakeState(
                    new Pair(new HostName(fields.text("host")), fields.text("from"), fields.text("to")),
                    fields.text("epoch"),
                    fields.number("number"),
                    Optional.of(new MessageId(fields.text("last"))),
                    names(fields.optional("stages")),
                    Set.copyOf(names(fields.optional("withdrawn"))));
            if (!Parcel.isEpoch(state.epoch)
                    || state.number < 1
                    || !state.stages.stream().allMatch(IntakeState::isStage)
                    || !state.stages.containsAll(state.withdrawn)) {
                throw new IllegalArgumentException("its fields do not fit");
            }
            return state;
        } catch (CorruptFileException e) {
            throw new DamagedPairException(file, e.what());
        } catch (IllegalArgumentException e) {
            throw new DamagedPairException(file, "it tells of no pair: " + Why.of(e));
        }
    }
}
