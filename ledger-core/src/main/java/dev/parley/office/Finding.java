package dev.parley.office;

/**
 * One thing in a post office that is not as it should be.
 *
 * @param severity how bad it is
 * @param where where it is, for a person
 * @param what is wrong
 * @param remedy what to do about it
 * @param ofLock whether it is what a process that has ended has left of a lock
 */
public record Finding(Severity severity, String where, String what, String remedy, boolean ofLock) {

    /** How bad a finding is. */
    public enum Severity {
        /** Something cannot be read, delivered or looked up as it is. */
        ERROR,
        /** Nothing is lost, but it is not as it should be, or waits for something to happen. */
        WARNING,
        /** A left-over that {@code parley gc} removes when it is old enough. */
        LITTER
    }
}
