package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.remote.Followed;
import dev.parley.remote.Progress;
import dev.parley.store.FlatJson;
import dev.parley.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Followed} in the file store: {@code followed/<message id>}; its fields are in {@code docs/FORMAT.md}. */
final class FileFollowed implements Followed {

    static final String DIRECTORY = "followed";

    static final int MAX_BYTES = 16_384;

    private final SmallFiles files;

    FileFollowed(Store store) {
        this.files = new SmallFiles(store, DIRECTORY);
    }

    @Override
    public void note(Item item) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("id", item.message());
        fields.put("host", item.host());
        fields.put("project", item.project());
        fields.put("to", item.to());
        item.told().ifPresent(told -> ProgressFields.put(fields, told));
        files.replace(item.message().value(), FlatJson.write(fields) + "\n");
    }

    @Override
    public void end(MessageId message) throws IOException {
        files.remove(message.value());
    }

    @Override
    public Optional<Item> find(MessageId message) throws IOException {
        Optional<String> lines = files.read(message.value(), MAX_BYTES);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parsed(message, lines.get()));
        } catch (IllegalArgumentException e) {
            files.unreadable(files.path(message.value()), e.toString());
            return Optional.empty();
        }
    }

    /**
     * What a file tells.
     *
     * @throws IllegalArgumentException if it tells of no message, or of another
     */
    static Item parsed(MessageId message, String line) {
        Fields fields = Fields.ofLine(line);
        Optional<Progress> told = fields.optional("revision").isPresent()
                ? Optional.of(ProgressFields.read(fields.values()))
                : Optional.empty();
        if (!fields.text("id").equals(message.value())) {
            throw new IllegalArgumentException("it is of message " + fields.text("id"));
        }
        return new Item(
                message,
                new HostName(fields.text("host")),
                fields.text("project"),
                new SessionId(fields.text("to")),
                told);
    }

    @Override
    public List<Item> all() throws IOException {
        List<Item> items = new ArrayList<>();
        for (String name : files.names()) {
            if (MessageId.isValid(name)) {
                find(new MessageId(name)).ifPresent(items::add);
            }
        }
        return items;
    }
}
