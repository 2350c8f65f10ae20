package dev.parley.hub.nats;

import dev.parley.address.HostName;
import dev.parley.hub.TeamName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A complete configuration of a nats-server for one team: an account of its own with JetStream, and a user for each host that may do
 * what a host has to do and nothing else.
 *
 * @param team the team
 * @param passwords of each host, whose user is called as the host is
 * @param listen address and port
 * @param storage the directory of its data
 * @param certificate whose TLS is demanded of everybody; empty for none, which is for loopback
 */
public record ServerConfiguration(
        TeamName team,
        Map<HostName, String> passwords,
        String listen,
        String storage,
        Optional<Certificate> certificate) {

    /**
     * What the server shows of itself.
     *
     * @param chain a file in PEM
     * @param key the file of its key
     */
    public record Certificate(String chain, String key) {}

    /** The text of the file. It holds the passwords. */
    public String text() {
        return "# A nats-server for the team " + team + " of Parley. Start it with: nats-server -c FILE\n"
                + "# It holds the password of each host: chmod 600 FILE\n"
                + "\n"
                + "listen: " + quoted(listen) + "\n"
                + certificate
                        .map(shown -> "\ntls {\n"
                                + "  cert_file: " + quoted(shown.chain()) + "\n"
                                + "  key_file: " + quoted(shown.key()) + "\n"
                                + "}\n")
                        .orElse("# Without TLS: for machines that nobody else can listen to.\n")
                + "\n"
                + "jetstream {\n"
                + "  store_dir: " + quoted(storage) + "\n"
                + "  # Without the next line what is acknowledged may be lost in a power cut for up to two minutes. Parley\n"
                + "  # does not rely on it; nats-server 2.9 does not know it, later versions do.\n"
                + "  # sync_interval: always\n"
                + "}\n"
                + "\n"
                + "accounts {\n"
                + "  " + quoted("PARLEY_" + team) + " {\n"
                + "    jetstream: enabled\n"
                + "    users: [\n"
                + passwords.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(host -> user(host.getKey(), host.getValue()))
                        .collect(Collectors.joining())
                + "    ]\n"
                + "  }\n"
                + "}\n";
    }

    private String user(HostName host, String password) {
        return "      {\n"
                + "        user: " + quoted(host.value()) + "\n"
                + "        password: " + quoted(password) + "\n"
                + "        permissions: {\n"
                + "          publish: { allow: [\n"
                + lines(new Names(team).mayPublish(host))
                + "          ] }\n"
                + "          subscribe: { allow: [\n"
                + lines(List.of(Names.maySubscribe(host)))
                + "          ] }\n"
                + "          # A message is acknowledged by an answer to it, and so are its delays. Nobody else's can be.\n"
                + "          allow_responses: { max: 2, expires: \"1m\" }\n"
                + "        }\n"
                + "      }\n";
    }

    private static String lines(List<String> subjects) {
        return subjects.stream()
                .map(subject -> "            " + quoted(subject) + "\n")
                .collect(Collectors.joining());
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
