package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.mailbox.PlainText;
import dev.parley.remote.RefusedMail;
import dev.parley.store.FlatJson;
import dev.parley.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@link RefusedMail} in the file store: {@code refused/<16 digits>}; its fields are in {@code docs/FORMAT.md}. */
public final class FileRefusedMail implements RefusedMail {

    static final String DIRECTORY = "refused";

    static final Pattern NAME = Pattern.compile("\\d{16}");
    static final int MAX_BYTES = 4 * KEPT_BYTES;
    private static final int MAX_TEXT = 300;

    private final Store store;
    private final SmallFiles files;

    /** That of a store. */
    public FileRefusedMail(Store store) {
        this.store = store;
        this.files = new SmallFiles(store, DIRECTORY);
    }

    @Override
    public void keep(HostName host, String id, String reason, byte[] content) throws IOException {
        List<String> names = sorted();
        long number = names.isEmpty() ? 1 : Long.parseLong(names.get(names.size() - 1)) + 1;
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("host", host);
        fields.put("id", PlainText.quoted(id, MAX_TEXT));
        fields.put("at_ms", store.clock().millis());
        fields.put("reason", PlainText.quoted(reason, MAX_TEXT));
        fields.put("bytes", content.length);
        fields.put(
                "content",
                Base64.getEncoder().encodeToString(Arrays.copyOf(content, Math.min(content.length, KEPT_BYTES))));
        // Of two at once one replaces the other's: only the holder of the postman's place does this.
        files.replace("%016d".formatted(number), FlatJson.write(fields) + "\n");
        for (String name : names.subList(0, Math.max(0, names.size() + 1 - KEPT))) {
            files.remove(name);
        }
    }

    private List<String> sorted() throws IOException {
        return files.names().stream()
                .filter(name -> NAME.matcher(name).matches())
                .sorted()
                .toList();
    }

    @Override
    public List<Refusal> all() throws IOException {
        List<Refusal> all = new ArrayList<>();
        for (String name : sorted()) {
            Optional<String> line = files.read(name, MAX_BYTES);
            try {
                if (line.isPresent()) {
                    all.add(parsed(Long.parseLong(name), line.get()));
                }
            } catch (IllegalArgumentException e) {
                files.unreadable(files.path(name), e.toString());
            }
        }
        return all;
    }

    /**
     * What a file tells.
     *
     * @throws IllegalArgumentException if it tells of no refusal
     */
    static Refusal parsed(long number, String line) {
        Fields fields = Fields.ofLine(line);
        return new Refusal(
                number,
                new HostName(fields.text("host")),
                fields.text("id"),
                Instant.ofEpochMilli(fields.number("at_ms")),
                fields.text("reason"));
    }
}
