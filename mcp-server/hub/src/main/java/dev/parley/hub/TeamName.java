package dev.parley.hub;

import dev.parley.address.HostName;

/**
 * The name of a team: the machines that share a hub's stream. It is a part of the stream's name, and one token of a subject.
 *
 * @param value {@code [a-z0-9][a-z0-9-]{0,31}}
 */
public record TeamName(String value) {

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is no name of a team
     */
    public TeamName {
        if (!HostName.isValid(value)) {
            throw new IllegalArgumentException(
                    "the name of a team has 1 to 32 characters of a-z, 0-9 and '-', and begins with none of the last");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
