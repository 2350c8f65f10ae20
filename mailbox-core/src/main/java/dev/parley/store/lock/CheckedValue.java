package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.lock.GuardedValue;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@link GuardedValue} as a file with a checksum. A damaged one counts as none. */
final class CheckedValue implements GuardedValue {

    private final Path path;
    private final GuardedValue file;
    private final Trace trace;

    CheckedValue(Path path, GuardedValue file, Trace trace) {
        this.path = path;
        this.file = file;
        this.trace = trace;
    }

    @Override
    public Optional<byte[]> read() throws IOException {
        Optional<byte[]> present = file.read();
        return present.isPresent() ? decoded(present.get()) : Optional.empty();
    }

    private Optional<byte[]> decoded(byte[] content) {
        try {
            return Optional.of(Checksummed.decode(path, content).getBytes(UTF_8));
        } catch (CorruptFileException e) {
            trace.event(Event.VALUE_FORGOTTEN, Map.of("file", path.toString(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    @Override
    public byte[] update(Duration wait, Change change) throws IOException, InterruptedException {
        byte[] written = file.update(wait, present -> {
            Optional<byte[]> before = present.flatMap(this::decoded);
            return Checksummed.encode(new String(change.apply(before), UTF_8));
        });
        return Checksummed.decode(path, written).getBytes(UTF_8);
    }
}
