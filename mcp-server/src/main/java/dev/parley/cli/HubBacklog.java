package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.remote.Outbox.Backlog;
import dev.parley.remote.Pair;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Shelf;
import dev.parley.remote.RemoteMail;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What waits to leave this machine.
 *
 * @param count how many messages
 * @param receivers what waits for each, and since when
 */
record HubBacklog(int count, List<String> receivers) {

    private static final int MOST = 20;

    /** How much waits for one, and since when. */
    private record Share(int count, Optional<Instant> since) {

        Share and(Backlog more) {
            Optional<Instant> oldest =
                    since.isEmpty() || more.since().filter(since.get()::isAfter).isPresent()
                            ? more.since().or(() -> since)
                            : since;
            return new Share(count + more.count(), oldest);
        }
    }

    /** That of a store. */
    static HubBacklog of(RemoteMail mail) throws IOException {
        List<Backlog> all = mail.outbox().backlog();
        Map<HostName, Map<String, String>> names = all.isEmpty() ? Map.of() : names(mail);
        Map<String, Share> shares = new TreeMap<>();
        int count = 0;
        for (Backlog each : all) {
            count += each.count();
            String called = each.pair()
                    .map(pair -> called(pair, names))
                    .orElse("nobody knows whom, since a file is damaged: run 'parley check'");
            shares.merge(called, new Share(each.count(), each.since()), (share, more) -> share.and(each));
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Share> each : shares.entrySet()) {
            if (lines.size() == MOST) {
                lines.add("and " + (shares.size() - MOST) + " others");
                break;
            }
            lines.add(each.getValue().count() + " to " + each.getKey()
                    + each.getValue().since().map(at -> ", since " + at).orElse(""));
        }
        return new HubBacklog(count, List.copyOf(lines));
    }

    private static String called(Pair pair, Map<HostName, Map<String, String>> names) {
        String name = names.getOrDefault(pair.host(), Map.of()).get(pair.to());
        return name == null ? "session " + pair.to() + " on " + pair.host() : name + "@" + pair.host();
    }

    /** What sessions of other machines are called, by their ids. */
    private static Map<HostName, Map<String, String>> names(RemoteMail mail) throws IOException {
        Map<HostName, Map<String, String>> names = new HashMap<>();
        for (String project :
                mail.cards().shelves().stream().map(Shelf::project).distinct().toList()) {
            for (Card card : mail.cards().of(project)) {
                names.computeIfAbsent(card.host(), missing -> new HashMap<>())
                        .put(card.session().value(), card.name());
            }
        }
        return names;
    }

    /** All receivers, in brackets; nothing if there are none. */
    String inBrackets() {
        return receivers.isEmpty() ? "" : " (" + String.join("; ", receivers) + ")";
    }
}
