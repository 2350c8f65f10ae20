package dev.parley.office;

import dev.parley.address.HostName;

/** Whether the sessions of a project reach those on other machines, and if not, why. */
public sealed interface Reach {

    /**
     * They do.
     *
     * @param team the team that sees the project
     * @param host what this machine is called in it
     */
    record Shared(String team, HostName host) implements Reach {}

    /**
     * They stay on this machine.
     *
     * @param reason why, and what to do
     */
    record Local(String reason) implements Reach {}
}
