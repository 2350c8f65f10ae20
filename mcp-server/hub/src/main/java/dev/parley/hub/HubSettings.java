package dev.parley.hub;

import dev.parley.remote.SharedProject;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the file {@code hub} of a store tells. Immutable.
 *
 * @param membership which machine of which team this is
 * @param incarnation made when the store joined: two stores with one host's name have two of them. 16 characters of {@code 0-9a-z}
 * @param accept from which hosts mail is taken
 * @param shared the projects that the team sees, each with the directory that stands for it: the real path of its common git directory
 */
public record HubSettings(Membership membership, String incarnation, Accept accept, Map<SharedProject, String> shared) {

    /** Makes a copy. */
    public HubSettings {
        shared = Collections.unmodifiableMap(sorted(shared));
    }

    private static Map<SharedProject, String> sorted(Map<SharedProject, String> projects) {
        Map<SharedProject, String> sorted = new TreeMap<>(Comparator.comparing(SharedProject::identity));
        sorted.putAll(projects);
        return sorted;
    }

    /** The same, with a project shared in the name of a directory; it replaces another directory of that project. */
    public HubSettings with(SharedProject project, String directory) {
        Map<SharedProject, String> more = sorted(shared);
        more.put(project, directory);
        return new HubSettings(membership, incarnation, accept, more);
    }

    /** The same, without a project. */
    public HubSettings without(SharedProject project) {
        Map<SharedProject, String> fewer = sorted(shared);
        fewer.remove(project);
        return new HubSettings(membership, incarnation, accept, fewer);
    }

    /** As which project a directory is shared; empty if it is not. */
    public Optional<SharedProject> sharedAs(String directory) {
        return shared.entrySet().stream()
                .filter(entry -> entry.getValue().equals(directory))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
