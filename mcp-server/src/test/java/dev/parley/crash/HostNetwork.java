package dev.parley.crash;

import java.io.IOException;
import java.util.List;

/** How some hosts reach a hub, and how that can be disturbed. Safe for several threads. */
interface HostNetwork extends AutoCloseable {

    /**
     * One for these hosts: namespaces where this process may make them, else relays. The system property
     * {@code parley.referee.network}, which is {@code namespaces} or {@code relays}, decides otherwise.
     */
    static HostNetwork of(List<String> hosts) throws IOException, InterruptedException {
        String wanted =
                System.getProperty("parley.referee.network", Namespaces.arePossible() ? "namespaces" : "relays");
        return switch (wanted) {
            case "namespaces" -> Namespaces.make(hosts);
            case "relays" -> Relays.make(hosts);
            default ->
                throw new IllegalArgumentException("parley.referee.network is namespaces or relays, not " + wanted);
        };
    }

    /** What it is, for the report. */
    String name();

    /** Where the hub listens, as {@code ADDRESS:PORT}. */
    String listen();

    /** How the hub is called on a host. */
    String url(String host);

    /** What runs a command where the hub is; the command follows. */
    List<String> atHub();

    /** What runs a command on a host; the command follows. */
    List<String> at(String host);

    /** From now on nothing gets from a host to the hub, nor back, and nobody is told. */
    void part(String host) throws IOException, InterruptedException;

    /** The reverse. */
    void rejoin(String host) throws IOException, InterruptedException;

    /**
     * Breaks the connections of a host to the hub, whatever they carry.
     *
     * @return how many there were
     */
    int cut(String host) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
