package dev.parley.store.remote;

import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a checked file that holds one JSON object of version 1. */
record Fields(Map<String, String> values) {

    /**
     * Reads them.
     *
     * @throws CorruptFileException if the file is damaged
     * @throws IllegalArgumentException if it holds something else
     */
    static Fields of(Path file, byte[] content) throws CorruptFileException {
        return ofLine(Checksummed.decode(file, content));
    }

    /**
     * Those of one line.
     *
     * @throws IllegalArgumentException if it holds something else
     */
    static Fields ofLine(String line) {
        Fields fields = new Fields(FlatJson.read(line));
        if (!fields.text("v").equals("1")) {
            throw new IllegalArgumentException("its version is not 1");
        }
        return fields;
    }

    String text(String name) {
        return optional(name).orElseThrow(() -> new IllegalArgumentException("it has no " + name));
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    Optional<String> optional(String name) {
        @Nullable String value = values.get(name);
        return Optional.ofNullable(value);
    }
}
