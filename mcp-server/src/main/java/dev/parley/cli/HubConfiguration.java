package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.hub.TeamName;
import dev.parley.hub.nats.ServerConfiguration;
import dev.parley.hub.nats.ServerConfiguration.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A configuration of a nats-server, from what a person gave. */
final class HubConfiguration {

    private HubConfiguration() {}

    /**
     * The text.
     *
     * @throws IllegalArgumentException if a name is none; the message says which
     */
    static String text(
            String team,
            List<String> hosts,
            String listen,
            String directory,
            Optional<String> certificate,
            Optional<String> key) {
        Map<HostName, String> passwords = new TreeMap<>();
        for (String host : hosts) {
            passwords.put(new HostName(host), Ids.random() + Ids.random());
        }
        if ((listen + directory + certificate.orElse("") + key.orElse(""))
                .chars()
                .anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("a path and an address have no control characters");
        }
        return new ServerConfiguration(
                        new TeamName(team),
                        passwords,
                        listen,
                        directory,
                        certificate.map(chain -> new Certificate(chain, key.orElse(""))))
                .text();
    }
}
