package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.hub.TeamName;
import dev.parley.hub.nats.ServerConfiguration;
import dev.parley.hub.nats.ServerConfiguration.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
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
     * @param into where a file with the password of each host is put, mode 0600
     * @throws IllegalArgumentException if a name is none; the message says which
     * @throws IOException if such a file is there already, or cannot be made
     */
    static String text(
            String team,
            List<String> hosts,
            String listen,
            String directory,
            Optional<String> certificate,
            Optional<String> key,
            Optional<Path> into)
            throws IOException {
        Map<HostName, String> passwords = new TreeMap<>();
        for (String host : hosts) {
            passwords.put(new HostName(host), Ids.random() + Ids.random());
        }
        if ((listen + directory + certificate.orElse("") + key.orElse(""))
                .chars()
                .anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("a path and an address have no control characters");
        }
        String text = new ServerConfiguration(
                        new TeamName(team),
                        passwords,
                        listen,
                        directory,
                        certificate.map(chain -> new Certificate(chain, key.orElse(""))))
                .text();
        if (into.isPresent()) {
            write(passwords, into.get());
        }
        return text;
    }

    private static void write(Map<HostName, String> passwords, Path directory) throws IOException {
        for (HostName host : passwords.keySet()) {
            if (Files.exists(file(directory, host))) {
                throw new IOException(
                        file(directory, host)
                                + " is there already, perhaps with a password that is in use; move it away. Nothing was written");
            }
        }
        FileAttribute<?> owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        for (Map.Entry<HostName, String> each : passwords.entrySet()) {
            Path file = Files.createFile(file(directory, each.getKey()), owner);
            Files.writeString(file, each.getValue() + "\n");
        }
    }

    private static Path file(Path directory, HostName host) {
        return directory.resolve(host + ".password");
    }
}
