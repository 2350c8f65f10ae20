package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.remote.RemoteCards.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** For whom a session waits, as one field in files and on the way: {@code <host>:<session>:<ms>:<message id>}, with spaces between. */
public final class WaitsField {

    /** What the field is called. */
    public static final String NAME = "waits";

    private WaitsField() {}

    /** As text; empty for nobody. */
    public static String of(List<Waiting> waits) {
        return String.join(
                " ",
                waits.stream()
                        .map(wait -> wait.host() + ":" + wait.session() + ":"
                                + wait.since().toEpochMilli() + ":" + wait.question())
                        .toList());
    }

    /**
     * The reverse.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static List<Waiting> read(String text) {
        List<Waiting> waits = new ArrayList<>();
        for (String each : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            String[] parts = each.split(":", -1);
            if (parts.length != 4) {
                throw new IllegalArgumentException("a wait is a machine, a session, a time and a message");
            }
            waits.add(new Waiting(
                    new HostName(parts[0]),
                    new SessionId(parts[1]),
                    Instant.ofEpochMilli(Long.parseLong(parts[2])),
                    new MessageId(parts[3])));
        }
        return waits;
    }
}
