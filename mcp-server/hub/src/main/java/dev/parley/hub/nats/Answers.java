package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import io.nats.client.api.ApiResponse;
import java.util.Map;
import java.util.Set;

/** What the errors mean that JetStream answers with, by their numbers. */
final class Answers {

    /** Mail or a key is there with another sequence. */
    static final int WRONG_SEQUENCE = 10071;

    /** There is a stream of that name with another configuration. */
    static final int OTHER_CONFIGURATION = 10058;

    private static final Map<Integer, Kind> KINDS = Map.ofEntries(
            Map.entry(WRONG_SEQUENCE, Kind.CONFLICT),
            Map.entry(10059, Kind.MISSING), // stream not found
            Map.entry(10014, Kind.MISSING), // consumer not found
            Map.entry(10039, Kind.NO_JETSTREAM), // not enabled for the account
            Map.entry(10076, Kind.NO_JETSTREAM), // not enabled
            Map.entry(10077, Kind.FULL), // the stream stores no more
            Map.entry(10023, Kind.FULL), // insufficient resources
            Map.entry(10028, Kind.FULL), // memory
            Map.entry(10047, Kind.FULL), // storage
            Map.entry(10002, Kind.FULL), // limits of the account
            Map.entry(10054, Kind.TOO_LARGE)); // message size exceeds the stream's limit

    private static final Set<Kind> BY_WHO_RUNS_IT = Set.of(Kind.NO_JETSTREAM, Kind.FULL, Kind.TOO_LARGE);

    private Answers() {}

    /** The answer itself, if it tells of no error. */
    static <T extends ApiResponse<T>> T good(String place, T answer) throws RoadException {
        if (answer.hasError()) {
            throw error(place, answer.getApiErrorCode(), String.valueOf(answer.getDescription()));
        }
        return answer;
    }

    /** What an error means. */
    static RoadException error(String place, int number, String description) {
        Kind kind = KINDS.getOrDefault(number, Kind.ODD);
        String what = switch (kind) {
            case NO_JETSTREAM -> "the hub " + place + " has no JetStream for this user";
            case FULL -> "the hub " + place + " is full";
            case MISSING -> "the hub " + place + " has lost something";
            case CONFLICT -> "the hub " + place + " has something newer";
            case TOO_LARGE -> "the hub " + place + " takes no message of this size";
            default -> "the hub " + place + " answered with an error";
        };
        String remedy =
                BY_WHO_RUNS_IT.contains(kind) ? "; whoever runs it has to change that, see 'parley hub config'" : "";
        return new RoadException(kind, what + " (" + number + ", " + description + ")" + remedy);
    }
}
