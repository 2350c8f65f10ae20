package dev.parley.overview;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import java.util.Optional;

/**
 * A session on whichever machine. Two of one id are told apart by their machines.
 *
 * @param host its machine; empty if that is this one
 * @param id its id there
 */
public record Who(Optional<HostName> host, SessionId id) {

    /** One of this machine. */
    public static Who here(SessionId id) {
        return new Who(Optional.empty(), id);
    }

    /** Its id, if it is of this machine. */
    public Optional<SessionId> local() {
        return host.isEmpty() ? Optional.of(id) : Optional.empty();
    }

    /** Whether it is that session of this machine. */
    public boolean isHere(SessionId session) {
        return host.isEmpty() && id.equals(session);
    }

    /** The target that means it: its id, of another machine with that behind an {@code @}. */
    public String target() {
        return id + host.map(machine -> "@" + machine).orElse("");
    }
}
