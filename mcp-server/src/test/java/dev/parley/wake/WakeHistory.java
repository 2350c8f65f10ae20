package dev.parley.wake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.Ids;
import dev.parley.store.Checksummed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The log of wakes that a session's senders have left, made up for a test. */
public final class WakeHistory {

    private WakeHistory() {}

    /** So many wakes of one session by another, at that time. */
    public static void write(Path home, String target, String sender, int wakes, Instant at) throws IOException {
        List<WakeLog.Entry> entries = Stream.generate(
                        () -> new WakeLog.Entry(at, sender, Optional.empty(), Ids.random()))
                .limit(wakes)
                .toList();
        Path session = home.resolve("sessions").resolve(target);
        Files.write(session.resolve("wakes"), Checksummed.encode(new String(new WakeLog(entries).encode(), UTF_8)));
    }
}
