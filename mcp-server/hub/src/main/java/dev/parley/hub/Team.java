package dev.parley.hub;

import dev.parley.address.HostName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a machine is in its team, and what it has in common with the others.
 *
 * @param name what the team is called
 * @param host what this machine is called in it
 * @param incarnation made when it joined: another machine of the same name has another one
 * @param accepted the machines from which mail is taken; empty for all of the team
 * @param projects what is shared: what stands for a project on the hub, and its key on this machine
 */
public record Team(
        String name,
        HostName host,
        String incarnation,
        Optional<Set<HostName>> accepted,
        Map<String, String> projects) {

    /** Copies the sets. */
    public Team {
        accepted = accepted.map(Set::copyOf);
        projects = Map.copyOf(projects);
    }

    /** Whether mail of another machine is taken. */
    boolean accepts(HostName other) {
        return accepted.isEmpty() || accepted.get().contains(other);
    }

    /** What stands on the hub for a project of this machine; empty if it is not shared. */
    Optional<String> token(String project) {
        return projects.entrySet().stream()
                .filter(entry -> entry.getValue().equals(project))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
