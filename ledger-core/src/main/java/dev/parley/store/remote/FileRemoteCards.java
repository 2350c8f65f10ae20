package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.RemoteCards;
import dev.parley.store.FlatJson;
import dev.parley.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@link RemoteCards} in the file store: {@code elsewhere/cards,<host>,<project>}, {@code elsewhere/hosts} and
 * {@code elsewhere/link}, a line for each card and host; the fields are in {@code docs/FORMAT.md}.
 */
final class FileRemoteCards implements RemoteCards {

    static final String DIRECTORY = "elsewhere";

    static final String HOSTS = "hosts";
    static final String LINK = "link";
    static final String BEATS = "beats";
    static final Pattern SHELF = Pattern.compile("cards,(" + "[a-z0-9][a-z0-9-]{0,31}" + "),([0-9a-f]{20})");
    static final int MAX_BYTES = 1 << 22;

    private final Store store;
    private final SmallFiles files;
    private final ReadLines known;

    FileRemoteCards(Store store) {
        this.store = store;
        this.files = new SmallFiles(store, DIRECTORY);
        this.known = new ReadLines(store, DIRECTORY, files, MAX_BYTES);
    }

    private static String name(HostName host, String project) {
        return "cards," + host + "," + project;
    }

    @Override
    public void keep(HostName host, String project, List<Card> cards) throws IOException {
        if (cards.isEmpty()) {
            files.remove(name(host, project));
            return;
        }
        StringBuilder lines = new StringBuilder();
        cards.forEach(card -> lines.append(FlatJson.write(fields(card))).append('\n'));
        files.replace(name(host, project), lines.toString());
    }

    private static Map<String, Object> fields(Card card) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("session", card.session());
        fields.put("name", card.name());
        fields.put("client", card.client());
        card.purpose().ifPresent(purpose -> fields.put("purpose", purpose));
        card.purposeSince().ifPresent(at -> fields.put("purpose_ms", at.toEpochMilli()));
        if (!card.groups().isEmpty()) {
            fields.put("groups", String.join(" ", card.groups()));
        }
        fields.put("activity", card.activity().name());
        card.since().ifPresent(at -> fields.put("since_ms", at.toEpochMilli()));
        fields.put("registered_ms", card.registeredAt().toEpochMilli());
        if (!card.waits().isEmpty()) {
            fields.put(WaitsField.NAME, WaitsField.of(card.waits()));
        }
        card.asOf().ifPresent(at -> fields.put("as_of_ms", at.toEpochMilli()));
        return fields;
    }

    @Override
    public List<Card> of(String project) throws IOException {
        List<Card> cards = new ArrayList<>();
        for (Shelf shelf : shelves()) {
            if (shelf.project().equals(project)) {
                each(name(shelf.host(), project), fields -> cards.add(card(shelf, fields)));
            }
        }
        return cards;
    }

    static Card card(Shelf shelf, Fields fields) {
        Card card = new Card(
                shelf.host(),
                shelf.project(),
                new SessionId(fields.text("session")),
                fields.text("name"),
                fields.text("client"),
                fields.optional("purpose"),
                instant(fields, "purpose_ms"),
                fields.optional("groups")
                        .map(names -> List.of(names.split(" ", -1)))
                        .orElse(List.of()),
                Activity.valueOf(fields.text("activity")),
                instant(fields, "since_ms"),
                Instant.ofEpochMilli(fields.number("registered_ms")));
        return card.waiting(WaitsField.read(fields.optional(WaitsField.NAME).orElse("")), instant(fields, "as_of_ms"));
    }

    private static Optional<Instant> instant(Fields fields, String name) {
        return fields.optional(name).map(Long::parseLong).map(Instant::ofEpochMilli);
    }

    /** What is done with one line; one that is none is passed over. */
    private interface Line {
        void read(Fields fields);
    }

    private void each(String name, Line line) throws IOException {
        for (Fields fields : known.of(name)) {
            try {
                line.read(fields);
            } catch (IllegalArgumentException e) {
                files.unreadable(files.path(name), e.toString());
            }
        }
    }

    @Override
    public List<Shelf> shelves() throws IOException {
        List<Shelf> shelves = new ArrayList<>();
        for (String name : known.names()) {
            Matcher matcher = SHELF.matcher(name);
            if (matcher.matches()) {
                shelves.add(new Shelf(new HostName(matcher.group(1)), matcher.group(2)));
            }
        }
        return shelves;
    }

    @Override
    public void keepHosts(List<Host> hosts) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Host host : hosts) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("v", 1);
            fields.put("host", host.host());
            fields.put("heard_ms", host.heard().toEpochMilli());
            fields.put("away", host.isAway() ? 1 : 0);
            lines.append(FlatJson.write(fields)).append('\n');
        }
        files.replace(HOSTS, lines.toString());
    }

    @Override
    public List<Host> hosts() throws IOException {
        List<Host> hosts = new ArrayList<>();
        each(HOSTS, fields -> hosts.add(host(fields)));
        return hosts;
    }

    static Host host(Fields fields) {
        return new Host(
                new HostName(fields.text("host")),
                Instant.ofEpochMilli(fields.number("heard_ms")),
                fields.number("away") != 0);
    }

    @Override
    public void keepLink(Link link) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("up", link.isUp() ? 1 : 0);
        fields.put("since_ms", link.since().toEpochMilli());
        link.trouble().ifPresent(trouble -> fields.put("trouble", trouble));
        fields.put("noted_ms", store.clock().millis());
        files.replace(LINK, FlatJson.write(fields) + "\n");
    }

    @Override
    public Link link() throws IOException {
        List<Link> links = new ArrayList<>();
        each(LINK, fields -> {
            Instant noted = Instant.ofEpochMilli(fields.number("noted_ms"));
            boolean isSilent = noted.plus(SILENCE).isBefore(store.clock().instant());
            links.add(isSilent ? down(noted) : link(fields));
        });
        return links.isEmpty() ? down(Instant.EPOCH) : links.get(0);
    }

    static Link link(Fields fields) {
        return new Link(
                fields.number("up") != 0, Instant.ofEpochMilli(fields.number("since_ms")), fields.optional("trouble"));
    }

    @Override
    public void keepBeats(List<String> beats) throws IOException {
        StringBuilder lines = new StringBuilder();
        beats.forEach(beat ->
                lines.append(FlatJson.write(Map.of("v", 1, "beat", beat))).append('\n'));
        files.replace(BEATS, lines.toString());
    }

    @Override
    public List<String> beats() throws IOException {
        List<String> beats = new ArrayList<>();
        each(BEATS, fields -> beats.add(fields.text("beat")));
        return beats;
    }

    private static Link down(Instant since) {
        return new Link(false, since, Optional.of("no server of this machine is connected to the hub"));
    }
}
