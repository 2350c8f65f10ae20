package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Membership;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.session.Setting;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is known of the hub. What needs no connection is told first, so that it is told without one. */
final class HubStatus {

    private HubStatus() {}

    /**
     * Prints it.
     *
     * @throws IOException if the hub cannot be used; the message says why
     */
    static void print(HubDesk desk) throws IOException {
        HubSettings settings = desk.settings();
        Membership membership = settings.membership();
        desk.say("team: " + membership.team() + ", in which this machine is " + membership.host());
        if (Setting.HUB.text(desk.environment()).equals("off")) {
            desk.say("off here: " + Setting.HUB.variable() + "=off");
        }
        desk.say("mail is taken from: " + settings.accept());
        if (settings.shared().isEmpty()) {
            desk.say("shared: nothing; see 'parley hub share --help'");
        }
        settings.shared().forEach((project, directory) -> desk.say("shared: " + project.identity() + ", " + directory));
        desk.say("out: " + messages(desk.file().outgoing(), "to leave this machine"));
        desk.say("refused: " + HubDesk.refused(desk.file().refused()).orElse("nothing"));
        try (NatsRoad road = desk.connect(membership)) {
            desk.say("hub: " + HubDesk.described(membership, road));
            Optional<String> difference = road.ledger().difference();
            desk.say("in: " + messages(road.waiting(), "at the hub for this machine"));
            hosts(desk, road);
            desk.say(
                    "durability: what the hub has acknowledged may be lost with its machine. Parley does not rely on it: a"
                            + " message stays on this machine until the receiver's has stored it");
            if (difference.isPresent()) {
                throw new IOException("the hub is not as Parley makes it: " + difference.get()
                        + "; nothing is sent. Whoever runs it has to remove or correct that");
            }
        }
    }

    private static String messages(long count, String where) {
        return count == 0
                ? "nothing waits " + where
                : count == 1 ? "1 message waits " + where : count + " messages wait " + where;
    }

    private static void hosts(HubDesk desk, NatsRoad road) throws IOException {
        List<Entry> hosts = road.entries().stream()
                .filter(entry -> HostName.isValid(entry.key()))
                .sorted(Comparator.comparing(Entry::key))
                .toList();
        Instant now = road.now();
        if (hosts.isEmpty()) {
            desk.say("hosts: none was seen yet");
        }
        for (Entry host : hosts) {
            Duration since = Duration.between(host.stamp(), now);
            desk.say("host: " + host.key() + ", seen " + Math.max(0, since.toSeconds()) + " s ago"
                    + (since.compareTo(HubJoin.SILENT) > 0 ? ", away" : ""));
        }
    }
}
