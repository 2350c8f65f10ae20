package dev.parley.setup;

/** For whom Parley is set up. */
public enum Scope {
    /** For this user, in every project. */
    USER,
    /** For whoever works in this project, in files that belong to it. */
    PROJECT
}
