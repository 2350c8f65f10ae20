package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Membership;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteMail;
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
        RemoteMail mail = desk.mail();
        HubBacklog out = HubBacklog.of(mail);
        Optional<HubSettings> joined = desk.file().read();
        if (joined.isEmpty() && out.count() > 0) {
            waiting(
                    desk,
                    out,
                    "until it joins "
                            + mail.outbox()
                                    .team()
                                    .map(team -> "the team " + team)
                                    .orElse("a team") + " again");
        }
        HubSettings settings = joined.orElseThrow(HubDesk::notJoined);
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
        waiting(desk, out, "to leave this machine");
        desk.say("refused: " + HubDesk.refused(desk.file().refused()).orElse("nothing"));
        try (NatsRoad road = desk.connect(membership)) {
            desk.say("hub: " + HubDesk.described(membership, road));
            Optional<String> difference = road.ledger().difference();
            desk.say("in: " + messages(road.waiting(), "at the hub for this machine"));
            List<Entry> entries = road.entries();
            Instant now = road.now();
            hosts(desk, entries, now);
            desk.say(
                    "durability: what the hub has acknowledged may be lost with its machine. Parley does not rely on it: a"
                            + " message stays on this machine until the receiver's has stored it");
            Optional<String> taken = HubDesk.claim(membership, Optional.of(settings.incarnation()), mail)
                    .refusal(entries, now);
            if (taken.isPresent()) {
                throw new IOException(taken.get() + ". Until then no mail leaves this machine, and none comes");
            }
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

    private static void waiting(HubDesk desk, HubBacklog out, String what) {
        desk.say("out: " + messages(out.count(), what));
        out.receivers().forEach(line -> desk.say("out: " + line));
    }

    private static void hosts(HubDesk desk, List<Entry> entries, Instant now) {
        List<Entry> hosts = entries.stream()
                .filter(entry -> HostName.isValid(entry.key()))
                .sorted(Comparator.comparing(Entry::key))
                .toList();
        if (hosts.isEmpty()) {
            desk.say("hosts: none was seen yet");
        }
        for (Entry host : hosts) {
            Duration since = Duration.between(host.stamp(), now);
            desk.say("host: " + host.key() + ", seen " + Math.max(0, since.toSeconds()) + " s ago"
                    + (since.compareTo(RemoteCards.SILENCE) > 0 ? ", away" : ""));
        }
    }
}
