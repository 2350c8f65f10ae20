package dev.parley.hub;

import java.util.Optional;

/** Tells what this machine is in its team at this moment: a project may be shared, and a team left, at any time. */
@FunctionalInterface
public interface TeamSource {

    /** What it is; empty if it belongs to no team, or that cannot be told. */
    Optional<Team> now();
}
