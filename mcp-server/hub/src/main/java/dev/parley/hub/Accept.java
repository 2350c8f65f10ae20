package dev.parley.hub;

import dev.parley.address.HostName;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * From which hosts of the team mail is taken.
 *
 * @param only these, of which there may be none; empty: all
 */
public record Accept(Optional<SortedSet<HostName>> only) {

    /** All hosts of the team. */
    public static final Accept ALL = new Accept(Optional.empty());

    /** No host. */
    public static final Accept NONE = new Accept(Optional.of(new TreeSet<>()));

    /** Makes a copy. */
    public Accept {
        only = only.map(TreeSet::new);
    }

    /**
     * What a person wrote: {@code all}, {@code none}, or names of hosts with commas or spaces between them.
     *
     * @throws IllegalArgumentException if it is none of that
     */
    public static Accept parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        if (text.equals("none")) {
            return NONE;
        }
        SortedSet<HostName> hosts = new TreeSet<>();
        for (String name : text.strip().split("\\s*,\\s*|\\s+", -1)) {
            hosts.add(new HostName(name));
        }
        return new Accept(Optional.of(hosts));
    }

    /** Whether mail of a host is taken. */
    public boolean accepts(HostName host) {
        return only.isEmpty() || only.get().contains(host);
    }

    @Override
    public String toString() {
        return only.map(hosts -> hosts.isEmpty()
                        ? "none"
                        : String.join(" ", hosts.stream().map(HostName::value).toList()))
                .orElse("all");
    }
}
