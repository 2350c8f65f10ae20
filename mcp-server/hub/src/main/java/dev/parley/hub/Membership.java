package dev.parley.hub;

import dev.parley.address.HostName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which machine of which team this is, and how it reaches the hub.
 *
 * @param team whose stream it uses
 * @param host this machine
 * @param login who it is towards the hub
 * @param authority a file of certificates, in PEM, of which one has to have signed the hub's; empty for those that Java knows
 * @param isInsecure whether it may do without TLS although the hub is on another machine
 */
public record Membership(
        HubAddress address, TeamName team, HostName host, Login login, Optional<Path> authority, boolean isInsecure) {

    /** Whether nothing is sent but under TLS. */
    public boolean needsTls() {
        return address.isTls() || (!address.isLoopback() && !isInsecure);
    }
}
