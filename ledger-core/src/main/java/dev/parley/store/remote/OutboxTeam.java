package dev.parley.store.remote;

import dev.parley.store.FlatJson;
import dev.parley.store.Store;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code outbox/team}: the team for which messages are put. Its fields are in {@code docs/FORMAT.md}. */
final class OutboxTeam {

    static final String NAME = "team";

    static final int MAX_BYTES = 512;

    private final SmallFiles files;

    OutboxTeam(Store store) {
        this.files = new SmallFiles(store, FileOutbox.DIRECTORY);
    }

    Optional<String> read() throws IOException {
        Optional<String> line = files.read(NAME, MAX_BYTES);
        try {
            return line.map(text -> Fields.ofLine(text).text(NAME));
        } catch (IllegalArgumentException e) {
            files.unreadable(files.path(NAME), e.toString());
            return Optional.empty();
        }
    }

    void keep(String team) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put(NAME, team);
        files.replace(NAME, FlatJson.write(fields) + "\n");
    }
}
